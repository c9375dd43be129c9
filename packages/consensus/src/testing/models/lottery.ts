import { ms } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import * as z from 'zod'
import { defineConsensus } from '../../contract.ts'

const parameters = z.strictObject({
  slotMs: z.number().positive().default(500).describe('Time between two chances to propose.'),
})

type Message = { type: 'block' | 'ask'; block: BlockId }

/**
 * The smallest model without finality: the beacon draws one voter per slot, who builds on the
 * longest chain that he knows. For tests of what stands above consensus; a block travels with its
 * ancestors, and all clocks agree on the slot.
 */
export const lottery = defineConsensus<z.output<typeof parameters>, Message>({
  name: 'lottery',
  parameters,
  finality: 'probabilistic',
  dissemination: 'direct',
  faultLimit: (count) => Math.floor((count - 1) / 2),
  createReplica: ({ slotMs }, context) => {
    const { self, committee, blocks, report } = context
    const { voters } = committee
    let head = genesis

    const follow = (block: BlockId): void => {
      if (blocks.totalWork(block) <= blocks.totalWork(head)) return
      head = block
      report.headChanged(head)
    }

    const awaitSlot = (): void => {
      context.setTimer(0, ms(slotMs) - (context.now() % ms(slotMs)))
    }

    return {
      start: awaitSlot,
      expire: () => {
        const slot = Math.floor(context.now() / ms(slotMs))
        awaitSlot()
        if (voters[context.beacon(slot) % voters.length] !== self) return
        if (blocks.round(head) >= slot && head !== genesis) return
        const block = context.build(head, { round: slot })
        report.proposed(block)
        context.broadcast({ type: 'block', block }, 200)
        follow(block)
      },
      receive: (from, message) => {
        if (message.type === 'block') {
          const cost = context.validate(message.block)
          if (typeof cost === 'number') {
            context.spend(cost)
            follow(message.block)
          }
        } else if (blocks.totalWork(head) > blocks.totalWork(message.block)) {
          context.send(from, { type: 'block', block: head }, 200)
        }
      },
      recover: () => context.broadcast({ type: 'ask', block: head }, 50),
    }
  },
})
