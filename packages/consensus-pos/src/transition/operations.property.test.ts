import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { initiate_validator_exit, process_epoch } from '../testing/referenceEpoch.ts'
import {
  process_consolidation_request,
  process_withdrawal_request,
  process_withdrawals,
  top_up,
} from '../testing/referenceOperations.ts'
import { FAR_FUTURE } from '../testing/referenceState.ts'
import { createPair, type Pair, textsOf } from '../testing/transitionPair.ts'
import { requestConsolidation } from './consolidations.ts'
import { topUp } from './deposits.ts'
import { exitMembers } from './exits.ts'
import type { ChurnRules } from './forkProfile.ts'
import { processEpoch } from './processEpoch.ts'
import { requestWithdrawal, sweepWithdrawals } from './withdrawals.ts'

type Act =
  | { kind: 'exit'; group: number }
  | { kind: 'withdraw'; group: number; rank: number; count: number; ether: number }
  | { kind: 'consolidate'; group: number; rank: number; count: number; to: number }
  | { kind: 'compound'; group: number; rank: number }
  | { kind: 'top up'; group: number; rank: number; count: number; ether: number }

/** What a block holds, how many follow it in its epoch, and how many epochs pass after it. */
type Step = { act: Act; blocks: number; gap: number; absent: number }

const groupsMax = 4

/** How often what was asked for came to something, so that the test is not about nothing. */
const counts = { withdrawals: 0, consolidated: 0, swept: 0n }

/** Numbers of the reference's validators: members of a group stand in line. */
function indexOf({ groupOf }: Pair, group: number, rank: number): number {
  let left = rank
  return groupOf.findIndex((of) => of === group && left-- === 0)
}

function act(pair: Pair, sizes: readonly number[], { act: what }: Step): void {
  const { state, reference } = pair
  const group = what.group % sizes.length
  const size = sizes[group]!
  if (what.kind === 'exit') {
    const index = reference.validators.findIndex(
      (v, i) => pair.groupOf[i] === group && v.exit_epoch === FAR_FUTURE,
    )
    if (index >= 0) initiate_validator_exit(reference, index)
    exitMembers(state, group, 1)
    return
  }
  const rank = what.rank % size
  const count = 'count' in what ? Math.min(what.count, size - rank) : 1
  const indices = Array.from({ length: count }, (_, k) => indexOf(pair, group, rank + k))
  const who = { group, rank, count }
  if (what.kind === 'withdraw') {
    for (const index of indices) {
      process_withdrawal_request(reference, index, BigInt(Math.round(what.ether * 1e9)))
    }
    requestWithdrawal(state, who, Math.round(what.ether * 1e9))
  } else if (what.kind === 'top up') {
    for (const index of indices) top_up(reference, index, BigInt(Math.round(what.ether * 1e9)))
    topUp(state, who, Math.round(what.ether * 1e9))
  } else if (what.kind === 'compound') {
    process_consolidation_request(reference, indices[0]!, indices[0]!)
    requestConsolidation(state, who, { group, rank })
  } else {
    const to = what.to % sizes.length
    const target = indexOf(pair, to, 0)
    for (const index of indices) process_consolidation_request(reference, index, target)
    requestConsolidation(state, who, { group: to, rank: 0 })
  }
}

/** Ends an epoch in which all but one group voted, if any is absent. */
function end(pair: Pair, sizes: readonly number[], absent: number): void {
  const { state, reference, groupOf } = pair
  const { registry } = state
  const isPresent = (group: number): boolean => group !== absent || sizes.length < 2
  reference.validators.forEach((_v, index) => {
    const here = isPresent(groupOf[index]!)
    reference.current_participation[index] = [here, here, here]
  })
  for (let at = 0; at < registry.size; at++) {
    const members = isPresent(registry.group[at]!) ? registry.count[at]! : 0
    registry.nextSource[at] = members
    registry.nextTarget[at] = members
    registry.nextHead[at] = members
  }
  const waiting = reference.pending_consolidations.length
  processEpoch(state)
  process_epoch(reference)
  counts.consolidated += waiting - reference.pending_consolidations.length
}

function blocks(pair: Pair, number: number): void {
  let sum = 0n
  for (let block = 0; block < number; block++) {
    const waiting = pair.reference.pending_partial_withdrawals.length
    sum += process_withdrawals(pair.reference)
    counts.withdrawals += waiting - pair.reference.pending_partial_withdrawals.length
  }
  expect(sweepWithdrawals(pair.state, number)).toBe(sum)
  counts.swept += sum
}

const nat = fc.nat(groupsMax - 1)
const rank = fc.nat(20)
const count = fc.integer({ min: 1, max: 5 })
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('exit' as const), group: nat }),
  fc.record({
    ...{ kind: fc.constant('withdraw' as const), group: nat, rank, count },
    ether: fc.constantFrom(0, 0.5, 1, 7.123_456_789, 100, 5_000),
  }),
  fc.record({ kind: fc.constant('consolidate' as const), group: nat, rank, count, to: nat }),
  fc.record({ kind: fc.constant('compound' as const), group: nat, rank }),
  fc.record({
    ...{ kind: fc.constant('top up' as const), group: nat, rank, count },
    ether: fc.constantFrom(1, 2.5, 31, 64, 900),
  }),
)

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    act: acts,
    blocks: fc.integer({ min: 0, max: 3 }),
    gap: fc.constantFrom(0, 0, 1, 3, 40, 150),
    absent: fc.constantFrom(-1, -1, -1, 0, 1),
  }),
  { minLength: 1, maxLength: 14 },
)

const groupOf = (compounding: boolean) =>
  fc.record({
    entity: fc.constant('entity'),
    count: fc.integer({ min: 1, max: 20 }),
    balanceEther: fc.constantFrom(32, 32.4, 31.2, 33.7, 45, compounding ? 400 : 64, 2_060),
    compounding: compounding ? fc.boolean() : fc.constant(false),
  })

/** Mainnet's churn would let nothing consolidate below 19 million ETH; this one does. */
const churns: Record<string, ChurnRules | undefined> = {
  electra: small({ exitMaximum: 64 }),
  fulu: small({ exitMaximum: 64 }),
  gloas: small({ consolidationQuotient: 16 }),
}

function small(more: { exitMaximum?: number; consolidationQuotient?: number }): ChurnRules {
  return { kind: 'balance', quotient: 64, minimum: 40, activationMaximum: 64, ...more }
}

describe.each(['bellatrix', 'capella', 'electra', 'fulu', 'gloas'])('%s', (fork) => {
  test('withdrawals, consolidations and top-ups agree with the specification to the Gwei', () => {
    const groups = fc.array(groupOf(churns[fork] !== undefined), {
      minLength: 1,
      maxLength: groupsMax,
    })
    fc.assert(
      fc.property(groups, steps, (given, history) => {
        const pair = createPair(given, fork, 'running', { epoch: 300, churn: churns[fork] })
        const sizes = given.map((group) => group.count)
        for (const step of history) {
          act(pair, sizes, step)
          blocks(pair, step.blocks)
          for (let epoch = 0; epoch <= step.gap; epoch++) {
            end(pair, sizes, step.absent)
            if (epoch < 3 && step.blocks > 1) blocks(pair, 1)
          }
          const [found, expected] = textsOf(pair)
          expect(found).toEqual(expected)
        }
        for (let epoch = 0; epoch < 270; epoch++) end(pair, sizes, -1)
        blocks(pair, 8)
        const [found, expected] = textsOf(pair)
        expect(found).toEqual(expected)
        expect(pair.state.nextWithdrawal).toBe(pair.reference.next_withdrawal_validator_index)
      }),
      fuzzParameters(12),
    )
  })
})

test('behavior: what was asked for came to something', () => {
  expect(counts.withdrawals).toBeGreaterThan(10)
  expect(counts.consolidated).toBeGreaterThan(5)
  expect(counts.swept).toBeGreaterThan(0n)
})
