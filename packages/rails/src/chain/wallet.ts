import { createSampler, type Distribution, exp, meanOf, type Stream } from '@counterpoise/engine'
import type { Bid, Mempool } from '@counterpoise/ledger'

/** How the payers of a chain decide what to bid; prices in the chain's unit per gas or weight. */
export type WalletOptions = {
  /**
   * `mempool depth`: bid what stands as many blocks deep in the pool as the payer will wait (a
   * feerate market); `base fee`: the next base fee with headroom, and a tip.
   */
  strategy: 'mempool depth' | 'base fee'
  /** Under `mempool depth`: how many blocks a payer is ready to wait. */
  targetBlocks: number
  /** Under `base fee`: the cap is this many times the base fee, plus the tip. */
  headroom: number
  /** What a payer leaves to the producer; under `mempool depth`, a factor on the estimate. */
  tip: Distribution
  /** The most that a payer gives for a payment in all, US dollars. */
  budgetUsd: { median: number; sigma: number }
}

export type WalletContext = {
  mempool: Pick<Mempool, 'priceAtDepth'>
  /** Units that a full block holds. */
  unitsLimit: number
  minimumPrice: number
  unitsPerPayment: number
  /** Millionths of a dollar per native unit of price times gas or weight. */
  microUsdPerUnit: number
}

/** Decides bids; every payment draws the same numbers whatever the state of the chain. */
export type Wallet = {
  bid: (nextBaseFee: number, tips: Stream, budgets: Stream) => Bid
  /** What a payer of typical tips and an ample budget would bid now. */
  typicalBid: (nextBaseFee: number) => Bid
}

/** Makes the payers' wallet software of a chain. */
export function createWallet(options: WalletOptions, context: WalletContext): Wallet {
  const { strategy, targetBlocks, headroom, budgetUsd } = options
  const { mempool, unitsLimit, minimumPrice, unitsPerPayment, microUsdPerUnit } = context
  const drawTip = createSampler(options.tip)
  const drawBudget = createSampler({ kind: 'lognormal', ...budgetUsd })
  const priceOfUsd = 1_000_000 / (microUsdPerUnit * unitsPerPayment)

  const bidOf = (nextBaseFee: number, tip: number, budget: number): Bid => {
    if (strategy === 'base fee') {
      return { cap: Math.min(budget, nextBaseFee * headroom + tip), tip }
    }
    const estimate = Math.max(minimumPrice, mempool.priceAtDepth(targetBlocks * unitsLimit))
    const price = Math.min(budget, Math.max(minimumPrice, estimate * tip))
    return { cap: price, tip: price }
  }
  const typicalTip = typical(options.tip)

  return {
    bid: (nextBaseFee, tips, budgets) =>
      bidOf(nextBaseFee, Math.max(0, drawTip(tips)), drawBudget(budgets) * priceOfUsd),
    typicalBid: (nextBaseFee) => bidOf(nextBaseFee, typicalTip, Number.POSITIVE_INFINITY),
  }
}

/** The median, or the mean where that is what the distribution is given by. */
function typical(distribution: Distribution): number {
  if (distribution.kind === 'constant') return distribution.value
  if (distribution.kind === 'uniform') return (distribution.low + distribution.high) / 2
  if (distribution.kind === 'lognormal') return distribution.median
  if (distribution.kind === 'pareto') return distribution.scale * exp(ln2 / distribution.shape)
  return meanOf(distribution)
}

const ln2 = 0.6931471805599453
