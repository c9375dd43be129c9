import { createSimulation, createStream, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createBeaconNetwork } from './beaconNetwork.ts'
import { mainnetNodes, stakers, timingClasses } from './proposerProfiles.ts'

const stream = (purpose: string) => createStream({ seed: 'profiles', replication: 0, purpose })

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

test('the shares of stakers and timing classes are a whole', () => {
  expect(sumOf(stakers.map(({ share }) => share))).toBeCloseTo(1, 10)
  expect(sumOf(timingClasses.map(({ share }) => share))).toBeCloseTo(1, 10)
  const missed = sumOf(stakers.map((s) => s.share * s.missedSlotProbability))
  expect(missed).toBeCloseTo(0.0023, 4)
})

test('nodes hold the stake of their entities, and publish as their class does', () => {
  const nodes = mainnetNodes({ nodes: 1_000, validators: 900_000, stream: stream('nodes') })
  expect(sumOf(nodes.map(({ validators }) => validators))).toBe(900_000)
  for (const { entity, share, missedSlotProbability } of stakers) {
    const own = nodes.filter((node) => node.entity === entity)
    expect(sumOf(own.map(({ validators }) => validators)) / 900_000).toBeCloseTo(share, 2)
    expect(new Set(own.map((node) => node.missedSlotProbability))).toEqual(
      new Set([missedSlotProbability]),
    )
  }
  for (const { name, share } of timingClasses) {
    const own = nodes.filter(({ operator }) => operator === name).length / 1_000
    expect(Math.abs(own - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 1_000))
  }
})

test('a network of them: blocks of a class arrive when they were measured to', () => {
  const nodes = mainnetNodes({ nodes: 300, validators: 90_000, stream: stream('network') })
  const simulation = createSimulation({ seed: 'profiles' })
  const { chain, firstSlot } = createBeaconNetwork(simulation, { nodes })
  simulation.run({ until: 2_000 * seconds(12) })
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
  for (const { name, arrivalMs } of timingClasses) {
    const arrivals = chain.blocks.slice(1, -100).flatMap(({ proposer, slot, seen, settled }) => {
      if (nodes[proposer]!.operator !== name || settled === 0 || seen[0] === 0) return []
      const start = (slot - firstSlot) * seconds(12)
      return [median(Array.from(seen, (time) => (time - start) / 1_000))]
    })
    if (arrivals.length < 20) continue
    expect(Math.abs(median(arrivals) / arrivalMs - 1)).toBeLessThan(0.1)
  }
  const missed = 2_000 - (chain.blocks.length - 1)
  expect(missed).toBeLessThan(2_000 * 0.01)
})
