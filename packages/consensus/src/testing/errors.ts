import { BaseError } from '@counterpoise/engine'

/** A model breaks a promise of the contract. */
export class ConformanceError extends BaseError {
  override name = 'ConformanceError' as const

  constructor(shortMessage: string, found: readonly string[] = []) {
    super(shortMessage, {
      docsPath: 'adding-a-consensus-model.md#running-the-conformance-suite',
      metaMessages: found,
    })
  }
}
