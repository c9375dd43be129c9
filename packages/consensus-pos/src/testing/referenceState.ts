/**
 * Ethereum's `process_epoch` for single validators in big integers, written as plainly as the
 * specification's text and knowing nothing of the model that is compared with it.
 */
export type ReferenceValidator = {
  effective_balance: bigint
  slashed: boolean
  compounding: boolean
  activation_eligibility_epoch: bigint
  activation_epoch: bigint
  exit_epoch: bigint
  withdrawable_epoch: bigint
}

export type ReferenceDeposit = {
  amount: bigint
  compounding: boolean
  slot: bigint
  /** The validator that it tops up; a new one without it. */
  index?: number | undefined
}

/** Churn per epoch, Gwei and parts of the active balance. */
export type ReferenceChurn = {
  minimum: bigint
  quotient: bigint
  maximum: bigint
  consolidation_quotient?: bigint | undefined
}

/** Flags 0, 1, 2: timely source, target and head. */
export type Flags = [boolean, boolean, boolean]

export type ReferenceState = {
  fork: string
  epoch: bigint
  validators: ReferenceValidator[]
  balances: bigint[]
  inactivity_scores: bigint[]
  previous_participation: Flags[]
  current_participation: Flags[]
  justification_bits: boolean[]
  previous_justified: bigint
  current_justified: bigint
  finalized: bigint
  slashings: bigint[]
  earliest_exit_epoch: bigint
  exit_balance_to_consume: bigint
  pending_deposits: ReferenceDeposit[]
  deposit_balance_to_consume: bigint
  churn: ReferenceChurn
  next_withdrawal_validator_index: number
  pending_partial_withdrawals: { index: number; amount: bigint; withdrawable_epoch: bigint }[]
  pending_consolidations: { source: number; target: number }[]
  earliest_consolidation_epoch: bigint
  consolidation_balance_to_consume: bigint
}

export const FAR_FUTURE = 2n ** 64n - 1n
export const ETH = 1_000_000_000n
export const isElectra = (fork: string): boolean =>
  ['electra', 'fulu', 'gloas', 'heze'].includes(fork)
export const isGloas = (fork: string): boolean => ['gloas', 'heze'].includes(fork)

export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

export function is_active(v: ReferenceValidator, epoch: bigint): boolean {
  return v.activation_epoch <= epoch && epoch < v.exit_epoch
}

function integer_squareroot(n: bigint): bigint {
  let x = n
  let y = (x + 1n) / 2n
  while (y < x) {
    x = y
    y = (x + n / x) / 2n
  }
  return x
}

const previous_epoch = (s: ReferenceState): bigint => (s.epoch === 0n ? 0n : s.epoch - 1n)

export function total_balance(s: ReferenceState, indices: number[]): bigint {
  return max(
    ETH,
    indices.reduce((sum, i) => sum + s.validators[i]!.effective_balance, 0n),
  )
}

export function active_indices(s: ReferenceState, epoch: bigint): number[] {
  return s.validators.flatMap((v, i) => (is_active(v, epoch) ? [i] : []))
}

export function total_active_balance(s: ReferenceState): bigint {
  return total_balance(s, active_indices(s, s.epoch))
}

function unslashed_participating(s: ReferenceState, flag: 0 | 1 | 2, epoch: bigint): number[] {
  const flags = epoch === s.epoch ? s.current_participation : s.previous_participation
  return active_indices(s, epoch).filter((i) => flags[i]![flag] && !s.validators[i]!.slashed)
}

function eligible_indices(s: ReferenceState): number[] {
  const previous = previous_epoch(s)
  return s.validators.flatMap((v, i) =>
    is_active(v, previous) || (v.slashed && previous + 1n < v.withdrawable_epoch) ? [i] : [],
  )
}

const is_in_inactivity_leak = (s: ReferenceState): boolean =>
  previous_epoch(s) - s.finalized > 4n

const base_reward_per_increment = (s: ReferenceState): bigint =>
  (ETH * 64n) / integer_squareroot(total_active_balance(s))

export function base_reward(
  s: ReferenceState,
  i: number,
  per_increment = base_reward_per_increment(s),
): bigint {
  return (s.validators[i]!.effective_balance / ETH) * per_increment
}

export function decrease_balance(s: ReferenceState, i: number, delta: bigint): void {
  s.balances[i] = delta > s.balances[i]! ? 0n : s.balances[i]! - delta
}

export function process_justification_and_finalization(s: ReferenceState): void {
  if (s.epoch <= 1n) return
  const previous = previous_epoch(s)
  const total = total_active_balance(s)
  const previous_target = total_balance(s, unslashed_participating(s, 1, previous))
  const current_target = total_balance(s, unslashed_participating(s, 1, s.epoch))
  const [old_previous, old_current] = [s.previous_justified, s.current_justified]
  s.previous_justified = s.current_justified
  s.justification_bits = [false, ...s.justification_bits.slice(0, 3)]
  if (previous_target * 3n >= total * 2n) {
    s.current_justified = previous
    s.justification_bits[1] = true
  }
  if (current_target * 3n >= total * 2n) {
    s.current_justified = s.epoch
    s.justification_bits[0] = true
  }
  const bits = s.justification_bits
  if (bits[1] && bits[2] && bits[3] && old_previous + 3n === s.epoch) s.finalized = old_previous
  if (bits[1] && bits[2] && old_previous + 2n === s.epoch) s.finalized = old_previous
  if (bits[0] && bits[1] && bits[2] && old_current + 2n === s.epoch) s.finalized = old_current
  if (bits[0] && bits[1] && old_current + 1n === s.epoch) s.finalized = old_current
}

export function process_inactivity_updates(s: ReferenceState): void {
  if (s.epoch === 0n) return
  const participating = new Set(unslashed_participating(s, 1, previous_epoch(s)))
  for (const i of eligible_indices(s)) {
    let score = s.inactivity_scores[i]!
    if (participating.has(i)) score -= min(1n, score)
    else score += 4n
    if (!is_in_inactivity_leak(s)) score -= min(16n, score)
    s.inactivity_scores[i] = score
  }
}

function flag_deltas(s: ReferenceState, flag: 0 | 1 | 2): [bigint[], bigint[]] {
  const rewards = s.validators.map(() => 0n)
  const penalties = s.validators.map(() => 0n)
  const indices = unslashed_participating(s, flag, previous_epoch(s))
  const participating = new Set(indices)
  const weight = [14n, 26n, 14n][flag]!
  const participating_increments = total_balance(s, indices) / ETH
  const active_increments = total_active_balance(s) / ETH
  // The same for all: worked out for each it would take most of the time.
  const per_increment = base_reward_per_increment(s)
  for (const i of eligible_indices(s)) {
    const base = base_reward(s, i, per_increment)
    if (participating.has(i)) {
      if (!is_in_inactivity_leak(s)) {
        const numerator = base * weight * participating_increments
        rewards[i] = rewards[i]! + numerator / (active_increments * 64n)
      }
    } else if (flag !== 2) penalties[i] = penalties[i]! + (base * weight) / 64n
  }
  return [rewards, penalties]
}

function inactivity_deltas(s: ReferenceState): [bigint[], bigint[]] {
  const penalties = s.validators.map(() => 0n)
  const matching = new Set(unslashed_participating(s, 1, previous_epoch(s)))
  const quotient = s.fork === 'altair' ? 3n * 2n ** 24n : 2n ** 24n
  for (const i of eligible_indices(s)) {
    if (matching.has(i)) continue
    const numerator = s.validators[i]!.effective_balance * s.inactivity_scores[i]!
    penalties[i] = penalties[i]! + numerator / (4n * quotient)
  }
  return [s.validators.map(() => 0n), penalties]
}

export function process_rewards_and_penalties(s: ReferenceState): void {
  if (s.epoch === 0n) return
  const deltas = [flag_deltas(s, 0), flag_deltas(s, 1), flag_deltas(s, 2), inactivity_deltas(s)]
  for (const [rewards, penalties] of deltas) {
    s.validators.forEach((_v, i) => {
      s.balances[i] = s.balances[i]! + rewards[i]!
      decrease_balance(s, i, penalties[i]!)
    })
  }
}
