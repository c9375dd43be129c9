import {
  active_indices,
  decrease_balance,
  ETH,
  FAR_FUTURE,
  is_active,
  isElectra,
  isGloas,
  max,
  min,
  process_inactivity_updates,
  process_justification_and_finalization,
  process_rewards_and_penalties,
  type ReferenceState,
  type ReferenceValidator,
  total_active_balance,
} from './referenceState.ts'

export const compute_activation_exit_epoch = (epoch: bigint): bigint => epoch + 1n + 4n

function validator_churn_limit(s: ReferenceState): bigint {
  return max(4n, BigInt(active_indices(s, s.epoch).length) / 65_536n)
}

export function balance_churn(s: ReferenceState, quotient: bigint, minimum: bigint): bigint {
  const churn = max(minimum, total_active_balance(s) / quotient)
  return churn - (churn % ETH)
}

const base_churn = (s: ReferenceState): bigint =>
  balance_churn(s, s.churn.quotient, s.churn.minimum)

function exit_churn_limit(s: ReferenceState): bigint {
  if (isGloas(s.fork)) return base_churn(s)
  return min(s.churn.maximum, base_churn(s))
}

function activation_churn_limit(s: ReferenceState): bigint {
  return min(s.churn.maximum, base_churn(s))
}

export function consolidation_churn_limit(s: ReferenceState): bigint {
  const { consolidation_quotient } = s.churn
  if (consolidation_quotient !== undefined) return balance_churn(s, consolidation_quotient, 0n)
  return base_churn(s) - activation_churn_limit(s)
}

export function initiate_validator_exit(s: ReferenceState, i: number): void {
  const v = s.validators[i]!
  if (v.exit_epoch !== FAR_FUTURE) return
  if (isElectra(s.fork)) {
    v.exit_epoch = compute_exit_epoch_and_update_churn(s, v.effective_balance)
  } else {
    const exits = s.validators.map((o) => o.exit_epoch).filter((epoch) => epoch !== FAR_FUTURE)
    let queue = [...exits, compute_activation_exit_epoch(s.epoch)].reduce(max)
    const churn = exits.filter((epoch) => epoch === queue).length
    if (BigInt(churn) >= validator_churn_limit(s)) queue += 1n
    v.exit_epoch = queue
  }
  v.withdrawable_epoch = v.exit_epoch + 256n
}

export function compute_exit_epoch_and_update_churn(
  s: ReferenceState,
  exit_balance: bigint,
): bigint {
  let earliest = max(s.earliest_exit_epoch, compute_activation_exit_epoch(s.epoch))
  const churn = exit_churn_limit(s)
  let to_consume = s.earliest_exit_epoch < earliest ? churn : s.exit_balance_to_consume
  if (exit_balance > to_consume) {
    const additional = (exit_balance - to_consume - 1n) / churn + 1n
    earliest += additional
    to_consume += additional * churn
  }
  s.exit_balance_to_consume = to_consume - exit_balance
  s.earliest_exit_epoch = earliest
  return earliest
}

/** Slashes one validator; returns what the report earns. */
export function slash_validator(s: ReferenceState, i: number): bigint {
  initiate_validator_exit(s, i)
  const v = s.validators[i]!
  v.slashed = true
  v.withdrawable_epoch = max(v.withdrawable_epoch, s.epoch + 8_192n)
  const place = Number(s.epoch % 8_192n)
  s.slashings[place] = s.slashings[place]! + v.effective_balance
  const quotient = isElectra(s.fork) ? 4_096n : s.fork === 'altair' ? 64n : 32n
  decrease_balance(s, i, v.effective_balance / quotient)
  return v.effective_balance / (isElectra(s.fork) ? 4_096n : 512n)
}

export function process_registry_updates(s: ReferenceState): void {
  const electra = isElectra(s.fork)
  s.validators.forEach((v, i) => {
    const enough = electra ? v.effective_balance >= 32n * ETH : v.effective_balance === 32n * ETH
    if (v.activation_eligibility_epoch === FAR_FUTURE && enough) {
      v.activation_eligibility_epoch = s.epoch + 1n
      if (electra) return
    }
    if (is_active(v, s.epoch) && v.effective_balance <= 16n * ETH) initiate_validator_exit(s, i)
    else if (electra && is_waiting(s, v)) {
      v.activation_epoch = compute_activation_exit_epoch(s.epoch)
    }
  })
  if (electra) return
  const queue = s.validators.filter((v) => is_waiting(s, v))
  // Array sorting is stable: equal epochs stay in the order of the indices.
  queue.sort((a, b) => Number(a.activation_eligibility_epoch - b.activation_eligibility_epoch))
  const limit = validator_churn_limit(s)
  const capped = s.fork === 'deneb' ? min(8n, limit) : limit
  for (const v of queue.slice(0, Number(capped))) {
    v.activation_epoch = compute_activation_exit_epoch(s.epoch)
  }
}

const is_waiting = (s: ReferenceState, v: ReferenceValidator): boolean =>
  v.activation_eligibility_epoch <= s.finalized && v.activation_epoch === FAR_FUTURE

export function process_slashings(s: ReferenceState): void {
  // Without this the sum of 8,192 zeros would take most of the time.
  if (!s.validators.some((v) => v.slashed)) return
  const total = total_active_balance(s)
  const sum = s.slashings.reduce((a, b) => a + b, 0n)
  const adjusted = min(sum * (s.fork === 'altair' ? 2n : 3n), total)
  s.validators.forEach((v, i) => {
    if (!v.slashed || s.epoch + 4_096n !== v.withdrawable_epoch) return
    const increments = v.effective_balance / ETH
    if (isElectra(s.fork)) decrease_balance(s, i, (adjusted / (total / ETH)) * increments)
    else decrease_balance(s, i, ((increments * adjusted) / total) * ETH)
  })
}

export function add_validator(s: ReferenceState, amount: bigint, compounding: boolean): void {
  const limit = (compounding ? 2_048n : 32n) * ETH
  s.validators.push({
    effective_balance: min(amount - (amount % ETH), limit),
    slashed: false,
    compounding,
    activation_eligibility_epoch: FAR_FUTURE,
    activation_epoch: FAR_FUTURE,
    exit_epoch: FAR_FUTURE,
    withdrawable_epoch: FAR_FUTURE,
  })
  s.balances.push(amount)
  s.inactivity_scores.push(0n)
  s.previous_participation.push([false, false, false])
  s.current_participation.push([false, false, false])
}

export function process_pending_deposits(s: ReferenceState): void {
  if (!isElectra(s.fork)) return
  const available = s.deposit_balance_to_consume + activation_churn_limit(s)
  let processed = 0n
  let next = 0
  let limit_reached = false
  const to_postpone = []
  for (const deposit of s.pending_deposits) {
    const { amount, compounding, index } = deposit
    if (deposit.slot > s.finalized * 32n) break
    if (next >= 16) break
    const validator = index === undefined ? undefined : s.validators[index]!
    const is_exited = validator !== undefined && validator.exit_epoch < FAR_FUTURE
    const is_withdrawn = validator !== undefined && validator.withdrawable_epoch < s.epoch + 1n
    if (is_withdrawn) s.balances[index!] = s.balances[index!]! + amount
    else if (is_exited) to_postpone.push(deposit)
    else {
      limit_reached = processed + amount > available
      if (limit_reached) break
      processed += amount
      if (validator === undefined) add_validator(s, amount, compounding)
      else s.balances[index!] = s.balances[index!]! + amount
    }
    next += 1
  }
  s.pending_deposits = [...s.pending_deposits.slice(next), ...to_postpone]
  s.deposit_balance_to_consume = limit_reached ? available - processed : 0n
}

export function process_pending_consolidations(s: ReferenceState): void {
  let next = 0
  for (const { source, target } of s.pending_consolidations) {
    const validator = s.validators[source]!
    if (validator.slashed) {
      next += 1
      continue
    }
    if (validator.withdrawable_epoch > s.epoch + 1n) break
    const amount = min(s.balances[source]!, validator.effective_balance)
    decrease_balance(s, source, amount)
    s.balances[target] = s.balances[target]! + amount
    next += 1
  }
  s.pending_consolidations = s.pending_consolidations.slice(next)
}

export function process_effective_balance_updates(s: ReferenceState): void {
  s.validators.forEach((v, i) => {
    const balance = s.balances[i]!
    const step = ETH / 4n
    const limit = (v.compounding ? 2_048n : 32n) * ETH
    const moved =
      balance + step < v.effective_balance || v.effective_balance + 5n * step < balance
    if (moved) v.effective_balance = min(balance - (balance % ETH), limit)
  })
}

export function process_epoch(s: ReferenceState): void {
  process_justification_and_finalization(s)
  process_inactivity_updates(s)
  process_rewards_and_penalties(s)
  process_registry_updates(s)
  process_slashings(s)
  process_pending_deposits(s)
  process_pending_consolidations(s)
  process_effective_balance_updates(s)
  s.slashings[Number((s.epoch + 1n) % 8_192n)] = 0n
  s.previous_participation = s.current_participation
  s.current_participation = s.validators.map(() => [false, false, false])
  s.epoch += 1n
}
