import { createSimulation, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions } from './beaconOptions.ts'

function run(change: Partial<BeaconNetworkOptions>, proposalMedianMs = 500) {
  const simulation = createSimulation({ seed: 'late votes' })
  const nodes = Array.from({ length: 100 }, (_, node) => ({
    ...{ entity: `entity ${node}`, validators: 96, missedSlotProbability: 0 },
    ...{ proposalMedianMs, proposalSigma: 0 },
  }))
  const network = createBeaconNetwork(simulation, { nodes, proposalLatestMs: 12_000, ...change })
  simulation.run({ until: 400 * seconds(12) })
  return network
}

const upper = (z: number): number => {
  // Zelen and Severo's approximation of the normal distribution's upper tail, to 1e-5.
  const t = 1 / (1 + 0.332_67 * z)
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return density * (0.436_183_6 * t - 0.120_167_6 * t ** 2 + 0.937_298 * t ** 3)
}

test.each([
  [672, 0.651],
  [2_000, 0.651],
])('a way of %d ms, sigma %d, to aggregators: as many are late as take longer', (median, sigma) => {
  // Without a block votes are due at 3,999 ms, and aggregates are published at 8,000 ms.
  const network = run({ subnetMedianMs: median, subnetSigma: sigma }, 11_000)
  const expected = upper(Math.log(4_001 / median) / sigma)
  const votes = 400 * 100
  const error = 4 * Math.sqrt((expected * (1 - expected)) / votes)
  expect(Math.abs(network.measures.summary().lateVotes - expected)).toBeLessThan(error + 2e-4)
})

test('late votes go into the block after the next, and lose no more than their head', () => {
  const network = run({ subnetMedianMs: 100_000, subnetSigma: 0 })
  const { chain } = network
  expect(network.measures.summary().lateVotes).toBe(1)
  for (const block of chain.blocks) {
    for (const id of block.bundles) expect(block.slot - chain.bundles[id]!.slot).toBe(2)
  }
  expect(network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(17)
  const { registry } = chain.blocks.at(-1)!.epochState.beacon
  // Those of the last two of 32 slots come when the epoch has ended.
  expect([registry.head[0], registry.source[0]]).toEqual([0, 90])
})

test('behavior: at the measured way votes that follow their block are hardly ever late', () => {
  expect(run({}).measures.summary().lateVotes).toBeLessThan(0.001)
})
