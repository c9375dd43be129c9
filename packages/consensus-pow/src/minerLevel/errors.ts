import { BaseError } from '@counterpoise/engine'

/** Options of the miner level, or of an attack on it, that cannot be. */
export class MinerLevelError extends BaseError {
  override name = 'MinerLevelError' as const

  constructor(shortMessage: string, metaMessages: readonly string[] = []) {
    super(shortMessage, { docsPath: 'proof-of-work-attacks.md#parameters', metaMessages })
  }
}
