/** The builders of Gloas as the specification (v1.7.0) tells of them, in big integers. */
export type BuilderState = {
  slot: number
  /** `get_total_active_balance`, Gwei. */
  total: bigint
  balances: bigint[]
  pending_payments: { weight: bigint; withdrawal: Withdrawal; proposer_index: number }[]
  pending_withdrawals: Withdrawal[]
  latest_bid: Withdrawal & { slot: number; proposer_index: number }
}

type Withdrawal = { amount: bigint; builder_index: number }

const SLOTS_PER_EPOCH = 32
const MIN_DEPOSIT_AMOUNT = 1_000_000_000n
const MAX_WITHDRAWALS_PER_PAYLOAD = 16

const nothing = () => ({
  ...{ weight: 0n, withdrawal: { amount: 0n, builder_index: 0 }, proposer_index: 0 },
})

export function genesis_builders(balances: bigint[], slot: number, total: bigint): BuilderState {
  return {
    ...{ slot, total, balances: [...balances], pending_withdrawals: [] },
    pending_payments: Array.from({ length: 2 * SLOTS_PER_EPOCH }, nothing),
    latest_bid: { amount: 0n, builder_index: -1, slot: -1, proposer_index: -1 },
  }
}

const epoch_at = (slot: number): number => Math.floor(slot / SLOTS_PER_EPOCH)

export function process_slots(state: BuilderState, slot: number): void {
  while (state.slot < slot) {
    if ((state.slot + 1) % SLOTS_PER_EPOCH === 0) process_builder_pending_payments(state)
    state.slot++
  }
}

function process_builder_pending_payments(state: BuilderState): void {
  const quorum = ((state.total / 32n) * 6n) / 10n
  for (const payment of state.pending_payments.slice(0, SLOTS_PER_EPOCH)) {
    if (payment.weight >= quorum) state.pending_withdrawals.push(payment.withdrawal)
  }
  const fresh = Array.from({ length: SLOTS_PER_EPOCH }, nothing)
  state.pending_payments = [...state.pending_payments.slice(SLOTS_PER_EPOCH), ...fresh]
}

export function process_parent_execution_payload(state: BuilderState): void {
  const { slot, amount, builder_index } = state.latest_bid
  if (slot < 0) return
  const settle = (index: number): void => {
    const { withdrawal } = state.pending_payments[index]!
    if (withdrawal.amount > 0n) state.pending_withdrawals.push(withdrawal)
    state.pending_payments[index] = nothing()
  }
  if (epoch_at(slot) === epoch_at(state.slot)) settle(SLOTS_PER_EPOCH + (slot % SLOTS_PER_EPOCH))
  else if (epoch_at(slot) === epoch_at(state.slot) - 1) settle(slot % SLOTS_PER_EPOCH)
  else if (amount > 0n) state.pending_withdrawals.push({ amount, builder_index })
}

export function process_withdrawals(state: BuilderState): void {
  const count = Math.min(state.pending_withdrawals.length, MAX_WITHDRAWALS_PER_PAYLOAD - 1)
  for (const { amount, builder_index } of state.pending_withdrawals.slice(0, count)) {
    const balance = state.balances[builder_index]!
    state.balances[builder_index] = balance - (amount < balance ? amount : balance)
  }
  state.pending_withdrawals = state.pending_withdrawals.slice(count)
}

export function can_builder_cover_bid(state: BuilderState, builder: number, bid: bigint): boolean {
  let pending = 0n
  for (const { amount, builder_index } of state.pending_withdrawals) {
    if (builder_index === builder) pending += amount
  }
  for (const { withdrawal } of state.pending_payments) {
    if (withdrawal.builder_index === builder) pending += withdrawal.amount
  }
  const least = MIN_DEPOSIT_AMOUNT + pending
  if (state.balances[builder]! < least) return false
  return state.balances[builder]! - least >= bid
}

export function process_execution_payload_bid(
  state: BuilderState,
  proposer_index: number,
  builder_index: number,
  amount: bigint,
): void {
  if (amount > 0n) {
    state.pending_payments[SLOTS_PER_EPOCH + (state.slot % SLOTS_PER_EPOCH)] = {
      ...{ weight: 0n, withdrawal: { amount, builder_index }, proposer_index },
    }
  }
  state.latest_bid = { slot: state.slot, amount, builder_index, proposer_index }
}

/** Its part of `process_attestation`, of votes for the block of their own slot. */
export function process_attestation(state: BuilderState, slot: number, balance: bigint): void {
  const isCurrent = epoch_at(slot) === epoch_at(state.slot)
  const index = (isCurrent ? SLOTS_PER_EPOCH : 0) + (slot % SLOTS_PER_EPOCH)
  const payment = state.pending_payments[index]!
  if (payment.withdrawal.amount > 0n) payment.weight += balance
}

export function process_proposer_slashing(state: BuilderState, slot: number, who: number): void {
  let index = -1
  if (epoch_at(slot) === epoch_at(state.slot)) index = SLOTS_PER_EPOCH + (slot % SLOTS_PER_EPOCH)
  else if (epoch_at(slot) === epoch_at(state.slot) - 1) index = slot % SLOTS_PER_EPOCH
  if (index < 0 || state.pending_payments[index]!.proposer_index !== who) return
  state.pending_payments[index] = nothing()
}
