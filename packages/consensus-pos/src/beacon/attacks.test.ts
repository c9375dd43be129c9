import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import {
  type Attack,
  balancing,
  boundaryWithholding,
  doubleVote,
  exAnteReorg,
  sandwichReorg,
} from './attacks.ts'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions } from './beaconOptions.ts'

/**
 * A network of 100 nodes whose last one has a share of the stake. The adversary proposes in the
 * slots that leave `own` over 8, honest nodes in the others, in turn.
 */
function attacked(
  strategy: Attack,
  share: number,
  own: readonly number[],
  change: Partial<BeaconNetworkOptions> = {},
) {
  const simulation = createSimulation({ seed: 'attack' })
  const honest = Math.round(3_200 * (1 - share))
  const nodes = Array.from({ length: 100 }, (_, node) => ({
    entity: `honest ${node}`,
    validators: Math.floor((honest * (node + 1)) / 100) - Math.floor((honest * node) / 100),
    missedSlotProbability: 0,
    proposalMedianMs: 500,
    proposalSigma: 0.1,
    adversary: false,
  }))
  const adversary = { ...nodes[0]!, entity: 'adversary', adversary: true }
  nodes.push({ ...adversary, validators: 3_200 - honest })
  const network = createBeaconNetwork(simulation, {
    nodes,
    strategy,
    proposerOf: (slot) => (own.includes(slot % 8) ? 100 : slot % 100),
    proposerReorg: false,
    ...change,
  })
  simulation.run({ until: 161 * seconds(12) })
  return { network, summary: network.measures.summary(), attempts: strategy.attempts() }
}

describe('ex-ante reorg', () => {
  test.each([
    // One slot's votes β against the boost: β > 0.4.
    [1, 0.36, 0.4, 0],
    [1, 0.44, 0.4, 1],
    // Two slots in a row: 2β > 0.4.
    [2, 0.17, 0.4, 0],
    [2, 0.24, 0.4, 1],
    // Without the boost any share succeeds.
    [1, 0.05, 0, 1],
  ])('%d slots, %d of the stake, boost %d', (slots, share, proposerBoost, success) => {
    const own = slots === 1 ? [2] : [2, 3]
    const { summary, attempts } = attacked(exAnteReorg(slots), share, own, { proposerBoost })
    expect(attempts).toBeGreaterThanOrEqual(19)
    // Success leaves the honest block out, failure the adversary's own ones.
    if (success === 1) expect(summary.orphanedHonest).toBeGreaterThanOrEqual(attempts - 1)
    else expect([summary.orphanedHonest, summary.orphaned]).toEqual([0, slots * attempts])
  })
})

describe('sandwich reorg: 2β + boost > 1 − β', () => {
  test.each([
    [0.4, 0.17, false],
    [0.4, 0.23, true],
    [0.7, 0.07, false],
    [0.7, 0.13, true],
    [0, 0.3, false],
    [0, 0.37, true],
  ])('boost %d, %d of the stake: %s', (proposerBoost, share, succeeds) => {
    const { summary, attempts } = attacked(sandwichReorg(), share, [2, 4], { proposerBoost })
    expect(attempts).toBeGreaterThanOrEqual(19)
    expect(summary.orphanedHonest >= attempts - 1).toBe(succeeds)
    if (!succeeds) expect(summary.orphanedHonest).toBe(0)
  })
})

test('balancing: two blocks split one slot’s votes; with the boost the next slot decides', () => {
  const { summary, network } = attacked(balancing(), 0.1, [2])
  expect(summary.headAccuracy).toBeLessThan(0.97)
  expect(summary.headAccuracy).toBeGreaterThan(0.9)
  expect(summary.finalisedDistance).toBeCloseTo(2, 0)
  expect(network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(10)
})

test('withholding at the boundary: votes are split, and finality comes no earlier', () => {
  const first = attacked(boundaryWithholding(3_990), 0.1, [0])
  expect(first.attempts).toBeGreaterThanOrEqual(5)
  expect(first.summary.headAccuracy).toBeLessThan(0.99)
  const prompt = attacked(boundaryWithholding(100), 0.1, [0])
  expect(prompt.summary.headAccuracy).toBeGreaterThan(0.99)
  expect(prompt.summary.finalisedDistance).toBeLessThanOrEqual(first.summary.finalisedDistance)
})

test('double votes are counted once by the chain, and not at all by the fork choice', () => {
  const { network, attempts, summary } = attacked(doubleVote(), 0.3, [])
  expect(attempts).toBeGreaterThan(150)
  const { blocks, bundles } = network.chain
  const twins = bundles.filter(({ twin }) => twin >= 0)
  expect(twins.length).toBe(2 * attempts)
  const held = new Set(blocks.flatMap((block) => block.bundles))
  for (const { id, twin } of twins) expect(held.has(id) && held.has(twin)).toBe(false)
  for (const { currentTarget, previousTarget, epochState } of blocks) {
    const { activeEther } = epochState.beacon
    expect(Math.max(currentTarget, previousTarget)).toBeLessThanOrEqual(activeEther)
  }
  expect(summary.orphanedHonest).toBe(0)
  expect(network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(10)
})
