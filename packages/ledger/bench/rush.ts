import { createStream, lognormal } from '@counterpoise/engine'
import {
  type BaseFeeRule,
  createBlockStore,
  createChainState,
  createMempool,
} from '../src/index.ts'

/** A rush of payments onto a chain. */
export type Rush = {
  payments: number
  paymentsPerSecond: number
  secondsPerBlock: number
  unitsLimit: number
  unitsPerPayment: number
  /** How many payments the pool holds. */
  capacity: number
  baseFee: BaseFeeRule
  /** Caps: this many times the next base fee (or 1 where there is none), spread lognormally. */
  headroom: number
  sigma: number
}

/** How it ended; whatever is neither evicted nor refused nor in a block waits. */
export type RushEnd = {
  inBlocks: number
  evicted: number
  refused: number
  waiting: number
  baseFee: number
}

/** Prices drawn beforehand, so that drawing them is not what is measured. */
const spread = (count: number, sigma: number): Float64Array => {
  const stream = createStream({ seed: 'rush', replication: 0, purpose: 'caps' })
  return Float64Array.from({ length: count }, () => lognormal(stream, 1, sigma))
}

/** Offers the payments, asks for an estimate before each as a wallet does, and makes blocks. */
export function createRush(rush: Rush): () => RushEnd {
  const { unitsLimit, unitsPerPayment, headroom, secondsPerBlock, paymentsPerSecond } = rush
  const factors = spread(rush.payments, rush.sigma)
  return () => {
    const end: RushEnd = { inBlocks: 0, evicted: 0, refused: 0, waiting: 0, baseFee: 0 }
    const blocks = createBlockStore()
    const mempool = createMempool({
      capacityUnits: rush.capacity * unitsPerPayment,
      minimumPrice: 0.1,
      onEvicted: () => end.evicted++,
    })
    const state = createChainState({
      blocks,
      mempool,
      baseFeeRule: rush.baseFee,
      unitsLimit,
      bytesLimit: 1e9,
      bytesPerPayment: 200,
    })
    const perBlock = paymentsPerSecond * secondsPerBlock
    let head = 0
    for (let payment = 0; payment < rush.payments; payment++) {
      if (payment > 0 && payment % perBlock === 0) {
        head = state.build(head, { proposer: 0, time: 0, round: 0 })
        end.inBlocks += blocks.paymentCount(head)
      }
      const base = state.nextBaseFee(head)
      const estimate = base > 0 ? base : mempool.priceAtDepth(3 * unitsLimit)
      const cap = estimate * headroom * factors[payment]!
      const tip = base > 0 ? base * 0.1 * factors[(payment * 7) % rush.payments]! : cap
      if (mempool.offer(payment, { cap, tip }, unitsPerPayment) !== 'added') end.refused++
    }
    end.waiting = mempool.size()
    end.baseFee = state.nextBaseFee(head)
    return end
  }
}
