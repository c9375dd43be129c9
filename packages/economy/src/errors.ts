import { BaseError } from '@counterpoise/engine'

/** Shares that cannot be measured: a negative or infinite one, or none above 0. */
export class SharesError extends BaseError {
  override name = 'SharesError' as const

  constructor(expected: string, found: unknown) {
    super(`A measure of distribution expects ${expected}.`, {
      metaMessages: [`Found: ${String(found)}`],
    })
  }
}

/** An energy figure that cannot be computed from what was given. */
export class EnergyError extends BaseError {
  override name = 'EnergyError' as const

  constructor(expected: string, found: unknown) {
    super(`A measure of energy expects ${expected}.`, { metaMessages: [`Found: ${String(found)}`] })
  }
}

/** Votes or rules of an association that cannot be. */
export class AssociationError extends BaseError {
  override name = 'AssociationError' as const

  constructor(what: string, expected: string, found: unknown) {
    super(`The ${what} must be ${expected}.`, { metaMessages: [`Found: ${String(found)}`] })
  }
}
