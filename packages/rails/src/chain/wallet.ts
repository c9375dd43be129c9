import {
  createSampler,
  type Distribution,
  exp,
  meanOf,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import type { Bid } from '@counterpoise/ledger'

/** How the payers of a chain decide what to bid; prices in the chain's unit per gas or weight. */
export type WalletOptions = {
  /**
   * `mempool depth`: bid what stands as many blocks deep in the pool as the payer will wait (a
   * feerate market); `base fee`: the next base fee with headroom, and a tip; `bitcoin estimate`:
   * what Bitcoin Core would say from how long transactions took, or `mempool depth` while it has
   * seen too few blocks.
   */
  strategy: 'mempool depth' | 'base fee' | 'bitcoin estimate'
  /** Under `mempool depth` and `bitcoin estimate`: how many blocks a payer is ready to wait. */
  targetBlocks: number
  /** Under `base fee`: the cap is this many times the base fee, plus the tip. */
  headroom: number
  /** What a payer leaves to the producer; under the others, a factor on the estimate. */
  tip: Distribution
  /** The most that a payer gives for a payment in all, US dollars. */
  budgetUsd: { median: number; sigma: number }
  /** Payers who raise the fee of a payment that waits; needs pools by Bitcoin's rules. */
  bump?: BumpOptions | undefined
  /** Payers who try to take a payment back; needs pools by Bitcoin's rules. */
  doubleSpend?: DoubleSpendOptions | undefined
}

/** A payer raises the fee of a payment (BIP 125) that has waited, as far as its budget allows. */
export type BumpOptions = {
  /** How long it waits first, and before the next time, µs. */
  after: Time
  /** By how much the price rises at least; more where the estimate has risen by more. */
  factor: number
  /** How often at most. */
  max: number
}

/** A payer sends the coins of a payment back to itself, with a higher fee, before it is mined. */
export type DoubleSpendOptions = {
  /** Which share of payments. */
  share: number
  /** How long after the payment, µs. */
  after: Time
  /** How many times the fee of the payment. */
  factor: number
}

export type WalletContext = {
  /** What a node sees of the market: the price at a depth, and an estimate where it has one. */
  market: {
    priceAtDepth: (units: number, node: number) => number
    estimate: (targetBlocks: number, node: number) => number | undefined
  }
  /** Units that a full block holds. */
  unitsLimit: number
  minimumPrice: number
  unitsPerPayment: number
  /** Millionths of a dollar per native unit of price times gas or weight. */
  microUsdPerUnit: number
}

/** From where a payer looks at the market. */
export type MarketView = {
  /** The base fee of the next block, as its access node sees it. */
  nextBaseFee: number
  /** The number of its access node. */
  node: number
}

/** Decides bids; every payment draws the same numbers whatever the state of the chain. */
export type Wallet = {
  bid: (view: MarketView, tips: Stream, budgets: Stream) => Bid & {
    /** The most that the payer gives per unit. */
    most: number
  }
  /** What a payer of typical tips and an ample budget would bid now. */
  typicalBid: (view: MarketView) => Bid
  /** The price that a payer who waits would bid now, without a tip. */
  estimate: (node: number) => number
}

/** Makes the payers' wallet software of a chain. */
export function createWallet(options: WalletOptions, context: WalletContext): Wallet {
  const { strategy, targetBlocks, headroom, budgetUsd } = options
  const { market, unitsLimit, minimumPrice, unitsPerPayment, microUsdPerUnit } = context
  const drawTip = createSampler(options.tip)
  const drawBudget = createSampler({ kind: 'lognormal', ...budgetUsd })
  const priceOfUsd = 1_000_000 / (microUsdPerUnit * unitsPerPayment)

  const estimate = (node: number): number => {
    const known =
      strategy === 'bitcoin estimate' ? market.estimate(targetBlocks, node) : undefined
    return Math.max(minimumPrice, known ?? market.priceAtDepth(targetBlocks * unitsLimit, node))
  }
  const bidOf = ({ nextBaseFee, node }: MarketView, tip: number, budget: number): Bid => {
    if (strategy === 'base fee') {
      return { cap: Math.min(budget, nextBaseFee * headroom + tip), tip }
    }
    const price = Math.min(budget, Math.max(minimumPrice, estimate(node) * tip))
    return { cap: price, tip: price }
  }
  const typicalTip = typical(options.tip)

  return {
    bid: (view, tips, budgets) => {
      const tip = Math.max(0, drawTip(tips))
      const most = drawBudget(budgets) * priceOfUsd
      const bid = bidOf(view, tip, most)
      return { cap: bid.cap, tip: bid.tip, most }
    },
    typicalBid: (view) => bidOf(view, typicalTip, Number.POSITIVE_INFINITY),
    estimate,
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
