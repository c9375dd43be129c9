import {
  compute_activation_exit_epoch,
  compute_exit_epoch_and_update_churn,
  consolidation_churn_limit,
  initiate_validator_exit,
} from './referenceEpoch.ts'
import {
  decrease_balance,
  ETH,
  FAR_FUTURE,
  is_active,
  isElectra,
  max,
  min,
  type ReferenceState,
} from './referenceState.ts'

/** What blocks do to balances, written as plainly as the specification's text. */

const MIN_ACTIVATION_BALANCE = 32n * ETH

const max_effective_balance = (s: ReferenceState, i: number): bigint =>
  s.validators[i]!.compounding ? 2_048n * ETH : 32n * ETH

const pending_balance_to_withdraw = (s: ReferenceState, i: number): bigint =>
  s.pending_partial_withdrawals
    .filter(({ index }) => index === i)
    .reduce((sum, { amount }) => sum + amount, 0n)

type Withdrawal = { index: number; amount: bigint }

/** The withdrawals of the next payload, and how many of those that wait it has looked at. */
function expected_withdrawals(s: ReferenceState): [Withdrawal[], number] {
  const withdrawals: Withdrawal[] = []
  let processed = 0
  const taken = (i: number): bigint =>
    withdrawals.filter(({ index }) => index === i).reduce((sum, w) => sum + w.amount, 0n)
  if (isElectra(s.fork)) {
    for (const { index, amount, withdrawable_epoch } of s.pending_partial_withdrawals) {
      if (withdrawable_epoch > s.epoch || withdrawals.length === 8) break
      const validator = s.validators[index]!
      const balance = s.balances[index]! - taken(index)
      const has_sufficient = validator.effective_balance >= MIN_ACTIVATION_BALANCE
      const has_excess = balance > MIN_ACTIVATION_BALANCE
      if (validator.exit_epoch === FAR_FUTURE && has_sufficient && has_excess) {
        withdrawals.push({ index, amount: min(balance - MIN_ACTIVATION_BALANCE, amount) })
      }
      processed += 1
    }
  }
  let index = s.next_withdrawal_validator_index
  const bound = Math.min(s.validators.length, 16_384)
  for (let i = 0; i < bound; i++) {
    const validator = s.validators[index]!
    const balance = s.balances[index]! - taken(index)
    const most = max_effective_balance(s, index)
    if (validator.withdrawable_epoch <= s.epoch && balance > 0n) {
      withdrawals.push({ index, amount: balance })
    } else if (validator.effective_balance === most && balance > most) {
      withdrawals.push({ index, amount: balance - most })
    }
    if (withdrawals.length === 16) break
    index = (index + 1) % s.validators.length
  }
  return [withdrawals, processed]
}

/** Returns the sum, Gwei. */
export function process_withdrawals(s: ReferenceState): bigint {
  if (['altair', 'bellatrix'].includes(s.fork)) return 0n
  const [withdrawals, processed] = expected_withdrawals(s)
  for (const { index, amount } of withdrawals) decrease_balance(s, index, amount)
  s.pending_partial_withdrawals = s.pending_partial_withdrawals.slice(processed)
  const length = s.validators.length
  if (withdrawals.length === 16) {
    s.next_withdrawal_validator_index = (withdrawals.at(-1)!.index + 1) % length
  } else {
    s.next_withdrawal_validator_index = (s.next_withdrawal_validator_index + 16_384) % length
  }
  return withdrawals.reduce((sum, { amount }) => sum + amount, 0n)
}

export function process_withdrawal_request(s: ReferenceState, i: number, request: bigint): void {
  if (!isElectra(s.fork)) return
  const validator = s.validators[i]!
  if (!is_active(validator, s.epoch)) return
  if (validator.exit_epoch !== FAR_FUTURE) return
  if (s.epoch < validator.activation_epoch + 256n) return
  const pending = pending_balance_to_withdraw(s, i)
  if (request === 0n) {
    if (pending === 0n) initiate_validator_exit(s, i)
    return
  }
  const has_sufficient = validator.effective_balance >= MIN_ACTIVATION_BALANCE
  const has_excess = s.balances[i]! > MIN_ACTIVATION_BALANCE + pending
  if (!validator.compounding || !has_sufficient || !has_excess) return
  const amount = min(s.balances[i]! - MIN_ACTIVATION_BALANCE - pending, request)
  const withdrawable_epoch = compute_exit_epoch_and_update_churn(s, amount) + 256n
  s.pending_partial_withdrawals.push({ index: i, amount, withdrawable_epoch })
}

function compute_consolidation_epoch(s: ReferenceState, balance: bigint): bigint {
  let earliest = max(s.earliest_consolidation_epoch, compute_activation_exit_epoch(s.epoch))
  const churn = consolidation_churn_limit(s)
  let to_consume =
    s.earliest_consolidation_epoch < earliest ? churn : s.consolidation_balance_to_consume
  if (balance > to_consume) {
    const additional = (balance - to_consume - 1n) / churn + 1n
    earliest += additional
    to_consume += additional * churn
  }
  s.consolidation_balance_to_consume = to_consume - balance
  s.earliest_consolidation_epoch = earliest
  return earliest
}

function switch_to_compounding_validator(s: ReferenceState, i: number): void {
  s.validators[i]!.compounding = true
  const balance = s.balances[i]!
  if (balance <= MIN_ACTIVATION_BALANCE) return
  s.balances[i] = MIN_ACTIVATION_BALANCE
  const amount = balance - MIN_ACTIVATION_BALANCE
  s.pending_deposits.push({ amount, compounding: true, slot: 0n, index: i })
}

export function process_consolidation_request(s: ReferenceState, from: number, to: number): void {
  if (!isElectra(s.fork)) return
  const [source, target] = [s.validators[from]!, s.validators[to]!]
  if (from === to) {
    const may = is_active(source, s.epoch) && source.exit_epoch === FAR_FUTURE
    if (may && !source.compounding) switch_to_compounding_validator(s, from)
    return
  }
  if (consolidation_churn_limit(s) <= MIN_ACTIVATION_BALANCE) return
  if (!target.compounding) return
  if (!is_active(source, s.epoch) || !is_active(target, s.epoch)) return
  if (source.exit_epoch !== FAR_FUTURE || target.exit_epoch !== FAR_FUTURE) return
  if (s.epoch < source.activation_epoch + 256n) return
  if (pending_balance_to_withdraw(s, from) > 0n) return
  source.exit_epoch = compute_consolidation_epoch(s, source.effective_balance)
  source.withdrawable_epoch = source.exit_epoch + 256n
  s.pending_consolidations.push({ source: from, target: to })
}

/** A deposit for a validator that is there already. */
export function top_up(s: ReferenceState, i: number, amount: bigint): void {
  if (!isElectra(s.fork)) {
    s.balances[i] = s.balances[i]! + amount
    return
  }
  const slot = s.epoch * 32n + 5n
  s.pending_deposits.push({ amount, compounding: false, slot, index: i })
}
