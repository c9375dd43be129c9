import { describe, expect, test } from 'vitest'
import {
  initiate_validator_exit,
  process_epoch,
  slash_validator,
} from '../testing/referenceEpoch.ts'
import {
  process_consolidation_request,
  process_withdrawal_request,
  process_withdrawals,
  top_up,
} from '../testing/referenceOperations.ts'
import { createPair, type Pair, textsOf } from '../testing/transitionPair.ts'
import { requestConsolidation } from './consolidations.ts'
import { topUp } from './deposits.ts'
import { exitMembers } from './exits.ts'
import { processEpoch } from './processEpoch.ts'
import { slashMembers } from './slashing.ts'
import { requestWithdrawal, sweepWithdrawals } from './withdrawals.ts'

/** Ten validators of 100 ETH, each a group of its own, and twenty of 32 beside them. */
const open = (): Pair =>
  createPair(
    [
      ...Array.from({ length: 10 }, () => ({
        ...{ entity: 'rich', count: 1, balanceEther: 100, compounding: true },
      })),
      { entity: 'others', count: 20 },
    ],
    'fulu',
    'running',
    { epoch: 300 },
  )

/** Asks for a part of a validator's balance, on both sides. */
function ask({ state, reference }: Pair, group: number, ether: number): void {
  requestWithdrawal(state, { group, rank: 0, count: 1 }, ether * 1e9)
  process_withdrawal_request(reference, group, BigInt(ether) * 10n ** 9n)
}

/** Ends an epoch in which everybody voted; then a block. Returns what it paid, Gwei. */
function pass({ state, reference }: Pair): bigint {
  const { registry } = state
  for (const column of [registry.nextSource, registry.nextTarget, registry.nextHead]) {
    for (let at = 0; at < registry.size; at++) column[at] = registry.count[at]!
  }
  reference.current_participation = reference.validators.map(() => [true, true, true])
  processEpoch(state)
  process_epoch(reference)
  const paid = process_withdrawals(reference)
  expect(sweepWithdrawals(state)).toBe(paid)
  return paid
}

/** Epochs, of so many, at whose beginning more than 3 ETH are paid. */
function payments(pair: Pair, epochs: number): number[] {
  const found: number[] = []
  for (let epoch = 1; epoch <= epochs; epoch++) {
    if (pass(pair) > 3_000_000_000n) found.push(epoch)
  }
  const [text, expected] = textsOf(pair)
  expect(text).toEqual(expected)
  return found
}

test('what was to move to another validator stays with one that is slashed', () => {
  const rich = { entity: 'rich', count: 1, balanceEther: 100, compounding: true }
  const churn = {
    ...{ kind: 'balance' as const, quotient: 64, minimum: 40, activationMaximum: 64 },
    consolidationQuotient: 16,
  }
  const groups = Array.from({ length: 12 }, () => rich)
  const pair = createPair(groups, 'gloas', 'running', { epoch: 300, churn })
  const { state, reference } = pair
  for (const group of [1, 2]) {
    requestConsolidation(state, { group, rank: 0, count: 1 }, { group: 5, rank: 0 })
    process_consolidation_request(reference, group, 5)
  }
  expect(state.consolidations).toHaveLength(2)
  slashMembers(state, 1, 1)
  slash_validator(reference, 1)
  for (let epoch = 1; epoch < 270; epoch++) {
    pass(pair)
    // The slashed one is dropped at once, the other one moves when it may be withdrawn.
    expect(state.consolidations).toHaveLength(reference.pending_consolidations.length)
    if (epoch === 1) expect(state.consolidations.map(({ group }) => group)).toEqual([2])
  }
  expect(state.consolidations).toEqual([])
  const [text, expected] = textsOf(pair)
  expect(text).toEqual(expected)
})

test('a balance that is the whole of an epoch’s churn takes one epoch of it, not two', () => {
  const group = { entity: 'rich', count: 1, balanceEther: 64, compounding: true }
  // A sixteenth of 1,024 ETH: 64.
  const churn = {
    ...{ kind: 'balance' as const, quotient: 64, minimum: 40, activationMaximum: 64 },
    consolidationQuotient: 16,
  }
  const groups = Array.from({ length: 16 }, () => group)
  const pair = createPair(groups, 'gloas', 'running', { epoch: 300, churn })
  for (const source of [1, 2, 3]) {
    requestConsolidation(pair.state, { group: source, rank: 0, count: 1 }, { group: 5, rank: 0 })
    process_consolidation_request(pair.reference, source, 5)
  }
  expect([...pair.state.registry.exitEpoch.subarray(1, 4)]).toEqual([305, 306, 307])
  const [text, expected] = textsOf(pair)
  expect(text).toEqual(expected)
})

test('top-ups of those who leave wait, of those who may withdraw are free, to the epoch', () => {
  const churn = {
    ...{ kind: 'balance' as const, quotient: 64, minimum: 40, activationMaximum: 64 },
    exitMaximum: 64,
  }
  const group = { entity: 'rich', count: 1, balanceEther: 100, compounding: true }
  const groups = Array.from({ length: 14 }, () => group)
  const pair = createPair(groups, 'fulu', 'running', { epoch: 300, churn })
  const { state, reference } = pair
  // Deposits of this epoch are taken in when it is final, at the end of 303.
  for (let index = 1; index <= 6; index++) {
    state.registry.exitEpoch[index] = 301
    state.registry.withdrawableEpoch[index] = 300 + index
    Object.assign(reference.validators[index]!, {
      ...{ exit_epoch: 301n, withdrawable_epoch: 300n + BigInt(index) },
    })
  }
  for (const index of [1, 2, 3, 4, 5, 6, 10, 11, 12]) {
    topUp(state, { group: index, rank: 0, count: 1 }, 30e9)
    top_up(reference, index, 30_000_000_000n)
  }
  for (let epoch = 0; epoch < 12; epoch++) {
    pass(pair)
    const [text, expected] = textsOf(pair)
    expect(text).toEqual(expected)
  }
  expect(state.deposits).toEqual([])
})

describe('block by block as the specification has it', () => {
  test('a part is paid in the first block of the epoch in which it is due', () => {
    const pair = open()
    ask(pair, 1, 10)
    // Five epochs until it leaves, and 256 more.
    expect(payments(pair, 263)).toEqual([261])
  })

  test('a whole balance is paid in the epoch from which it may be withdrawn', () => {
    const pair = open()
    exitMembers(pair.state, 1, 1)
    initiate_validator_exit(pair.reference, 1)
    expect(payments(pair, 263)).toEqual([261])
  })

  test('eight parts are paid in one block, and who waits for one may not leave', () => {
    const pair = open()
    for (let group = 0; group < 10; group++) ask(pair, group, 10)
    ask(pair, 3, 0)
    expect(payments(pair, 263)).toEqual([261, 262])
    expect(pair.state.registry.exitEpoch[3]).toBeGreaterThan(1_000)
  })

  test('parts that are asked for take the churn of 128 ETH an epoch, one after another', () => {
    const pair = open()
    for (let group = 0; group < 5; group++) ask(pair, group, 60)
    const due = pair.state.withdrawals.map(({ withdrawableEpoch }) => withdrawableEpoch)
    expect(due.map((epoch) => epoch - 256)).toEqual([305, 305, 306, 306, 307])
    const [text, expected] = textsOf(pair)
    expect(text).toEqual(expected)
  })

  test('who gets no part takes no place from eight who do', () => {
    const pair = open()
    for (let group = 0; group < 9; group++) ask(pair, group, 10)
    slashMembers(pair.state, 0, 1)
    slash_validator(pair.reference, 0)
    expect(payments(pair, 260)).toEqual([])
    expect(pass(pair)).toBeGreaterThan(80_000_000_000n)
    expect(pair.state.withdrawals).toEqual([])
  })

  test('of a balance that does not divide evenly the first may ask for a Gwei more', () => {
    const group = { entity: 'rich', count: 3, balanceEther: 100, compounding: true }
    const pair = createPair([group], 'fulu', 'running', { epoch: 300 })
    const { state, reference } = pair
    state.registry.carry[0] = 2
    for (const index of [0, 1]) reference.balances[index] = reference.balances[index]! + 1n
    for (let rank = 0; rank < 3; rank++) {
      requestWithdrawal(state, { group: 0, rank, count: 1 }, 500e9)
      process_withdrawal_request(reference, rank, 500n * 10n ** 9n)
    }
    expect(state.withdrawals.map(({ amountGwei }) => BigInt(amountGwei))).toEqual(
      reference.pending_partial_withdrawals.map(({ amount }) => amount),
    )
    expect(state.withdrawals.map(({ amountGwei }) => amountGwei - 68e9)).toEqual([1, 1, 0])
  })

  test('who is slashed meanwhile gets no part', () => {
    const pair = open()
    ask(pair, 1, 10)
    ask(pair, 2, 10)
    slashMembers(pair.state, 1, 1)
    slash_validator(pair.reference, 1)
    expect(payments(pair, 263)).toEqual([261])
  })

  test.each([
    ['below 32 ETH of effective balance nothing is paid', 31, 33e9],
    ['of a balance that has shrunk what is above 32 ETH', 35, 36e9],
  ])('%s', (_name, effective, gwei) => {
    const pair = open()
    const { state, reference } = pair
    ask(pair, 1, 60)
    for (let epoch = 0; epoch < 260; epoch++) pass(pair)
    const at = state.registry.group.indexOf(1)
    state.registry.effective[at] = effective
    state.registry.balance[at] = gwei
    reference.validators[1]!.effective_balance = BigInt(effective) * 10n ** 9n
    reference.balances[1] = BigInt(gwei)
    // Without an epoch's end between: it would set the effective balance anew.
    state.epoch++
    reference.epoch++
    const paid = process_withdrawals(reference)
    expect(sweepWithdrawals(state)).toBe(paid)
    // Of the others a little is swept.
    expect(paid > 900_000_000n).toBe(effective > 32)
    const [text, expected] = textsOf(pair)
    expect(text).toEqual(expected)
  })
})
