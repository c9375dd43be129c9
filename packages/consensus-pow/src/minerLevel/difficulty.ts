import { ms } from '@counterpoise/engine'
import type { CompleteOptions } from './options.ts'
import type { RecentBlocks } from './recentBlocks.ts'

/** Notes work, period and the next difficulty of a block that has just been added. */
export type DifficultyRule = (blocks: RecentBlocks, block: number) => void

/**
 * How the difficulty of a block follows from its ancestors. `bitcoin`: at every height that is a
 * multiple of the interval N, the time from the first to the last block of the period before,
 * which is N − 1 intervals, is measured against N target intervals. Blocks carry their true time.
 */
export function createDifficultyRule(options: CompleteOptions): DifficultyRule {
  const { retarget, retargetInterval, retargetClampFactor } = options
  if (retarget === 'none') {
    return (blocks, block) => {
      const slot = block & blocks.mask
      blocks.works[slot] = blocks.heights[slot]!
      blocks.difficulties[slot] = 1
    }
  }
  const wanted = retargetInterval * ms(options.targetIntervalMs)
  const longest = wanted * retargetClampFactor
  const shortest = wanted / retargetClampFactor
  return (blocks, block) => {
    const { mask, heights, works, created, periodStarts, difficulties } = blocks
    const slot = block & mask
    const parent = blocks.parents[slot]! & mask
    const height = heights[slot]!
    const own = height === 0 ? 1 : difficulties[parent]!
    works[slot] = height === 0 ? 0 : works[parent]! + own
    const isFirst = height % retargetInterval === 0
    periodStarts[slot] = isFirst ? created[slot]! : periodStarts[parent]!
    difficulties[slot] = own
    if ((height + 1) % retargetInterval !== 0) return
    const measured = created[slot]! - periodStarts[slot]!
    difficulties[slot] = own * (wanted / Math.min(longest, Math.max(shortest, measured)))
  }
}
