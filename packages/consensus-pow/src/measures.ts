import type { BlockId, BlockStore } from '@counterpoise/ledger'

/**
 * The stale share of a block tree: blocks that are not in the chain that ends in `head`, over all
 * blocks made, the genesis block left out; 0 where there are none.
 */
export function staleShareOf(blocks: BlockStore, head: BlockId): number {
  const made = blocks.size() - 1
  return made === 0 ? 0 : (made - blocks.height(head)) / made
}

/**
 * The depth of a reorganisation: how many blocks leave the chain when a node turns from one head to
 * another. 0 where the chain only grows.
 */
export function reorganisationDepth(blocks: BlockStore, previous: BlockId, head: BlockId): number {
  return blocks.height(previous) - blocks.height(blocks.commonAncestor(previous, head))
}

/** How many blocks of the chain that ends in `head` each of `members` members has found. */
export function chainBlocksByMiner(
  blocks: BlockStore,
  head: BlockId,
  members: number,
): Int32Array {
  const counts = new Int32Array(members)
  for (let block = head; blocks.height(block) > 0; block = blocks.parent(block)) {
    const miner = blocks.proposer(block)
    counts[miner] = counts[miner]! + 1
  }
  return counts
}
