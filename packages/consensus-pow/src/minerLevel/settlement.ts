import { type RecentBlocks, root } from './recentBlocks.ts'
import type { Tally } from './tally.ts'

/** Settled blocks are kept for as many levels as this part of the ring, for reorganisations. */
const keptPart = 4
const alive = 1

/** Decides which blocks are in the chain for good, and counts them. */
export type Settlement = {
  /** The height up to which the chain is settled; all miners know a block at least that high. */
  height: () => number
  /** The block of the chain at that height. */
  settled: () => number
  /**
   * Settles what can be settled now, and makes room in the ring.
   *
   * @param lowest What each miner has heard of by now is at least this heavy.
   * @param held Blocks that may be built upon besides the ones at least so heavy.
   */
  settle: (lowest: number, held: readonly number[]) => void
  /** Ends the run: the chain ends in this block. */
  finish: (head: number) => void
}

/** `side` is 1 for miners whose reorganisations do not count: they know what they do. */
export function createSettlement(
  blocks: RecentBlocks,
  tally: Tally,
  side: Uint8Array,
): Settlement {
  let settled = root
  let settledHeight = 0
  /** The block of the settled level that each miner heard of first. */
  const seen = new Int32Array(blocks.miners).fill(root)
  let isContested = false
  const chain: number[] = []

  /** What the miners whose head was one block gave up for another one of the next level. */
  const countReorganisations = (height: number): void => {
    for (let miner = 0; miner < blocks.miners; miner++) {
      const previous = seen[miner]!
      const next = blocks.firstAt(height, miner)
      if (next < 0) continue
      seen[miner] = next
      const { parents, heights, mask } = blocks
      if (parents[next & mask] === previous || side[miner] === 1) continue
      const ancestor = blocks.commonAncestor(previous, next)
      const from = ancestor < 0 ? blocks.lowestHeight : heights[ancestor & mask]!
      tally.reorganise(heights[previous & mask]! - from)
    }
  }

  /** Counts the blocks of a level, of which one is in the chain. */
  const countLevel = (height: number, main: number): void => {
    const { mask, finders, released, older } = blocks
    let block = blocks.newestAt[height & mask]!
    for (; block >= 0; block = older[block & mask]!) {
      const slot = block & mask
      if (block === main) tally.include(finders[slot]!, blocks.created[slot]!)
      else tally.orphan(finders[slot]!, released[slot] === Number.POSITIVE_INFINITY)
    }
  }

  const settleUpTo = (head: number): void => {
    const { mask, parents, countAt } = blocks
    chain.length = 0
    for (let block = head; block !== settled; block = parents[block & mask]!) chain.push(block)
    while (chain.length > 0) {
      const block = chain.pop()!
      const height = ++settledHeight
      countLevel(height, block)
      const wasContested = isContested
      isContested = countAt[height & mask]! > 1
      if (isContested || wasContested) countReorganisations(height)
      else if (chain.length === 0 || countAt[(height + 1) & mask]! > 1) seen.fill(block)
    }
    settled = head
  }

  /** The highest block that all blocks stand on that may still be built upon. */
  const lastShared = (lowest: number, held: readonly number[]): number => {
    const { mask, marks, works, parents, heights, newestAt, older } = blocks
    // Somebody is no further than the settled block, and may build upon it yet.
    if (works[settled & mask]! >= lowest) return settled
    let lowestHeight = blocks.topHeight
    for (let height = blocks.topHeight; height > settledHeight; height--) {
      for (let b = newestAt[height & mask]!; b >= 0; b = older[b & mask]!) {
        const slot = b & mask
        if (works[slot]! < lowest) continue
        marks[slot]! |= alive
        lowestHeight = height
      }
    }
    for (const block of held) {
      marks[block & mask]! |= alive
      lowestHeight = Math.min(lowestHeight, heights[block & mask]!)
    }
    let shared = settled
    for (let height = blocks.topHeight; height > settledHeight; height--) {
      let [count, last] = [0, settled]
      for (let b = newestAt[height & mask]!; b >= 0; b = older[b & mask]!) {
        const slot = b & mask
        if ((marks[slot]! & alive) === 0) continue
        marks[slot]! &= ~alive
        count++
        last = b
        if (shared === settled) marks[parents[slot]! & mask]! |= alive
      }
      if (count === 1 && height <= lowestHeight && shared === settled) shared = last
    }
    marks[settled & mask]! &= ~alive
    return shared
  }

  return {
    height: () => settledHeight,
    settled: () => settled,
    settle: (lowest, held) => {
      settleUpTo(lastShared(lowest, held))
      blocks.makeRoom(settledHeight - Math.floor(blocks.capacity / keptPart))
    },
    finish: (head) => {
      settleUpTo(head)
    },
  }
}
