import { BaseError } from '@counterpoise/engine'
import type { BaseFeeRule } from '../baseFee.ts'

/** A caller's mistake or a refused Tempo transaction: what was expected and what was found. */
export class TempoError extends BaseError {
  override name = 'TempoError' as const
  reason: string

  constructor(reason: string, expected: string, found: unknown) {
    super(`${reason}: expected ${expected}, found ${String(found)}.`)
    this.reason = reason
  }
}

/** Hard forks that change what is modelled here. Source: tempoxyz/tempo d656ef5, release notes. */
export const tempoForks = ['T4', 'T7', 'T8', 'T11', 'T12'] as const
export type TempoFork = (typeof tempoForks)[number]

/** Rules of one fork; fees in attodollars (1e-18 USD) per gas, windows in seconds. */
export type TempoRules = {
  baseFee: BaseFeeRule
  /** TIP-1000 credits for cleared slots, since T7. */
  storageCredits: boolean
  expiringWindowSeconds: number
  expiringRingEntries: number
}

const fixed = 20_000_000_000
const fixedFee = {
  initial: fixed,
  gasTarget: 10_000_000,
  changeDenominator: 8,
  minimum: fixed,
  maximum: fixed,
}
/** TIP-1067, seeded at the cap. */
const dynamicFee = {
  ...fixedFee,
  initial: 12_000_000_000,
  minimum: 600_000_000,
  maximum: 12_000_000_000,
}

/** @throws TempoError at a name that is no fork of `tempoForks`. */
export function tempoRules(fork: string): TempoRules {
  const index = tempoForks.findIndex((name) => name === fork)
  if (index < 0) throw new TempoError('unknown fork', tempoForks.join(' | '), fork)
  const since = (name: TempoFork): boolean => index >= tempoForks.indexOf(name)
  return {
    baseFee: since('T7') ? dynamicFee : fixedFee,
    storageCredits: since('T7'),
    expiringWindowSeconds: since('T11') ? 300 : 30,
    expiringRingEntries: since('T11') ? 3_000_000 : 300_000,
  }
}

/** Fee in millionths of a dollar: ⌈price · gas ÷ 10¹²⌉; price in attodollars per gas. */
export const tempoFee = (price: bigint, gas: bigint): bigint => {
  if (price < 0n || gas < 0n) throw new TempoError('fee', 'at least 0', `${price} · ${gas}`)
  return (price * gas + 999_999_999_999n) / 1_000_000_000_000n
}
