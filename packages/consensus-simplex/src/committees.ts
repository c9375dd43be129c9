import type { CommitteeRecord } from '@counterpoise/consensus'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import { ceremonyOutcomeOf, lastHeight } from './epochs.ts'

/** How the epochs of a chain ended; undefined where they have no end. */
export function committeesOf(
  epochBlocks: number,
  blocks: BlockStore,
  head: BlockId,
): CommitteeRecord[] | undefined {
  if (epochBlocks === 0) return undefined
  const found: CommitteeRecord[] = []
  for (let epoch = 0; lastHeight(epochBlocks, epoch) <= blocks.height(head); epoch++) {
    const block = blocks.ancestorAt(head, lastHeight(epochBlocks, epoch))
    const { succeeded, weights } = ceremonyOutcomeOf(blocks, block)!
    found.push({ block, succeeded, weights })
  }
  return found
}
