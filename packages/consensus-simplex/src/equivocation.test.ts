import type { Behaviour } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import { constantLatency, type NodeId } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { messageTypes, type SimplexMessage } from './messages.ts'
import { altered, createTrial, hop, type Trial } from './testing.ts'

/** Says one thing to the members of one side and another thing to the rest. */
function equivocator(side: ReadonlySet<NodeId>, twins: Map<BlockId, BlockId>): Behaviour {
  return altered((context) => ({
    broadcast: (message, bytes) => {
      if (!('view' in message)) return
      const { block, type, view } = message
      const isOwn = block > 0 && context.blocks.proposer(block) === context.self
      if (isOwn && !twins.has(block)) {
        const header = { round: view, bytes: context.blocks.bytes(block) }
        twins.set(block, context.build(context.blocks.parent(block), header))
      }
      const twin = twins.get(block)
      for (const to of context.committee.voters) {
        if (to === context.self) continue
        if (twin === undefined || side.has(to)) context.send(to, message, bytes)
        // Certificates cannot be forged: the other side gets none for the twin.
        else if (type <= messageTypes.finalise || type === messageTypes.block) {
          context.send(to, { type, view, block: twin } as SimplexMessage, bytes)
        }
      }
    },
  }))
}

describe('equivocation (S7)', () => {
  const run = (seed: string, faulty: readonly NodeId[]): Trial => {
    const twins = new Map<BlockId, BlockId>()
    const behaviour = equivocator(new Set([0, 1, 2]), twins)
    const trial = createTrial({
      seed,
      voters: 4,
      latency: constantLatency(hop),
      behaviours: new Map(faulty.map((node) => [node, behaviour])),
    })
    trial.run(seconds(30))
    return trial
  }

  test('one of four cannot break agreement', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const trial = run(seed, [0])
      expect(trial.agreement.conflicts()).toEqual([])
      expect(trial.witness.violations(trial.cluster.blocks, new Set([0]))).toEqual([])
      expect(trial.agreement.finalisedCount()).toBeGreaterThan(10)
    }
  })

  test('behavior: who has voted for one block does not finalise the other', () => {
    const trial = run('a', [0])
    let split = 0
    for (const { finalise, notarise, notarised } of trial.witness.views().values()) {
      const own = [...(notarise.get(3) ?? [])]
      if (own.length === 0 || notarised.size === 0 || notarised.has(own[0]!)) continue
      split++
      expect(finalise.has(3)).toBe(false)
      // The others do, and the block is final all the same.
      expect(finalise.size).toBe(3)
    }
    expect(split).toBeGreaterThan(3)
  })

  test('two of four can', () => {
    const trial = run('a', [0, 1])
    expect(trial.agreement.conflicts()).not.toEqual([])
    const violations = trial.witness.violations(trial.cluster.blocks, new Set([0, 1]))
    expect(violations.some((text) => text.includes('S1'))).toBe(true)
  })

  test('two notarise votes of one member in one view are reported once by each', () => {
    const behaviour = altered((context) => ({
      broadcast: (message, bytes) => {
        context.broadcast(message, bytes)
        if (message.type === messageTypes.notarise && message.view === 5) {
          context.broadcast({ ...message, block: 0 }, bytes)
          context.broadcast({ ...message, block: 0 }, bytes)
        }
      },
    }))
    const trial = createTrial({ voters: 4, behaviours: new Map([[2, behaviour]]) })
    trial.run(seconds(10))
    expect(trial.equivocated).toEqual([0, 1, 3].map((node) => ({ node, offender: 2 })))
  })
})
