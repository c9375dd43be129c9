import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { process_epoch, slash_validator } from '../testing/referenceEpoch.ts'
import { base_reward, type ReferenceState } from '../testing/referenceState.ts'
import { createPair } from '../testing/transitionPair.ts'
import { forkProfile } from '../transition/forkProfiles.ts'
import { lineOfSlot } from './assignment.ts'
import { type Attack, doubleVote } from './attacks.ts'
import { balancing } from './balancing.ts'
import { type BeaconNetwork, createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconBlock } from './blocks.ts'
import { epochOf } from './chain.ts'
import { createEvidencePool } from './evidence.ts'

const honest = 10

/** A network, and the voters of the bundles in its blocks, which it forgets itself. */
type Attacked = BeaconNetwork & { votersOf: ReadonlyMap<number, Int32Array> }

/** Ten honest nodes and one that attacks, each with so many validators. */
function attacked(
  strategy: Attack,
  { each = 32, own = 32, fork = 'fulu', slots = 0 }: Record<string, number | string> = {},
): Attacked {
  const simulation = createSimulation({ seed: 'slashed' })
  const votersOf = new Map<number, Int32Array>()
  const network = createBeaconNetwork(simulation, {
    nodes: Array.from({ length: honest + 1 }, (_, node) => ({
      ...{ entity: `${node}`, validators: Number(node < honest ? each : own) },
      ...{ missedSlotProbability: 0, proposalMedianMs: 600, adversary: node === honest },
    })),
    ...{ strategy, fork: `${fork}` },
    observer: {
      block: ({ bundles }) => {
        for (const id of bundles) votersOf.set(id, network.chain.bundles[id]!.voters)
      },
    },
  })
  simulation.run({ until: Number(slots) * seconds(12) - 1 })
  return { ...network, votersOf }
}

/** The blocks of a node's chain, first to last. */
function pathOf({ chain, headOf }: BeaconNetwork): BeaconBlock[] {
  const path: BeaconBlock[] = []
  for (let at = headOf(0); at > 0; at = chain.blocks[at]!.parent) path.push(chain.blocks[at]!)
  return path.reverse()
}

/** Plays a chain anew, validator by validator, to the beginning of its head's epoch. */
function replay(network: Attacked, counts: readonly number[], fork: string): ReferenceState {
  const { chain, firstSlot } = network
  const groups = counts.map((count, node) => ({ entity: `${node}`, count }))
  const { reference, groupOf } = createPair(groups, fork, 'running', { epoch: firstSlot / 32 })
  const places = new Map<number, number[]>()
  groupOf.forEach((node, index) => {
    const place = 32 * node + (index % 32)
    places.set(place, [...(places.get(place) ?? []), index])
  })
  const membersOf = (node: number, line: number): number[] => places.get(32 * node + line) ?? []
  const path = pathOf(network)
  const last = epochOf(path.at(-1)!.slot)
  for (const block of path) {
    while (Number(reference.epoch) < epochOf(block.slot)) process_epoch(reference)
    if (epochOf(block.slot) === last) break
    let reward = 0n
    for (const id of block.slashings) {
      for (const { node, key } of chain.evidence[id]!.offences) {
        for (const index of membersOf(node, Math.floor(key / counts.length))) {
          if (!reference.validators[index]!.slashed) reward += slash_validator(reference, index)
        }
      }
    }
    const bases = new Map<bigint, bigint>()
    const baseOf = (index: number): bigint => {
      const { effective_balance } = reference.validators[index]!
      const base = bases.get(effective_balance) ?? base_reward(reference, index)
      bases.set(effective_balance, base)
      return base
    }
    let numerator = 0n
    for (const id of block.bundles) {
      const { slot, head, target, targetEpoch } = chain.bundles[id]!
      const isCurrent = targetEpoch === Number(reference.epoch)
      const flags = isCurrent ? reference.current_participation : reference.previous_participation
      const hitsTarget = target === chain.checkpoint(block.parent, targetEpoch)
      const hitsHead = hitsTarget && head === chain.ancestorAt(block.parent, slot)
      const delay = block.slot - slot
      const timely = [delay <= 5, hitsTarget, hitsHead && delay === 1]
      for (const node of network.votersOf.get(id)!) {
        for (const index of membersOf(node, lineOfSlot(slot))) {
          timely.forEach((isTimely, flag) => {
            if (!isTimely || flags[index]![flag as 0 | 1 | 2]) return
            flags[index]![flag as 0 | 1 | 2] = true
            numerator += baseOf(index) * [14n, 26n, 14n][flag]!
          })
        }
      }
    }
    const payee = groupOf.indexOf(block.proposer)
    reward += numerator / 448n
    reference.balances[payee] = reference.balances[payee]! + reward
  }
  return reference
}

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n)

describe('double votes that blocks report', () => {
  test.each(['bellatrix', 'electra', 'gloas'])(
    'in %s every node has what the reference gives it',
    (fork) => {
      const counts = Array.from({ length: honest + 1 }, () => 32)
      const network = attacked(doubleVote(), { fork, slots: 32 * 4 + 4 })
      const path = pathOf(network)
      const { beacon } = path.at(-1)!.epochState
      const { registry } = beacon
      const reference = replay(network, counts, fork)
      expect(Number(reference.epoch)).toBe(beacon.epoch)
      const slashed = reference.validators.filter((validator) => validator.slashed)
      expect(slashed).toHaveLength(32)
      const totals = counts.map(() => 0n)
      for (let at = 0; at < registry.size; at++) {
        const node = registry.group[at]!
        const gwei = registry.balance[at]! * registry.count[at]! + registry.carry[at]!
        totals[node] = totals[node]! + BigInt(gwei)
        expect(registry.slashed[at]).toBe(node === honest ? 1 : 0)
      }
      const expected = counts.map((count, node) =>
        sum(reference.balances.slice(32 * node, 32 * node + count)),
      )
      // Until Electra who is slashed has a lower effective balance at once, and a vote that a
      // class shares is worth a little more or less to the block that brings it.
      const margin = fork === 'bellatrix' ? 100_000 : 0
      totals.forEach((gwei, node) => {
        expect(Math.abs(Number(gwei - expected[node]!))).toBeLessThanOrEqual(margin)
      })
      expect(beacon.finalised).toBe(Number(reference.finalized))
    },
  )

  test('behavior: who is slashed does not propose, and two thirds have to come without him', () => {
    const few = attacked(doubleVote(), { own: 140, slots: 32 * 9 })
    const many = attacked(doubleVote(), { own: 210, slots: 32 * 9 })
    // 30 % and 40 % of all stake; the validators stay active until their exits.
    const quiet = (network: BeaconNetwork): number => 16 - network.finalisedEpochOf(0)
    expect(quiet(few)).toBeLessThanOrEqual(3)
    expect(quiet(many)).toBeGreaterThan(5)
    for (const network of [few, many]) {
      const late = pathOf(network).filter(({ slot }) => slot >= network.firstSlot + 72)
      expect(late.some(({ proposer }) => proposer === honest)).toBe(false)
      expect(late.length).toBeGreaterThan(100)
    }
  })
})

test('two blocks for one slot cost the validator that made them', () => {
  const network = attacked(balancing(), { own: 64, slots: 32 * 5 + 4 })
  const path = pathOf(network)
  const reported = path.flatMap(({ slashings }) => slashings)
  expect(reported.length).toBeGreaterThan(5)
  expect(new Set(reported).size).toBe(reported.length)
  const { registry } = path.at(-1)!.epochState.beacon
  const before = path.filter(({ slot }) => epochOf(slot) < epochOf(path.at(-1)!.slot))
  let slashed = 0
  for (let at = 0; at < registry.size; at++) {
    if (registry.slashed[at] === 1) slashed += registry.count[at]!
  }
  expect(slashed).toBe(before.flatMap(({ slashings }) => slashings).length)
})

describe('evidence', () => {
  const seen = Float64Array.of(0, 10, 20)
  /** A vote of two nodes; its head is its own. */
  const vote = (id: number, slot: number, epochs = [slot >> 5, (slot >> 5) + 1]): never =>
    ({
      ...{ id, slot, voters: Int32Array.of(1, 2), members: Int32Array.of(300, 6), seen },
      ...{ head: id, source: 0, target: 0, sourceEpoch: epochs[0], targetEpoch: epochs[1] },
    }) as never
  const block = (done: readonly number[] = []): never => ({ offences: new Set(done) }) as never
  const poolIn = (fork: string) =>
    createEvidencePool({
      ...{ rules: forkProfile(fork).slashing, nodes: 3, slotMembers: 1_280 },
      lineOf: (slot) => slot % 32,
    })

  test('default: who has not seen both parts does not report; nothing is reported twice', () => {
    const pool = poolIn('fulu')
    for (const id of [0, 1]) pool.addVote(vote(id, 5))
    expect(pool.reportsFor(block(), 2, 19)).toEqual([])
    expect(pool.reportsFor(block(), 2, 20)).toEqual([0])
    const keys = pool.all[0]!.offences.map(({ key }) => key)
    expect(pool.reportsFor(block(keys.slice(1)), 2, 20)).toEqual([0])
    expect(pool.reportsFor(block(keys), 2, 20)).toEqual([])
    // The same validators in a later epoch.
    for (const id of [2, 3]) pool.addVote(vote(id, 37))
    expect(pool.reportsFor(block(keys), 2, 20)).toEqual([])
    for (const id of [4, 5]) pool.addVote(vote(id, 38))
    expect(pool.reportsFor(block(), 2, 20)).toEqual([0])
    expect(pool.reportsFor(block(keys), 2, 20)).toEqual([2])
    pool.forget(block(keys))
    expect(pool.reportsFor(block(), 2, 20)).toEqual([2])
  })

  test('behavior: before Electra one report names one committee, and a block has two', () => {
    const pool = poolIn('deneb')
    for (const id of [0, 1]) pool.addVote(vote(id, 5))
    // 1,280 votes a slot: ten committees.
    expect(pool.all).toHaveLength(10)
    const members = (node: number): number[] =>
      pool.all.map(({ offences }) => offences.find((each) => each.node === node)?.members ?? 0)
    expect(members(1)).toEqual(Array.from({ length: 10 }, () => 30))
    expect(members(2).reduce((a, b) => a + b)).toBe(6)
    expect(pool.reportsFor(block(), 2, 20)).toEqual([0, 1])
  })

  test.each([
    ['one around the other', [1, 5], [2, 4], 1],
    ['one inside the other', [2, 4], [1, 5], 1],
    ['one after the other', [1, 2], [2, 3], 0],
    ['from one source', [1, 3], [1, 2], 0],
    ['for one epoch', [1, 3], [2, 3], 1],
  ])('behavior: votes %s', (_name, first, second, reports) => {
    const pool = poolIn('fulu')
    pool.addVote(vote(0, 5, first))
    pool.addVote(vote(1, 37, second))
    // Others have said nothing that contradicts this.
    pool.addVote(vote(2, 38, second))
    expect(pool.all).toHaveLength(reports)
  })

  test('behavior: sixteen proposers at most', () => {
    const pool = poolIn('fulu')
    for (let slot = 0; slot < 20; slot++) {
      const made = { proposer: 1, slot, seen } as never
      pool.addProposals(made, made)
    }
    expect(pool.reportsFor(block(), 0, 0)).toHaveLength(16)
  })
})
