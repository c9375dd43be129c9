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
  let holders = new Uint32Array(64 * words)
  return {
    has: (block, node) => {
      if (block === genesis) return true
      const at = block * words + (node >> 5)
      return at < holders.length && ((holders[at]! >>> (node & 31)) & 1) === 1
    },
    add: (block, node) => {
      const at = block * words + (node >> 5)
      if (at >= holders.length) {
        const wider = new Uint32Array(Math.max((block + 1) * words, holders.length * 2))
        wider.set(holders)
        holders = wider
      }
      holders[at] = holders[at]! | (1 << (node & 31))
    },
  }
}
