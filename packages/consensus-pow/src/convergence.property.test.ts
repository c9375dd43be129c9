import type { Behaviour } from '@counterpoise/consensus'
import { fuzzParameters } from '@counterpoise/dev'
import { createStream, minutes, seconds, type Time } from '@counterpoise/engine'
import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import { completeTopology, type NodeId, randomTopology } from '@counterpoise/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WorkMessage } from './messages.ts'
import { createMiners, type Miners } from './testing.ts'

/**
 * Watches one node from outside: keeps the blocks that have reached it with all their ancestors,
 * and compares each head that it reports, and its head after each message, with the heaviest.
 */
function watch(complaints: string[]): Behaviour {
  return (honest, context) => {
    const { blocks } = context
    const reached = new Set<BlockId>([genesis])
    const loose = new Set<BlockId>()
    let head = genesis
    const connect = (): void => {
      for (const block of [...loose].sort((one, other) => one - other)) {
        if (!reached.has(blocks.parent(block))) continue
        reached.add(block)
        loose.delete(block)
      }
    }
    const inspect = (): void => {
      const most = Math.max(...[...reached].map(blocks.totalWork))
      if (blocks.totalWork(head) !== most) complaints.push(`node ${context.self}: ${head}`)
    }
    const report = {
      ...context.report,
      proposed: (block: BlockId) => {
        reached.add(block)
        context.report.proposed(block)
      },
      headChanged: (block: BlockId) => {
        if (!reached.has(block)) complaints.push(`node ${context.self}: unseen ${block}`)
        head = block
        context.report.headChanged(block)
      },
    }
    const replica = honest({ ...context, report })
    return {
      ...replica,
      receive: (from, message) => {
        const work = message as WorkMessage
        if (work.type === 'block') loose.add(work.block)
        else if (work.type === 'blocks') work.blocks.forEach((block) => loose.add(block))
        connect()
        replica.receive(from, message)
        inspect()
      },
      expire: (timer) => {
        replica.expire(timer)
        inspect()
      },
    }
  }
}

type Disturbance = { kind: 'crash' | 'partition'; nodes: number; at: Time; lasts: Time }

/** Does to the network what a plan says, and ends everything at `healAt`. */
function disturb(miners: Miners, plan: readonly Disturbance[], healAt: Time): void {
  const { simulation, cluster } = miners
  const { network } = cluster
  type Deed = { at: Time; does: (node: NodeId) => void; nodes: number }
  const deeds = plan.flatMap(({ kind, nodes, at, lasts }, index): Deed[] => {
    const end = Math.min(at + lasts, healAt)
    if (kind === 'crash') {
      return [
        { at, nodes, does: network.takeDown },
        { at: end, nodes, does: network.bringUp },
      ]
    }
    return [
      { at, nodes, does: (node) => network.assignGroup(node, index + 1) },
      { at: end, nodes, does: (node) => network.assignGroup(node, 0) },
    ]
  })
  deeds.sort((one, other) => one.at - other.at)
  for (const { at, nodes, does } of deeds) {
    simulation.run({ until: at })
    for (let node = 0; node < network.size; node++) if ((nodes >> node) & 1) does(node)
  }
  simulation.run({ until: healAt })
  for (let node = 0; node < network.size; node++) {
    network.assignGroup(node, 0)
    network.bringUp(node)
  }
}

/** The blocks of most work. */
function heaviest(blocks: BlockStore): BlockId[] {
  const all = Array.from({ length: blocks.size() }, (_, block) => block)
  const most = Math.max(...all.map(blocks.totalWork))
  return all.filter((block) => blocks.totalWork(block) === most)
}

/** Goes on until one block of most work has been alone for a minute and a half. */
function calm({ simulation, blocks }: Miners): BlockId {
  for (;;) {
    simulation.run({ until: simulation.now() + seconds(30) })
    const best = heaviest(blocks)
    const last = blocks.time(blocks.size() - 1)
    if (best.length === 1 && simulation.now() - last > seconds(90)) return best[0]!
  }
}

const disturbance = fc.record({
  kind: fc.constantFrom('crash' as const, 'partition' as const),
  nodes: fc.integer({ min: 1, max: 255 }),
  at: fc.integer({ min: 0, max: minutes(600) }),
  lasts: fc.integer({ min: seconds(1), max: minutes(600) }),
})

test('property: after crashes and partitions all come back to one chain of most work', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 1, 1, 5), { minLength: 1, maxLength: 7 }),
      fc.array(disturbance, { maxLength: 6 }),
      fc.string(),
      fc.constantFrom(undefined, 6),
      fc.boolean(),
      (others, plan, seed, retargetInterval, isComplete) => {
        const weights = [1, ...others]
        const complaints: string[] = []
        const stream = createStream({ seed, replication: 0, purpose: 'links' })
        const size = weights.length
        const miners = createMiners({
          seed,
          weights,
          delay: seconds(1),
          parameters: retargetInterval === undefined ? {} : { retargetInterval },
          topology: isComplete
            ? completeTopology(size)
            : randomTopology({ size, outgoing: 1, stream }),
          behaviours: new Map(weights.map((_, node) => [node, watch(complaints)])),
        })
        disturb(miners, plan, minutes(700))
        miners.simulation.run({ until: minutes(900) })
        const best = calm(miners)
        expect(weights.map((_, node) => miners.cluster.head(node))).toEqual(weights.map(() => best))
        expect(complaints).toEqual([])
      },
    ),
    fuzzParameters(200),
  )
})
