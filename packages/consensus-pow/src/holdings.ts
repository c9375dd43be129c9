import { type BlockId, genesis } from '@counterpoise/ledger'

/** Which nodes have which blocks: a bit for each. */
export type Holdings = {
  has: (block: BlockId, node: number) => boolean
  add: (block: BlockId, node: number) => void
}

/** Everybody has the genesis block, and no other. */
export function createHoldings(size: number): Holdings {
  const words = (size + 31) >> 5
  /** By block, a bit for each node. */
  const holders: (Uint32Array | undefined)[] = []
  return {
    has: (block, node) => {
      if (block === genesis) return true
      const column = holders[block]
      return column !== undefined && ((column[node >> 5]! >>> (node & 31)) & 1) === 1
    },
    add: (block, node) => {
      const column = (holders[block] ??= new Uint32Array(words))
      column[node >> 5] = column[node >> 5]! | (1 << (node & 31))
    },
  }
}
