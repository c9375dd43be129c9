import { createPriceLevels } from '../priceLevels.ts'
import { type TransactionId, type Transactions, widened } from './transactions.ts'

/** How much weight stands at which feerate, while feerates of packages change. */
export type Depth = {
  /** Puts a transaction at a feerate, or moves it there, sat/WU. */
  put: (id: TransactionId, rate: number) => void
  remove: (id: TransactionId) => void
  rateAt: (weight: number) => number | undefined
}

/** Makes an empty depth. */
export function createDepth(table: Transactions): Depth {
  const levels = createPriceLevels()
  /** One more than the level of a transaction; 0 where it has none. */
  let levelOf = new Int32Array(1024)

  const remove = (id: TransactionId): void => {
    if (id >= levelOf.length || levelOf[id] === 0) return
    levels.add(levelOf[id]! - 1, -table.weight(id))
    levelOf[id] = 0
  }

  return {
    put: (id, rate) => {
      while (id >= levelOf.length) levelOf = widened(levelOf, new Int32Array(levelOf.length * 2))
      const level = levels.levelOf(rate) + 1
      if (levelOf[id] === level) return
      remove(id)
      levels.add(level - 1, table.weight(id))
      levelOf[id] = level
    },
    remove,
    rateAt: levels.priceAtDepth,
  }
}
