import { BaseError } from '@counterpoise/engine'

/** A card network that cannot be built, or a payment that it cannot take. */
export class CardRailError extends BaseError {
  override name = 'CardRailError' as const
}
