import { type AttackedTree, targetMark } from '../attacks/strategist.ts'
import type { RecentBlocks } from './recentBlocks.ts'

/** The recent blocks of a run as what a strategy is carried out in. */
export function attackedTree(blocks: RecentBlocks): AttackedTree {
  return {
    heightOf: (block) => blocks.heights[block & blocks.mask]!,
    workOf: (block) => blocks.works[block & blocks.mask]!,
    parentOf: (block) => blocks.parents[block & blocks.mask]!,
    commonAncestor: (one, other) => blocks.commonAncestor(one, other),
    isHidden: (block) => blocks.released[block & blocks.mask] === Number.POSITIVE_INFINITY,
    publish: (block, now) => {
      blocks.released[block & blocks.mask] = now
    },
    isTarget: (block) => (blocks.marks[block & blocks.mask]! & targetMark) !== 0,
    made: () => blocks.made,
  }
}
