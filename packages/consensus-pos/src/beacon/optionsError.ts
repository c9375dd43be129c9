import { BaseError } from '@counterpoise/engine'

/** Options that cannot be: where, and what was expected. */
export class BeaconOptionsError extends BaseError {
  override name = 'BeaconOptionsError' as const
  path: string
  expected: string
  found: string

  constructor(path: string, expected: string, found: unknown) {
    super(`${path}: expected ${expected}, found ${String(found)}.`, {
      docsPath: 'proof-of-stake.md#options',
    })
    this.path = path
    this.expected = expected
    this.found = String(found)
  }
}

/** Shares of a whole. @throws BeaconOptionsError where they do not sum to 1. */
export function checkShares(path: string, shares: readonly number[]): void {
  const sum = shares.reduce((total, share) => total + share, 0)
  if (Math.abs(sum - 1) <= 1e-6 && shares.every((share) => share >= 0)) return
  throw new BeaconOptionsError(path, 'shares of at least 0 that sum to 1', sum)
}
