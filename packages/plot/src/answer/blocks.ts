import type { Estimate } from '@counterpoise/lab'
import { formatCount, formatMs, formatShare, toEstimate } from '../format.ts'
import type { RailView } from '../view.ts'

/** What became of the blocks of each rail, and how fast its nodes had them. */
export const blocksAnswer = (rails: readonly { name: string; rail: RailView }[]): string =>
  rails.flatMap(({ name, rail }) => blocksText(name, rail.blocks)).join(' ')

const blocksText = (name: string, blocks: RailView['blocks']): string[] => {
  const count = toEstimate(blocks?.count)
  if (blocks === null || count === null || count.mean === 0) return []
  const { interval_ms: interval, propagation_ms: spread, stale_share: stale } = blocks
  const each = interval === null ? '' : `, one in ${formatMs(interval.mean)} on average`
  const times =
    spread === undefined
      ? []
      : [
          'Of all times from the making of a block until it was at another node, half were up to ' +
            `${formatMs(spread.p50)} and nine in ten up to ${formatMs(spread.p90)}.`,
        ]
  return [
    `The chain of ${name} got ${formatCount(count)} ${count.mean === 1 ? 'block' : 'blocks'}` +
      `${each}; ${staleText(toEstimate(stale))}.`,
    ...times,
  ]
}

const staleText = (stale: Estimate | null): string =>
  stale === null || stale.mean === 0
    ? 'no other block was made'
    : `${formatShare(stale)} of all blocks made did not get into it`
