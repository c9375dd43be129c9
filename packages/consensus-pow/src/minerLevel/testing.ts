import type { MinerLevelTree } from './result.ts'

/** What a run comes to, found the long way. */
export type ReferenceResult = {
  /** By block: what its finder followed when it found it. */
  parents: number[]
  chainBlocks: number
  stale: number
  reorganisations: number[]
}

/** Bitcoin's retarget: blocks of a period, µs of the target interval, and the largest factor. */
export type RetargetByHand = { interval: number; target: number; clamp: number }

/**
 * Plays who found what when once more, block by block and miner by miner, with every arrival as
 * an event of its own; for tests. `delay` is µs from a miner to another one. Without a retarget
 * each block is worth as much.
 */
export function replayByHand(
  { finders, times }: Pick<MinerLevelTree, 'finders' | 'times'>,
  miners: number,
  delay: (from: number, to: number) => number,
  retarget?: RetargetByHand,
): ReferenceResult {
  type Event = { time: number; block: number; miner: number; isFind: boolean }
  const parents = [-1]
  const heights = [0]
  const works = [0]
  /** The difficulty of what stands on a block. */
  const difficulties = [1]
  const heads = Array.from({ length: miners }, () => 0)
  const depths: number[] = []
  const follow = (miner: number, block: number): void => {
    const previous = heads[miner]!
    if (works[block]! <= works[previous]!) return
    heads[miner] = block
    // Goes down on both sides until they meet.
    let [old, fresh] = [previous, block]
    while (old !== fresh) {
      if (heights[fresh]! > heights[old]!) fresh = parents[fresh]!
      else if (heights[old]! > heights[fresh]!) old = parents[old]!
      else [old, fresh] = [parents[old]!, parents[fresh]!]
    }
    const depth = heights[previous]! - heights[old]!
    if (depth > 0) depths[depth] = (depths[depth] ?? 0) + 1
  }
  const difficultyOn = (block: number, own: number): number => {
    const height = heights[block]! + 1
    if (retarget === undefined || height % retarget.interval !== 0) return own
    let first = block
    while (heights[first]! > height - retarget.interval) first = parents[first]!
    const wanted = retarget.interval * retarget.target
    const longest = wanted * retarget.clamp
    const measured = Math.max(wanted / retarget.clamp, times[block]! - times[first]!)
    return own * (wanted / Math.min(longest, measured))
  }
  const events: Event[] = []
  for (let block = 1; block < finders.length; block++) {
    const [time, finder] = [times[block]!, finders[block]!]
    events.push({ time, block, miner: finder, isFind: true })
    for (let miner = 0; miner < miners; miner++) {
      if (miner === finder) continue
      events.push({ time: time + delay(finder, miner), block, miner, isFind: false })
    }
  }
  // At one moment what arrives comes before what is found, and older blocks before younger ones.
  events.sort(
    (one, other) =>
      one.time - other.time || Number(one.isFind) - Number(other.isFind) || one.block - other.block,
  )
  for (const { block, miner, isFind } of events) {
    if (isFind) {
      const parent = heads[miner]!
      parents[block] = parent
      heights[block] = heights[parent]! + 1
      works[block] = works[parent]! + difficulties[parent]!
      difficulties[block] = difficultyOn(block, difficulties[parent]!)
    }
    // What comes later has its ancestors with it.
    follow(miner, block)
  }
  const heaviest = works.indexOf(works.reduce((most, each) => Math.max(most, each), 0))
  const chainBlocks = heights[heaviest]!
  return {
    parents,
    chainBlocks,
    stale: finders.length - 1 - chainBlocks,
    reorganisations: Array.from(depths, (count) => count ?? 0),
  }
}
