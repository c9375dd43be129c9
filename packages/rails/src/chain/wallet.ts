import { createSampler, type Distribution, exp, type Stream } from '@counterpoise/engine'
import type { Bid, Mempool } from '@counterpoise/ledger'

/** How the payers of a chain decide what to bid. Prices are in the chain's unit per gas or weight. */
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
  mempool: Mempool
  unitsLimit: number
  minimumPrice: number
  unitsPerPayment: number
  /** Millionths of a dollar per native unit of price times gas or weight. */
  microUsdPerUnit: number
  nextBaseFee: () => number
}

/** Decides bids; every payment draws the same numbers whatever the state of the chain. */
export type Wallet = {
  bid: (tips: Stream, budgets: Stream) => Bid
  /** The price per unit that a typical payer expects to pay now. */
  typicalPrice: () => number
}

/** Makes the payers' wallet software of a chain. */
export function createWallet(options: WalletOptions, context: WalletContext): Wallet {
  const { strategy, targetBlocks, headroom, budgetUsd } = options
  const { mempool, unitsLimit, minimumPrice, unitsPerPayment, microUsdPerUnit } = context
  const drawTip = createSampler(options.tip)
  const drawBudget = createSampler({ kind: 'lognormal', ...budgetUsd })
  const priceOfUsd = 1_000_000 / (microUsdPerUnit * unitsPerPayment)

  const estimate = (): number =>
    Math.max(minimumPrice, mempool.priceAtDepth(targetBlocks * unitsLimit))

  return {
    bid: (tips, budgets) => {
      const tip = Math.max(0, drawTip(tips))
      const budget = drawBudget(budgets) * priceOfUsd
      if (strategy === 'mempool depth') {
        const price = Math.min(budget, Math.max(minimumPrice, estimate() * tip))
        return { cap: price, tip: price }
      }
      return { cap: Math.min(budget, context.nextBaseFee() * headroom + tip), tip }
    },
    typicalPrice: () =>
      strategy === 'mempool depth'
        ? estimate() * typical(options.tip)
        : context.nextBaseFee() + typical(options.tip),
  }
}

/** The median, or the mean where that is what the distribution is given by. */
function typical(distribution: Distribution): number {
  if (distribution.kind === 'constant') return distribution.value
  if (distribution.kind === 'uniform') return (distribution.low + distribution.high) / 2
  if (distribution.kind === 'lognormal') return distribution.median
  if (distribution.kind === 'pareto') return distribution.scale * exp(ln2 / distribution.shape)
  return distribution.mean
}

const ln2 = 0.6931471805599453
