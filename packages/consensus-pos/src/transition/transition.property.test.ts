import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  add_validator,
  initiate_validator_exit,
  process_epoch,
  slash_validator,
} from '../testing/referenceEpoch.ts'
import type { Flags } from '../testing/referenceState.ts'
import { createPair, type Pair, textsOf } from '../testing/transitionPair.ts'
import { deposit } from './deposits.ts'
import { exitMembers } from './exits.ts'
import { forkNames } from './forkProfile.ts'
import { processEpoch } from './processEpoch.ts'
import { slashMembers } from './slashing.ts'
import { totalBalance } from './registry.ts'

/** One epoch of a random history: which groups vote, and what their blocks hold. */
type Step = {
  votes: number[]
  /** Flags of the epoch before that come only now. */
  late: number[]
  slash?: { group: number; members: number } | undefined
  exit?: { group: number; members: number } | undefined
  deposits?: { count: number; ether: number; compounding: boolean } | undefined
}

function expectSame(pair: Pair): void {
  const { group, rank, count, size } = pair.state.registry
  for (let at = 1; at < size; at++) {
    // The members of a group stand in line.
    expect(rank[at]).toBe(group[at] === group[at - 1] ? rank[at - 1]! + count[at - 1]! : 0)
  }
  const [found, expected] = textsOf(pair)
  expect(found).toEqual(expected)
}

const isElectra = (fork: string): boolean => forkNames.indexOf(fork as never) >= 4

/** Lets all members of group g vote as bits 0 to 2 of `votes[g]` say: source, target, head. */
function vote(pair: Pair, votes: readonly number[], late: readonly number[] = [0]): void {
  const { state, reference, groupOf } = pair
  const { registry } = state
  const flags = (group: number, of = votes): Flags => {
    const bits = of[group % of.length]!
    return [(bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0]
  }
  reference.validators.forEach((_validator, index) => {
    reference.current_participation[index] = flags(groupOf[index]!)
    const more = flags(groupOf[index]!, late)
    const before = reference.previous_participation[index]!
    reference.previous_participation[index] = before.map((flag, k) => flag || more[k]) as Flags
  })
  for (let at = 0; at < registry.size; at++) {
    const [source, target, head] = flags(registry.group[at]!)
    const [lateSource, lateTarget, lateHead] = flags(registry.group[at]!, late)
    if (lateSource) registry.source[at] = registry.count[at]!
    if (lateTarget) registry.target[at] = registry.count[at]!
    if (lateHead) registry.head[at] = registry.count[at]!
    registry.nextSource[at] = source ? registry.count[at]! : 0
    registry.nextTarget[at] = target ? registry.count[at]! : 0
    registry.nextHead[at] = head ? registry.count[at]! : 0
  }
}

/** The first `members` validators of a group that satisfy a condition, by index. */
function chosen(pair: Pair, group: number, members: number, can: (i: number) => boolean): number[] {
  const { reference, groupOf } = pair
  const found = reference.validators.flatMap((_v, i) => (groupOf[i] === group && can(i) ? [i] : []))
  return found.slice(0, members)
}

function act(pair: Pair, { slash, exit, deposits }: Step, nextGroup: number): void {
  const { state, reference, groupOf } = pair
  const validators = reference.validators
  if (exit !== undefined) {
    const indices = chosen(pair, exit.group, exit.members, (i) => {
      const { activation_epoch, exit_epoch } = validators[i]!
      return activation_epoch <= reference.epoch && exit_epoch === 2n ** 64n - 1n
    })
    for (const index of indices) initiate_validator_exit(reference, index)
    exitMembers(state, exit.group, indices.length)
  }
  if (slash !== undefined) {
    const indices = chosen(pair, slash.group, slash.members, (i) => {
      const { slashed, activation_epoch, withdrawable_epoch } = validators[i]!
      return !slashed && activation_epoch <= reference.epoch && reference.epoch < withdrawable_epoch
    })
    let earned = 0n
    for (const index of indices) earned += slash_validator(reference, index)
    if (indices.length > 0) {
      const reward = slashMembers(state, slash.group, indices.length)
      expect(BigInt(reward.whistleblower + reward.proposer)).toBe(earned)
    }
  }
  if (deposits !== undefined) {
    const { count, ether } = deposits
    const compounding = deposits.compounding && isElectra(reference.fork)
    const amount = BigInt(Math.round(ether * 1e9))
    const { epoch } = state
    // Two groups, whose validators become eligible at the same time.
    const half = count >> 1
    const order = { group: nextGroup, rank: 0, count, compounding, epoch }
    if (half > 0) deposit(state, { ...order, count: half, amountGwei: Number(amount) })
    const rest = { ...order, rank: half, count: count - half }
    deposit(state, { ...rest, amountGwei: Number(amount) })
    for (let done = 0; done < count; done++) {
      groupOf.push(nextGroup)
      const slot = reference.epoch * 32n + 5n
      if (isElectra(reference.fork)) reference.pending_deposits.push({ amount, compounding, slot })
      else add_validator(reference, amount, compounding)
    }
  }
}

const groupOf = (fork: string): fc.Arbitrary<{ count: number; balanceEther: number }> =>
  fc.record({
    entity: fc.constant('entity'),
    count: fc.integer({ min: 1, max: 5 }),
    balanceEther: fc.oneof(
      fc.constantFrom(32, 31.7, 16.2, 16.0001, 33.3, 0.00001),
      fc.double({ min: 15.9, max: isElectra(fork) ? 2_100 : 40, noNaN: true }),
    ),
    compounding: isElectra(fork) ? fc.boolean() : fc.constant(false),
  })

const stepOf = (groups: number): fc.Arbitrary<Step> => {
  const some = fc.record({
    group: fc.nat(groups),
    members: fc.integer({ min: 1, max: 6 }),
  })
  const rarely = <value>(of: fc.Arbitrary<value>): fc.Arbitrary<value | undefined> =>
    fc.option(of, { freq: 6, nil: undefined }).map((value) => value)
  return fc.record({
    // In most epochs all vote, so that much becomes final and queues move.
    votes: fc.oneof(
      { weight: 2, arbitrary: fc.constant<number[]>([7]) },
      fc.array(fc.constantFrom(7, 7, 7, 3, 1, 0, 0), { minLength: groups, maxLength: groups }),
    ),
    late: fc.array(fc.constantFrom(0, 0, 0, 3, 7), { minLength: groups, maxLength: groups }),
    slash: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, rarely(some)),
    exit: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, rarely(some)),
    deposits: fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      fc.record({
        count: fc.integer({ min: 1, max: 20 }),
        ether: fc.constantFrom(32, 1, 40.5, 64, 300, 2_048),
        compounding: fc.boolean(),
      }),
    ),
  })
}

describe.each(forkNames)('%s', (fork) => {
  test('random histories agree with the specification to the last Gwei', () => {
    const history = fc.integer({ min: 1, max: 5 }).chain((groups) =>
      fc.tuple(
        fc.array(groupOf(fork), { minLength: groups, maxLength: groups }),
        fc.array(stepOf(groups), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('genesis' as const, 'running' as const),
      ),
    )
    fc.assert(
      fc.property(history, ([groups, steps, start]) => {
        const pair = createPair(groups as never, fork, start)
        steps.forEach((step, index) => {
          vote(pair, step.votes, step.late)
          act(pair, step, groups.length + index)
          processEpoch(pair.state)
          process_epoch(pair.reference)
          expectSame(pair)
        })
      }),
      fuzzParameters(40),
    )
  })
})

test('10,000 epochs with leaks, ejections, slashings and their correlation agree', () => {
  const groups = [
    { entity: 'a', count: 3, balanceEther: 2_040, compounding: true },
    { entity: 'b', count: 2, balanceEther: 32 },
    { entity: 'c', count: 2, balanceEther: 900, compounding: true },
    { entity: 'd', count: 1, balanceEther: 1_500, compounding: true },
    { entity: 'e', count: 1, balanceEther: 2_500, compounding: true },
  ]
  const pair = createPair(groups, 'fulu')
  const { state, reference } = pair
  let leaks = 0
  for (let epoch = 0; epoch < 10_000; epoch++) {
    // Offline in turn, so that the chain loses and regains finality.
    const quiet = (epoch >> 9) & 1
    const votes = [7, 7, quiet ? 0 : 7, epoch % 5 === 0 ? 3 : quiet ? 0 : 7, quiet ? 1 : 7]
    vote(pair, epoch % 3 === 0 && quiet ? [0, 7, 0, 0, 7] : votes)
    if (epoch === 700) act(pair, { votes, late: [], slash: { group: 3, members: 1 } }, 9)
    if (epoch === 2_000) act(pair, { votes, late: [], slash: { group: 0, members: 1 } }, 9)
    processEpoch(state)
    process_epoch(reference)
    if (state.epoch - state.finalised > 6) leaks++
    if (epoch % 10 === 0) expectSame(pair)
  }
  expectSame(pair)
  expect(leaks).toBeGreaterThan(500)
  expect(state.finalised).toBeGreaterThan(100)
  expect(totalBalance(state.registry)).toBeGreaterThan(0n)
})
