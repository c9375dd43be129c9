import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { ForkProfileError } from '../transition/forkProfiles.ts'
import { countVotes } from '../transition/justification.ts'
import { totalBalance } from '../transition/registry.ts'
import { createBeaconNetwork } from './beaconNetwork.ts'
import { BeaconOptionsError, checkShares, type BeaconNetworkOptions } from './beaconOptions.ts'

type Change = Partial<BeaconNetworkOptions> & { seed?: string; count?: number }

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const nodesOf = (count: number, validators: number) =>
  Array.from({ length: count }, (_, node) => ({ entity: `entity ${node}`, validators }))

function run(slots: number, { seed = 'beacon', count = 50, ...change }: Change = {}) {
  const simulation = createSimulation({ seed })
  const network = createBeaconNetwork(simulation, { nodes: nodesOf(count, 100), ...change })
  simulation.run({ until: slots * seconds(12) })
  return { simulation, network, summary: network.measures.summary() }
}

describe('a healthy chain', () => {
  test('everybody votes, nearly all for the block that stays; an epoch behind, two behind', () => {
    const { summary } = run(384)
    expect(summary.participation).toBe(1)
    expect(summary.headAccuracy).toBeGreaterThan(0.97)
    expect(summary.justifiedDistance).toBeCloseTo(1, 1)
    expect(summary.finalisedDistance).toBeCloseTo(2, 1)
    expect(Math.max(0, ...summary.reorgDepths)).toBeLessThanOrEqual(1)
  })

  test('a block is final after 954 s on average: 64 slots in slot 0, 96 − s in slot s', () => {
    const { summary } = run(640, { seed: 'final', proposerReorg: false })
    const mean = meanOf(summary.finalityDelaysSeconds)
    // Blocks of slot 0 are the checkpoint itself; justified one epoch earlier.
    expect(Math.abs(mean - 954)).toBeLessThan(8)
    expect(mean - meanOf(summary.justificationDelaysSeconds)).toBeCloseTo(384, -1)
  })

  test('behavior: the same seed gives the same digest, another seed another one', () => {
    const digests = ['one', 'one', 'two'].map((seed) => run(70, { seed }).simulation.digest())
    expect(digests[0]).toBe(digests[1])
    expect(digests[0]).not.toBe(digests[2])
  })

  test('behavior: what blocks count for justification is what the epoch’s end counts', () => {
    const { network } = run(200)
    const { blocks, stateAt } = network.chain
    let compared = 0
    for (const block of blocks.slice(1)) {
      const next = blocks.find((other) => other.parent === block.id)
      if (next === undefined || next.epochState === block.epochState) continue
      const { beacon } = stateAt(block.id, block.epochState.epoch + 1)
      // The flags have moved on: this epoch's are the previous ones of the next.
      expect(countVotes(beacon).target).toBe(Math.max(1, block.currentTarget))
      compared++
    }
    expect(compared).toBeGreaterThanOrEqual(5)
  })

  test('behavior: balances grow by what the votes earn', () => {
    const { network } = run(128)
    const last = network.chain.blocks.at(-1)!
    const before = network.chain.blocks[0]!.epochState.beacon
    const gained = totalBalance(last.epochState.beacon.registry) - totalBalance(before.registry)
    const epochs = last.epochState.epoch - before.epoch
    const ideal = (before.activeEther * before.baseReward * (54 + 54 / 7)) / 64
    expect(Number(gained) / epochs / ideal).toBeGreaterThan(0.9)
    expect(Number(gained) / epochs / ideal).toBeLessThanOrEqual(1.04)
  })

  test.each([
    ['four validators on four nodes', 4, 1],
    ['a million validators on ten nodes', 10, 100_000],
  ])('%s become final', (_name, count, validators) => {
    const { network } = run(160, { nodes: nodesOf(count, validators) })
    expect(network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(10)
  })

  test('behavior: genesis has nothing final for four epochs', () => {
    const { network } = run(129, { start: 'genesis' })
    expect(network.finalisedEpochOf(0)).toBe(2)
    const { network: early } = run(127, { start: 'genesis' })
    expect(early.finalisedEpochOf(0)).toBe(0)
  })
})

test('behavior: in Gloas votes are due earlier, and more blocks come too late for them', () => {
  const [fulu, gloas] = (['fulu', 'gloas'] as const).map((fork) =>
    run(320, { fork, seed: 'due', proposerReorg: false, proposalLatestMs: 12_000 }).summary
      .headAccuracy,
  )
  expect(gloas!).toBeLessThan(fulu!)
  expect(gloas!).toBeGreaterThan(0.9)
})

test('votes by committee and by single validators agree in all that is measured', () => {
  const runs = (['committee', 'per-validator'] as const).map((attestations) =>
    run(320, { attestations, count: 30, seed: 'fidelity' }).summary,
  )
  const [committee, single] = [runs[0]!, runs[1]!]
  expect(single.participation).toBe(committee.participation)
  expect(Math.abs(single.headAccuracy - committee.headAccuracy)).toBeLessThan(0.01)
  expect(single.finalisedDistance).toBeCloseTo(committee.finalisedDistance, 2)
  const means = runs.map(({ finalityDelaysSeconds }) => meanOf(finalityDelaysSeconds))
  expect(Math.abs(means[0]! - means[1]!)).toBeLessThan(12)
})

describe('outages', () => {
  const nodes = nodesOf(60, 100).map((node, index) => ({
    ...node,
    down: index < 24 ? [[64, 256] as const] : [],
  }))

  test('with two fifths down nothing becomes final, and it does again when they are back', () => {
    const during = run(255, { nodes })
    expect(during.network.finalisedEpochOf(59)).toBeLessThanOrEqual(10)
    expect(during.summary.participation).toBeLessThan(0.75)
    const after = run(400, { nodes })
    expect(after.network.finalisedEpochOf(59)).toBeGreaterThanOrEqual(18)
    expect(after.network.finalisedEpochOf(0)).toBe(after.network.finalisedEpochOf(59))
  })

  test('the absent lose, and the leak shows in their scores', () => {
    const { network } = run(300, {
      nodes: nodes.map((node) => ({ ...node, down: node.down.map(() => [64, 999] as const) })),
    })
    const { registry } = network.chain.blocks.at(-1)!.epochState.beacon
    expect(registry.score[0]!).toBeGreaterThan(0)
    expect(registry.score[59]!).toBeLessThanOrEqual(4)
    expect(registry.balance[0]!).toBeLessThan(32e9)
    expect(registry.balance[59]!).toBeGreaterThan(32e9)
  })

  test('in two halves neither makes anything final; together again they follow one chain', () => {
    const partition = { from: 64, until: 224, side: (node: number) => node % 2 }
    const parted = run(220, { partition, count: 40 }).network
    const heads = [parted.headOf(0), parted.headOf(1)]
    const { slot } = parted.chain.blocks[heads[1]!]!
    expect(parted.chain.ancestorAt(heads[0]!, slot)).not.toBe(heads[1])
    expect(parted.finalisedEpochOf(0)).toBeLessThanOrEqual(10)
    expect(parted.finalisedEpochOf(1)).toBeLessThanOrEqual(10)
    const healed = run(420, { partition, count: 40 })
    expect(healed.network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(18)
    expect(healed.network.finalisedEpochOf(1)).toBe(healed.network.finalisedEpochOf(0))
    expect(healed.summary.orphaned).toBeGreaterThan(20)
  })
})

describe('late blocks', () => {
  const late = (proposerReorg: boolean) => {
    const nodes = nodesOf(40, 100).map((node, index) => ({
      ...node,
      missedSlotProbability: 0,
      proposalMedianMs: index === 0 ? 5_000 : 800,
      proposalSigma: 0.05,
    }))
    // Node 0 proposes every tenth slot.
    const proposerOf = (slot: number) => (slot % 10 === 5 ? 0 : 1 + (slot % 39))
    return run(160, { nodes, proposerOf, proposerReorg, proposalLatestMs: 12_000 }).summary
  }

  test('default: proposers know when votes are due, and hardly a block is left behind', () => {
    const [usual, heedless] = [undefined, 12_000].map(
      (proposalLatestMs) => run(640, { seed: 'late', proposalLatestMs }).summary,
    )
    expect(usual!.orphaned).toBeLessThanOrEqual(1)
    expect(usual!.missedSlots).toBeLessThanOrEqual(6)
    // ln(4 / 1.4) / 0.44: 0.85 % of them would publish after 4 s.
    expect(heedless!.orphaned).toBeGreaterThanOrEqual(3)
    expect(heedless!.proposerReorgs).toBe(heedless!.orphaned)
  })

  test('the next proposer leaves out what came too late for votes, and only that', () => {
    const { proposerReorgs, orphaned, blocks } = late(true)
    expect(blocks).toBe(160)
    // Of sixteen late blocks those before an epoch's first slot stay.
    expect(proposerReorgs).toBeGreaterThanOrEqual(14)
    expect(orphaned).toBe(proposerReorgs)
  })

  test('behavior: without the rule a late block stays', () => {
    expect(late(false).orphaned).toBe(0)
  })
})

test('behavior: options that cannot be are refused with their path', () => {
  const simulation = createSimulation({ seed: 'bad' })
  const path = (change: Partial<BeaconNetworkOptions>): string => {
    try {
      createBeaconNetwork(simulation, { nodes: nodesOf(3, 10), ...change })
    } catch (error) {
      return (error as BeaconOptionsError).path
    }
    return 'none'
  }
  expect(path({ fork: 'dencun' })).toBe('fork')
  expect(path({ aggregateDueMs: 2_000 })).toBe('aggregateDueMs')
  expect(path({ attestationDueMs: 13_000 })).toBe('attestationDueMs')
  expect(path({ nodes: nodesOf(2, 0) })).toBe('nodes')
  expect(path({ nodes: [{ entity: 'x', validators: 1.5 }] })).toBe('nodes[0].validators')
  expect(path({ partition: { from: 5, until: 4, side: () => 0 } })).toBe('partition.until')
  const hostile = nodesOf(3, 10).map((node, index) => ({ ...node, adversary: index < 2 }))
  expect(path({ nodes: hostile, assertSafety: true })).toBe('nodes')
  const fork = { name: 'mine' } as never
  expect(() => createBeaconNetwork(simulation, { nodes: nodesOf(3, 10), fork })).toThrow(
    ForkProfileError,
  )
  expect(() => checkShares('builders', [0.5, 0.4])).toThrow(/builders: expected shares/)
  expect(() => checkShares('builders', [0.5, 0.5])).not.toThrow()
})
