import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { exAnteReorg } from './attacks.ts'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions, BeaconNode } from './beaconOptions.ts'
import { buildsOnFull } from './blocks.ts'
import type { Strategy } from './strategy.ts'

/** Twenty nodes in Gloas, of which node k proposes in the slots that leave k over 20. */
function run(
  slots: number,
  change: Partial<BeaconNetworkOptions> & { node?: (index: number) => Partial<BeaconNode> } = {},
) {
  const { node = () => ({}), ...options } = change
  const simulation = createSimulation({ seed: 'gloas' })
  const network = createBeaconNetwork(simulation, {
    nodes: Array.from({ length: 20 }, (_, index) => ({
      ...{ entity: `${index}`, validators: 160, missedSlotProbability: 0 },
      ...{ proposalMedianMs: 400, proposalSigma: 0.1, ...node(index) },
    })),
    ...{ fork: 'gloas', proposerOf: (slot) => slot % 20, ...options },
  })
  simulation.run({ until: slots * seconds(12) - 1 })
  return { simulation, network, ...network.chain, summary: network.measures.summary() }
}

test('a vote for an older block says of its payload what its chain does', () => {
  const { blocks, bundles, network } = run(32 * 3, {
    payloads: { withheldShare: 0.4 },
    node: () => ({ missedSlotProbability: 0.4 }),
  })
  const next = new Map<number, boolean>()
  for (let at = network.headOf(0); at > 0; at = blocks[at]!.parent) {
    next.set(blocks[at]!.parent, buildsOnFull(blocks[at]!))
  }
  const said = { full: 0, empty: 0 }
  for (const { head, slot, payloadPresent } of bundles) {
    if (blocks[head]!.slot === slot) expect(payloadPresent).toBe(false)
    else if (head > 0 && next.has(head)) {
      expect(payloadPresent).toBe(next.get(head))
      said[payloadPresent === true ? 'full' : 'empty']++
    }
  }
  expect(Math.min(said.full, said.empty)).toBeGreaterThan(8)
})

test('before Gloas no vote speaks of payloads', () => {
  const { bundles, payloadVotes } = run(10, { fork: 'fulu' })
  expect(bundles.every(({ payloadPresent }) => payloadPresent === undefined)).toBe(true)
  expect(payloadVotes).toEqual([])
})

test('members of the committee who have no block of the slot say nothing', () => {
  const votesWith = (delayMs: number): number => {
    const strategy: Strategy = { name: 'late', propose: () => ({ delayMs }) }
    const node = (index: number) => ({ adversary: index === 3 })
    const { payloadVotes, blocks } = run(8, { strategy, node })
    const own = payloadVotes.filter(({ block }) => blocks[block]!.slot === 256 + 3)
    return own.reduce((sum, { timely, late }) => sum + timely + late, 0)
  }
  expect(votesWith(2_000)).toBe(512)
  // Some nodes have it within 100 ms, when the committee votes at 9 s.
  expect(votesWith(8_900)).toBeGreaterThan(0)
  expect(votesWith(8_900)).toBeLessThan(512)
  expect(votesWith(9_100)).toBe(0)
})

test('a node that was down fetches payloads, too, and what was under way to it is lost', () => {
  // Payloads are shown at 11.9 s: on their way when node 7 goes down with slot 40.
  const payloads = { revealMedianMs: 11_990, revealSigma: 0 }
  const { network, blocks } = run(32 * 3, { payloads, node: (index) => downIf(index === 7) })
  expect(network.headOf(7)).toBe(network.headOf(0))
  const back = 60 * seconds(12)
  const missed = blocks.filter(({ slot }) => slot >= 256 + 39 && slot < 256 + 59)
  expect(missed.length).toBeGreaterThan(15)
  for (const { payload } of missed) expect(payload!.seen[7]).toBeGreaterThanOrEqual(back)
  const { network: timely } = run(32 * 3, { node: (index) => downIf(index === 7) })
  expect(timely.headOf(7)).toBe(timely.headOf(0))
})

const downIf = (isDown: boolean): Partial<BeaconNode> => (isDown ? { down: [[40, 60]] } : {})

test('whoever leaves a late block out builds on its parent as that block did', () => {
  // Payloads come when the next slot's votes are cast, and are there when another one begins.
  const strategy: Strategy = { name: 'late', propose: () => ({ delayMs: 4_500 }) }
  const { summary, blocks } = run(32, {
    ...{ strategy, payloads: { revealMedianMs: 16_000, revealSigma: 0 } },
    node: (index) => ({ adversary: index === 9 }),
  })
  expect(summary.proposerReorgs).toBe(2)
  for (const late of blocks.filter(({ proposer }) => proposer === 9)) {
    const next = blocks.find(({ slot, parent }) => slot === late.slot + 1 && parent === late.parent)
    expect([late.isParentWhole, next?.isParentWhole]).toEqual([false, false])
  }
})

test('what was kept back comes with its payload, and can be built upon', () => {
  const strategy = exAnteReorg(1)
  const { blocks } = run(32, {
    strategy,
    proposerBoost: 0,
    node: (index) => ({ adversary: index === 9, validators: index === 9 ? 1_600 : 160 }),
    proposerReorg: false,
  })
  expect(strategy.attempts()).toBeGreaterThan(0)
  const hidden = blocks.filter(({ proposer }) => proposer === 9)
  const above = blocks.filter(({ parent }) => hidden.some(({ id }) => id === parent))
  expect(above.length).toBeGreaterThan(0)
  for (const block of above) expect(block.isParentWhole).toBe(true)
})

test('in slots of any length payloads are shown between the votes and what is due', () => {
  for (const slotMs of [4_000, 6_000, 12_000, 24_000]) {
    expect(run(64 * (slotMs / 12_000), { slotMs }).summary.emptyPayloads).toBeLessThan(0.05)
  }
})

test('a proposer takes no bid of a builder that is down or cannot be reached', () => {
  const homes = (network: ReturnType<typeof run>) =>
    network.blocks.flatMap(({ payload, bid, proposer }) =>
      bid === undefined || bid.builder < 0 ? [] : [[payload!.builder, proposer]],
    )
  const partition = { from: 0, until: 64, side: (node: number) => node % 2 }
  const apart = homes(run(64, { partition }))
  expect(apart.length).toBeGreaterThan(30)
  for (const [builder, proposer] of apart) expect(builder! % 2).toBe(proposer! % 2)
  const half = homes(run(64, { node: (index) => (index < 10 ? { down: [[0, 64]] } : {}) }))
  expect(half.length).toBeGreaterThan(10)
  for (const [builder] of half) expect(builder).toBeGreaterThanOrEqual(10)
})

describe('in halves that do not hear each other', () => {
  test('each follows its own blocks; together again all have the payloads of both', () => {
    const partition = { from: 20, until: 60, side: (node: number) => node % 2 }
    const { network } = run(32 * 5, { partition })
    const heads = new Set(Array.from({ length: 20 }, (_, node) => network.headOf(node)))
    expect(heads.size).toBe(1)
    expect(network.finalisedEpochOf(0)).toBeGreaterThanOrEqual(10)
    // Committees of either side are counted there only.
    const parted = network.chain.payloadVotes.filter(({ slot }) => slot === 256 + 30)
    expect(parted.length).toBeGreaterThan(0)
    for (const { timely, late } of parted) expect(timely + late).toBeLessThan(300)
  })
})
