import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation, seconds } from '@counterpoise/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attacks } from './attacks.ts'
import { createBeaconNetwork } from './beaconNetwork.ts'

const outage = fc.tuple(fc.nat(120), fc.nat(80)).map(([from, length]) => [from, from + length])

const scenario = fc.record({
  seed: fc.string({ maxLength: 4 }),
  validators: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 4, maxLength: 14 }),
  down: fc.array(fc.array(outage, { maxLength: 2 }), { maxLength: 6 }),
  partition: fc.option(fc.tuple(fc.nat(100), fc.nat(90), fc.integer({ min: 2, max: 3 }))),
  attack: fc.constantFrom(...(Object.keys(attacks) as (keyof typeof attacks)[])),
  adversary: fc.boolean(),
  fork: fc.constantFrom('altair', 'deneb', 'fulu', 'gloas'),
  lossProbability: fc.constantFrom(0, 0.1),
  attestations: fc.constantFrom('committee' as const, 'per-validator' as const),
})

test('no two nodes hold conflicting blocks for final, nothing final is taken back', () => {
  let compared = 0
  fc.assert(
    fc.property(scenario, (given) => {
      const { validators, down, partition, attack, fork, attestations } = given
      const honest = validators.reduce((sum, count) => sum + count, 0)
      fc.pre(honest > 40)
      // Less than a third of all, whatever the adversary does.
      const nodes = validators.map((count, index) => ({
        entity: `node ${index}`,
        validators: count,
        down: (down[index] ?? []) as [number, number][],
        adversary: false,
      }))
      if (given.adversary) {
        const entry = { ...nodes[0]!, down: [], adversary: true }
        nodes.push({ ...entry, entity: 'adversary', validators: Math.floor(honest / 2.1) })
      }
      const simulation = createSimulation({ seed: given.seed })
      const network = createBeaconNetwork(simulation, {
        ...{ nodes, fork, attestations, assertSafety: true },
        mesh: { lossProbability: given.lossProbability },
        strategy: attacks[attack](),
        partition: partition
          ? {
              from: partition[0],
              until: partition[0] + partition[1],
              side: (node) => node % partition[2],
            }
          : undefined,
      })
      const { chain } = network
      const last = nodes.map(() => 0)
      let highest = 0
      for (let slot = 1; slot <= 200; slot += 9) {
        simulation.run({ until: slot * seconds(12) - 1 })
        nodes.forEach(({ adversary, down: spans }, node) => {
          const isDown = spans.some(([from, until]) => slot - 1 >= from && slot - 1 < until)
          if (adversary || isDown) return
          const epoch = network.finalisedEpochOf(node)
          expect(epoch).toBeGreaterThanOrEqual(last[node]!)
          last[node] = epoch
          const final = chain.checkpoint(network.headOf(node), epoch)
          // Of two final blocks one is on the chain of the other.
          const [low, high] = final < highest ? [final, highest] : [highest, final]
          expect(chain.ancestorAt(high, chain.blocks[low]!.slot)).toBe(low)
          highest = high
          compared++
        })
      }
    }),
    fuzzParameters(60),
  )
  expect(compared).toBeGreaterThan(3_000)
})
