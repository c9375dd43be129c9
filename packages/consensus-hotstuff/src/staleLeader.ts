import type { Behaviour } from '@counterpoise/consensus'
import type { BlockId } from '@counterpoise/ledger'
import { type HotStuffMessage, messageTypes } from './messages.ts'

/**
 * As a leader it proposes on an older certificate than the highest that it has, some generations
 * below: what the lock, or the proof of a round that failed, is to refuse.
 */
export function staleLeader(generations: number): Behaviour {
  return (honest, context) => {
    const { blocks } = context
    const stale = new Map<BlockId, BlockId>()
    const changed = <message>(said: message): message => {
      const { block, type } = said as HotStuffMessage & { block: BlockId }
      const parent = stale.get(block)
      if (type !== messageTypes.proposal || parent === undefined) return said
      return { ...said, parent: { round: blocks.round(parent), block: parent } }
    }
    return honest({
      ...context,
      build: (parent, header) => {
        const chosen = blocks.ancestorAt(parent, Math.max(0, blocks.height(parent) - generations))
        const block = context.build(chosen, header)
        if (block >= 0) stale.set(block, chosen)
        return block
      },
      send: (to, message, bytes) => context.send(to, changed(message), bytes),
      broadcast: (message, bytes) => context.broadcast(changed(message), bytes),
    })
  }
}
