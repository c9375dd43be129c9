import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import { unclesOf } from './difficulty.ts'

/** An uncle's parent is an ancestor of two to seven generations (Ethereum, yellow paper). */
export const uncleGenerations = 7

/** Blocks that a miner looks through for uncles, the latest ones. */
const searchMax = 64

/** Whether a block may be named by the next block on a head. */
function suits(blocks: BlockStore, head: BlockId, uncle: BlockId): boolean {
  const height = blocks.height(uncle)
  const depth = blocks.height(head) + 1 - height
  if (height < 1 || depth < 1 || depth >= uncleGenerations) return false
  if (blocks.ancestorAt(head, height) === uncle) return false
  if (blocks.ancestorAt(head, height - 1) !== blocks.parent(uncle)) return false
  let block = head
  for (let back = 0; back < uncleGenerations && block !== genesis; back++) {
    if (unclesOf(blocks, block).includes(uncle)) return false
    block = blocks.parent(block)
  }
  return true
}

/** The uncles that the next block on a head can name, oldest first. */
export function findUncles(
  blocks: BlockStore,
  head: BlockId,
  most: number,
  isKnown: (block: BlockId) => boolean,
): BlockId[] {
  const found: BlockId[] = []
  const size = blocks.size()
  for (let block = Math.max(1, size - searchMax); block < size && found.length < most; block++) {
    if (isKnown(block) && suits(blocks, head, block)) found.push(block)
  }
  return found
}

/** Whether a block names only what it may name, each once. */
export function areUnclesValid(blocks: BlockStore, block: BlockId): boolean {
  const uncles = unclesOf(blocks, block)
  const parent = blocks.parent(block)
  return uncles.every((uncle, k) => uncles.indexOf(uncle) === k && suits(blocks, parent, uncle))
}
