import type { ConsensusObserver } from '@counterpoise/consensus'
import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'

/** Somebody who delivers once a payment has so many confirmations in the chain of a node. */
export type Merchant = {
  observer: ConsensusObserver
  /** Whether a payment in the block has been delivered for. */
  hasDelivered: (block: BlockId) => boolean
}

/** A merchant who counts the block of the payment itself as the first confirmation. */
export function createMerchant(
  blocks: BlockStore,
  node: NodeId | undefined,
  confirmations: number,
): Merchant {
  const delivered = new Set<BlockId>([genesis])
  return {
    observer: {
      headChanged: (who, head) => {
        const height = blocks.height(head) - confirmations + 1
        if (who !== node || height < 1) return
        let block = blocks.ancestorAt(head, height)
        for (; !delivered.has(block); block = blocks.parent(block)) delivered.add(block)
      },
    },
    hasDelivered: (block) => block !== genesis && delivered.has(block),
  }
}
