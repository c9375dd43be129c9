import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import {
  type Attack,
  boundaryWithholding,
  doubleFinality,
  doubleVote,
  exAnteReorg,
  sandwichReorg,
} from './attacks.ts'
import { balancing } from './balancing.ts'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions } from './beaconOptions.ts'

type Change = Partial<BeaconNetworkOptions> & { hostile?: number; slots?: number }

/**
 * A network of 100 honest nodes and some that have a share of the stake. The adversary proposes in
 * the slots that leave `own` over 8, honest nodes in the others, in turn.
 */
function attacked(
  strategy: Attack,
  share: number,
  own: readonly number[],
  { hostile = 1, slots = 161, ...change }: Change = {},
) {
  const simulation = createSimulation({ seed: 'attack' })
  const honest = Math.round(3_200 * (1 - share))
  const nodesOf = (count: number, validators: number, adversary: boolean) =>
    Array.from({ length: count }, (_, node) => ({
      entity: adversary ? 'adversary' : `honest ${node}`,
      validators:
        Math.floor((validators * (node + 1)) / count) - Math.floor((validators * node) / count),
      missedSlotProbability: 0,
      proposalMedianMs: 500,
      proposalSigma: 0.1,
      adversary,
    }))
  const nodes = [...nodesOf(100, honest, false), ...nodesOf(hostile, 3_200 - honest, true)]
  const network = createBeaconNetwork(simulation, {
    nodes,
    strategy,
    proposerOf: (slot) => (own.includes(slot % 8) ? 100 + (slot % hostile) : slot % 100),
    proposerReorg: false,
    ...change,
  })
  simulation.run({ until: slots * seconds(12) })
  return { simulation, network, summary: network.measures.summary(), attempts: strategy.attempts() }
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

describe('balancing: two branches with half of the votes each', () => {
  test.each([
    // Without the boost any share that outweighs chance; with one twice the boost.
    [0, 0.12, true],
    [0.05, 0.07, false],
    [0.05, 0.14, true],
    [0.4, 0.12, false],
    [0.4, 0.3, false],
  ])('boost %d, %d of the stake: %s', (proposerBoost, share, succeeds) => {
    const { summary, attempts } = attacked(balancing(), share, [2], { proposerBoost, hostile: 20 })
    expect(attempts === 1).toBe(succeeds)
    expect(summary.headAccuracy < 0.6).toBe(succeeds)
    // Two targets with half of the votes each, and nothing becomes final.
    expect(summary.finalisedDistance > 2.5).toBe(succeeds)
  })
})

describe('withholding at the boundary: (1 − β) · 30 / 32 against two thirds', () => {
  test.each([
    [0.27, 3_990, false],
    [0.3, 3_990, true],
    // The first slot's votes are right: 31 / 32 are left.
    [0.3, 100, false],
    [0.325, 100, true],
  ])('%d of the stake, after %d ms: %s', (share, delayMs, delays) => {
    const attack = boundaryWithholding(delayMs)
    const { summary, attempts } = attacked(attack, share, [0])
    expect(attempts).toBeGreaterThanOrEqual(5)
    expect(summary.justifiedDistance > 1.5).toBe(delays)
    expect(summary.finalisedDistance > 2.5).toBe(delays)
    expect(summary.headAccuracy < 0.98).toBe(delayMs > 1_000)
  })
})

describe('double finality in two halves: (1 + β) / 2 against two thirds', () => {
  const cut = { from: 0, until: 176, side: (node: number) => node % 2 }
  test.each([
    [0.3, false],
    [0.36, true],
  ])('%d of the stake on both sides: %s', (share, succeeds) => {
    const change = { hostile: 10, partition: cut, slots: 175 }
    const { simulation, network } = attacked(doubleFinality(), share, [2], change)
    const { chain } = network
    const [one, other] = [0, 1].map((node) => network.choiceOf(node).finalised)
    const epochs = [one!.epoch, other!.epoch]
    // Epoch 9 is the first whose checkpoints differ.
    expect(epochs.every((epoch) => epoch >= 9)).toBe(succeeds)
    expect(epochs.every((epoch) => epoch <= 8)).toBe(!succeeds)
    const isOn = (block: number, head: number): boolean =>
      chain.ancestorAt(head, chain.blocks[block]!.slot) === block
    const conflict = !isOn(one!.block, other!.block) && !isOn(other!.block, one!.block)
    expect(conflict).toBe(succeeds)
    simulation.run({ until: 250 * seconds(12) })
    // Once the sides hear each other, all of the adversary's votes are reported; more slowly where
    // what either side holds for final keeps blocks of the other one out.
    const { registry } = chain.blocks[network.headOf(0)]!.epochState.beacon
    let slashed = 0
    for (let at = 0; at < registry.size; at++) {
      slashed += registry.slashed[at]! * registry.count[at]!
    }
    expect(slashed).toBeGreaterThan(succeeds ? 0 : 0.9 * share * 3_200)
  })
})

test('double votes are counted once by the chain, and not at all by the fork choice', () => {
  const { network, attempts, summary } = attacked(doubleVote(), 0.3, [])
  expect(attempts).toBeGreaterThan(150)
  const { blocks, bundles } = network.chain
  const twins = bundles.filter(({ contradicts }) => contradicts !== undefined)
  expect(twins.length).toBe(2 * attempts)
  const held = new Set(blocks.flatMap((block) => block.bundles))
  for (const { id, contradicts = [] } of twins) {
    expect(contradicts).toHaveLength(1)
    expect(held.has(id) && held.has(contradicts[0]!)).toBe(false)
  }
  for (const { currentTarget, previousTarget, epochState } of blocks) {
    const { activeEther } = epochState.beacon
    expect(Math.max(currentTarget, previousTarget)).toBeLessThanOrEqual(activeEther)
  }
  expect(summary.orphanedHonest).toBe(0)
  expect(network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(10)
})
