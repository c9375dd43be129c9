import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation } from '@counterpoise/engine'
import { distributedLatency, randomTopology } from '@counterpoise/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gasper } from './gasper.ts'
import { equalWeights, gasperRun } from './testing/gasperRun.ts'

const slotsPerEpoch = 8
/** All faults are over at the start of this epoch. */
const healEpoch = 8
/** So many epochs later, the checkpoint of the second epoch after the faults is final. */
const epochsToRecover = 5

const span = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40 }))
  .map(([from, length]) => ({ from, to: Math.min(from + length, healEpoch * slotsPerEpoch) }))

const plan = fc.integer({ min: 4, max: 10 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    crashes: fc.array(fc.record({ node: fc.nat({ max: count - 1 }), span }), { maxLength: 5 }),
    partition: fc.option(
      fc.record({
        span,
        groups: fc.array(fc.nat({ max: 2 }), { minLength: count, maxLength: count }),
      }),
    ),
    seed: fc.nat({ max: 1_000 }),
  }),
)

test('behavior: crashes and partitions never make two chains final, and finality returns', () => {
  fc.assert(
    fc.property(plan, ({ count, crashes, partition, seed }) => {
      const crashed = new Set(crashes.map(({ node }) => node))
      fc.pre(crashed.size <= gasper.faultLimit(count))
      const topology = randomTopology({
        size: count,
        outgoing: 3,
        stream: createSimulation({ seed: `topology ${seed}` }).stream('links'),
      })
      const run = gasperRun({
        weights: equalWeights(count),
        parameters: { slotsPerEpoch },
        seed: String(seed),
        topology,
        latency: distributedLatency({ kind: 'lognormal', median: 80, sigma: 0.8 }),
      })
      const { network, blocks, head, finalised } = run.cluster
      for (const { node, span: outage } of crashes) {
        run.atSlot(outage.from, () => network.takeDown(node))
        run.atSlot(outage.to, () => network.bringUp(node))
      }
      if (partition !== null) {
        run.atSlot(partition.span.from, () => {
          partition.groups.forEach((group, node) => network.assignGroup(node, group))
        })
        run.atSlot(partition.span.to, () => {
          for (let node = 0; node < count; node++) network.assignGroup(node, 0)
        })
      }
      // Two crashes of one node may overlap: at the end everybody is up.
      const end = (healEpoch + epochsToRecover) * slotsPerEpoch
      run.toSlot(end)
      run.simulation.run({ until: end * run.slot + 11_000_000 })
      expect(run.monitor.conflicts()).toEqual([])
      for (let node = 0; node < count; node++) {
        expect(network.isUp(node)).toBe(true)
        expect(run.finalisedSlot(node)).toBeGreaterThan((healEpoch + 2) * slotsPerEpoch - 4)
        expect(finalised(node)).toBe(finalised(0))
        const shared = blocks.commonAncestor(head(node), head(0))
        expect(blocks.round(shared)).toBeGreaterThan(end - 4)
      }
    }),
    fuzzParameters(60),
  )
})
