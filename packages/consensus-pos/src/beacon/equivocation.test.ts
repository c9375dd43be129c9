import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { forkProfile } from '../transition/forkProfiles.ts'
import { createBeaconState } from '../transition/validatorGroup.ts'
import { type Attack, doubleVote, surroundVote } from './attacks.ts'
import { type BeaconNetwork, createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions } from './beaconOptions.ts'
import type { Bundle } from './bundles.ts'
import { createBeaconChain } from './chain.ts'
import { createEvidencePool } from './evidence.ts'
import { createHeads } from './heads.ts'
import type { Strategy } from './strategy.ts'

const validators = 3_200

/** Forty honest nodes and one with a share of the stake, which proposes in no slot unless told. */
function attacked(
  strategy: Attack | Strategy,
  share: number,
  slots: number,
  change: Partial<BeaconNetworkOptions> = {},
): BeaconNetwork {
  const simulation = createSimulation({ seed: 'equivocation' })
  const honest = Math.round((validators * (1 - share)) / 40)
  const nodes = Array.from({ length: 41 }, (_, node) => ({
    ...{ entity: `${node}`, validators: node < 40 ? honest : validators - 40 * honest },
    ...{ missedSlotProbability: 0, proposalMedianMs: 500, proposalSigma: 0.1 },
    adversary: node === 40,
  }))
  const network = createBeaconNetwork(simulation, {
    ...{ nodes, strategy, proposerOf: (slot) => slot % 40 },
    ...change,
  })
  simulation.run({ until: slots * seconds(12) + seconds(3) })
  return network
}

/** Share of all stake whose votes a node counts for anything in the tree. */
function countedShare({ chain, choiceOf, headOf }: BeaconNetwork): number {
  const { finalised, weightOf } = choiceOf(0)
  let first = headOf(0)
  while (chain.blocks[first]!.parent > finalised.block) first = chain.blocks[first]!.parent
  return weightOf(first) / (32 * validators)
}

describe.each([
  ['double votes', doubleVote],
  ['surrounding votes', surroundVote],
])('%s', (_name, attack) => {
  test('default: take their validators out of the fork choice for good', () => {
    const network = attacked(attack(), 0.3, 32 * 5)
    expect(network.chain.conflicts.length).toBeGreaterThan(30)
    expect(Math.abs(countedShare(network) - 0.7)).toBeLessThan(0.01)
    // Without the rule all count.
    const without = attacked(attack(), 0.3, 32 * 5, { equivocationDiscount: false })
    expect(countedShare(without)).toBeGreaterThan(0.95)
  })

  test('behavior: all who did it are slashed', () => {
    const { chain, headOf } = attacked(attack(), 0.3, 32 * 5)
    const { registry } = chain.blocks[headOf(0)]!.epochState.beacon
    let slashed = 0
    for (let at = 0; at < registry.size; at++) {
      slashed += registry.slashed[at]! * registry.count[at]!
    }
    expect(slashed).toBeGreaterThan(0.9 * 0.3 * validators)
    expect(slashed).toBeLessThanOrEqual(0.3 * validators)
  })
})

test('votes for single validators: both of two votes for one epoch are discounted', () => {
  const apart = { attestations: 'per-validator' } as const
  const network = attacked(doubleVote(), 0.3, 32 * 3, apart)
  expect(Math.abs(countedShare(network) - 0.7)).toBeLessThan(0.02)
  const without = attacked(doubleVote(), 0.3, 32 * 3, { ...apart, equivocationDiscount: false })
  expect(countedShare(without)).toBeGreaterThan(0.95)
})

describe('a late head with few votes', () => {
  /** Its proposer, the adversary, is late; its votes are for head and parent, or for the parent. */
  const lateIn = (late: number, doubles: boolean): Strategy => ({
    name: 'late',
    propose: () => ({ delayMs: 4_500 }),
    vote: ({ slot, publicHead, parentOf }) => {
      if (slot !== late) return {}
      return doubles ? { head: publicHead, second: parentOf(publicHead) } : { head: publicHead }
    },
  })

  test.each([
    // `is_head_weak` adds the equivocators of the slot: 0.3 of its committee is above 0.2.
    [0.3, true, 0],
    [0.1, true, 1],
    [0.3, false, 1],
  ])('%d of the votes, equivocating: %s, is left out %d times', (share, doubles, times) => {
    const network = attacked(lateIn(256 + 40, doubles), share, 50, {
      proposerOf: (slot) => (slot === 40 ? 40 : slot % 40),
    })
    expect(network.measures.summary().proposerReorgs).toBe(times)
  })
})

describe('evidence', () => {
  const vote = (id: number, slot: number, source: number, change?: Partial<Bundle>): Bundle => ({
    ...{ id, slot, head: 0, ether: 1, targetEpoch: Math.floor(slot / 32), target: 0 },
    ...{ sourceEpoch: source, source: 0, settled: 0, partial: true },
    ...{ voters: Int32Array.of(0, 1), members: Int32Array.of(300, 6), seen: new Float64Array(3) },
    ...change,
  })
  const lineOf = (slot: number): number => slot % 32
  const poolIn = (fork: string) =>
    createEvidencePool({
      ...{ rules: forkProfile(fork).slashing, nodes: 2, slotMembers: 1_280, lineOf },
    })

  test('default: names those who signed both, whatever becomes of the older bundle', () => {
    const pool = poolIn('fulu')
    const inner = vote(0, 300, 8)
    pool.addVote(inner)
    // Old bundles forget their voters.
    inner.voters = inner.members = new Int32Array(0)
    pool.addVote(vote(1, 332, 7, { voters: Int32Array.of(1, 2), members: Int32Array.of(6, 9) }))
    expect(pool.all.map(({ offences }) => offences.map(({ node }) => node))).toEqual([[1]])
    expect([...pool.conflicts[0]!.voters]).toEqual([1])
  })

  test('behavior: before Electra a report names one committee; all ten have to be reported', () => {
    const pool = poolIn('deneb')
    const beacon = createBeaconState({ groups: [{ entity: 'all', count: 1 }], start: 'running' })
    const chain = createBeaconChain(
      { epoch: 8, tip: 0, beacon },
      { firstSlot: 256, nodes: 2, evidence: pool.all, conflicts: pool.conflicts },
    )
    chain.bundles.push(vote(0, 260, 7), vote(1, 260, 6))
    for (const bundle of chain.bundles) pool.addVote(bundle)
    expect(pool.all).toHaveLength(10)
    const ether = 10
    const electorate = { nodes: 2, effective: [ether, ether], lineOf }
    const switches = { proposerBoost: 0, equivocationDiscount: true }
    const heads = createHeads(chain, switches, () => 1, electorate)
    const equivocating = (): number =>
      heads.choose({
        ...{ slot: 261, sees: () => true, hasVote: (id) => id === 0, open: [0, 1], boosted: -1 },
      }).equivocatingEther
    const reporter = chain.blocks[0]!
    chain.reporters.push(reporter.id)
    reporter.slashings = pool.all.slice(0, 9).map((_, report) => report)
    expect(equivocating()).toBe(0)
    reporter.slashings = pool.all.map((_, report) => report)
    expect(equivocating()).toBe(306 * ether)
  })
})
