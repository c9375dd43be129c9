import type { Behaviour, Replica, ReplicaContext } from '@counterpoise/consensus'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { WorkMessage } from '../messages.ts'

type Honest = (context: ReplicaContext<WorkMessage>) => Replica<WorkMessage>

/**
 * Selfish mining (SM1) at message level: a member that keeps the blocks it finds to itself, shows
 * one when it hears of a block of the same height, and all when its lead is down to one. Who then
 * mines on its block, γ, follows from the network.
 *
 * What it mines on is up to the honest replica inside: its own chain, until a public one is longer.
 */
export const selfishBehaviour: Behaviour = (honest, context) => {
  // A behaviour is written for all models; this one is for the messages of `nakamoto`.
  const own = context as unknown as ReplicaContext<WorkMessage>
  const { blocks } = own
  let withheld: { message: WorkMessage; bytes: number }[] = []
  let tip = genesis
  /** Height of the highest block that others know of. */
  let publicHeight = 0
  /** Height at which it has shown a block against one of the others; −1 before it ever did. */
  let racing = -1

  const inner = (honest as unknown as Honest)({
    ...own,
    broadcast: (message, bytes) => {
      if (message.type !== 'block') return own.broadcast(message, bytes)
      tip = message.block
      withheld.push({ message, bytes })
      // It was level with the others, and both branches public: this block decides.
      if (racing === publicHeight && blocks.height(tip) === racing + 1) release()
    },
  })

  const release = (): void => {
    for (const { message, bytes } of withheld) own.broadcast(message, bytes)
    withheld = []
    publicHeight = Math.max(publicHeight, blocks.height(tip))
  }

  const hear = (block: BlockId): void => {
    if (blocks.height(block) <= publicHeight) return
    publicHeight = blocks.height(block)
    if (withheld.length === 0) return
    const lead = blocks.height(tip) - publicHeight
    if (lead < 0) withheld = []
    else if (lead <= 1) {
      if (lead === 0) racing = publicHeight
      release()
    }
  }

  const replica: Replica<WorkMessage> = {
    ...inner,
    receive: (from, message) => {
      inner.receive(from, message)
      if (message.type === 'block') hear(message.block)
      else if (message.type === 'blocks') message.blocks.forEach(hear)
    },
  }
  return replica as never
}
