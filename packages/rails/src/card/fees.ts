import type { MicroUsd } from '@counterpoise/ledger'

/** A share of the amount and a fixed part. */
export type CardFee = {
  /** Hundredths of a percent of the amount; counted to a hundredth of a basis point. */
  basisPoints: number
  /** Per payment. */
  fixed: MicroUsd
}

const million = 1_000_000

/**
 * A fee in whole µ$, rounded up, and never more than the amount itself.
 *
 * The amount is split into dollars and the rest, so that every step is exact in integers.
 */
export function cardFee({ basisPoints, fixed }: CardFee, amount: MicroUsd): MicroUsd {
  const partsPerMillion = Math.round(basisPoints * 100)
  const rest = amount % million
  const dollars = (amount - rest) / million
  const share = dollars * partsPerMillion + Math.ceil((rest * partsPerMillion) / million)
  return Math.min(amount, share + fixed)
}
