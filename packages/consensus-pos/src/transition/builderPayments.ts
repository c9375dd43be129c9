import type { BuilderRules } from './forkProfile.ts'
import { gweiPerEther } from './gwei.ts'

/** Slots in an epoch. */
const slotsPerEpoch = 32

/** What a builder owes a proposer, by the number of the builder; amounts in Gwei. */
export type BuilderWithdrawal = { builder: number; proposer: number; amountGwei: number }

/** The payment of a bid that is not settled yet. */
export type BuilderPayment = BuilderWithdrawal & {
  /** Effective balance that voted for the block in its own slot, ETH. */
  weightEther: number
}

/** The bid of a block. */
export type BuilderBid = BuilderWithdrawal & { slot: number }

/** What builders have and owe on one chain (EIP-7732). */
export type BuilderLedger = {
  /** Balance of each builder, Gwei. */
  balances: number[]
  /** `builder_pending_payments`, by slot: those of the last epoch, then those of this one. */
  payments: (Readonly<BuilderPayment> | undefined)[]
  /** `builder_pending_withdrawals`: settled, and paid with one of the next payloads. */
  waiting: BuilderWithdrawal[]
  /** The last bid of the chain. */
  lastBid: BuilderBid | undefined
  /** Sums so far, Gwei: settled for payloads that are in the chain, by quorum, and lapsed. */
  settledGwei: number
  quorumGwei: number
  lapsedGwei: number
  /** What proposers got so far, Gwei. */
  paidGwei: number
}

/** @param balancesGwei Of each builder. */
export function createBuilderLedger(balancesGwei: readonly number[]): BuilderLedger {
  return {
    ...{ balances: [...balancesGwei], waiting: [], lastBid: undefined },
    payments: Array.from({ length: 2 * slotsPerEpoch }, () => undefined),
    ...{ settledGwei: 0, quorumGwei: 0, lapsedGwei: 0, paidGwei: 0 },
  }
}

/** A copy that shares nothing mutable with the original. */
export const cloneBuilderLedger = (ledger: BuilderLedger): BuilderLedger => ({
  ...ledger,
  balances: [...ledger.balances],
  payments: [...ledger.payments],
  waiting: [...ledger.waiting],
})

const epochOf = (slot: number): number => Math.floor(slot / slotsPerEpoch)

/** Where a slot's payment stands in the epoch; −1 where it has been evicted. */
function placeOf(slot: number, epoch: number): number {
  if (epochOf(slot) === epoch) return slotsPerEpoch + (slot % slotsPerEpoch)
  return epochOf(slot) === epoch - 1 ? slot % slotsPerEpoch : -1
}

/** `get_builder_payment_quorum_threshold`, Gwei, of the active stake, ETH. */
export function builderQuorumGwei(activeEther: number, rules: BuilderRules): bigint {
  const perSlot = (BigInt(activeEther) * BigInt(gweiPerEther)) / BigInt(slotsPerEpoch)
  return (perSlot * BigInt(rules.quorumNumerator)) / BigInt(rules.quorumDenominator)
}

/** `process_builder_pending_payments`, at the end of an epoch with so much active stake. */
export function endBuilderEpoch(
  ledger: BuilderLedger,
  activeEther: number,
  rules: BuilderRules,
): void {
  const quorum = builderQuorumGwei(activeEther, rules)
  for (const payment of ledger.payments.slice(0, slotsPerEpoch)) {
    if (payment === undefined) continue
    const { weightEther, ...withdrawal } = payment
    if (BigInt(weightEther) * BigInt(gweiPerEther) >= quorum) {
      ledger.waiting.push(withdrawal)
      ledger.quorumGwei += withdrawal.amountGwei
    } else ledger.lapsedGwei += withdrawal.amountGwei
  }
  const fresh = Array.from({ length: slotsPerEpoch }, () => undefined)
  ledger.payments = [...ledger.payments.slice(slotsPerEpoch), ...fresh]
}

/** `apply_parent_execution_payload`: a block builds upon the payload of the last bid. */
export function settleParentPayment(ledger: BuilderLedger, epoch: number): void {
  const { lastBid } = ledger
  if (lastBid === undefined) return
  const place = placeOf(lastBid.slot, epoch)
  const { slot: _slot, ...bid } = lastBid
  // One that has been evicted is owed again, whether it had its quorum or not.
  const payment = place < 0 ? bid : ledger.payments[place]
  if (place >= 0) ledger.payments[place] = undefined
  if (payment === undefined || payment.amountGwei === 0) return
  const { builder, proposer, amountGwei } = payment
  ledger.waiting.push({ builder, proposer, amountGwei })
  ledger.settledGwei += amountGwei
}

/** The builders' part of `process_withdrawals`, in a block upon a full parent. */
export function payFromBuilders(
  ledger: BuilderLedger,
  { withdrawalsPerPayload }: BuilderRules,
): void {
  for (const { builder, amountGwei } of ledger.waiting.splice(0, withdrawalsPerPayload)) {
    ledger.balances[builder] = Math.max(0, ledger.balances[builder]! - amountGwei)
    ledger.paidGwei += amountGwei
  }
}

/** `can_builder_cover_bid`. */
export function canCoverBid(
  ledger: BuilderLedger,
  builder: number,
  amountGwei: number,
  { minimumGwei }: BuilderRules,
): boolean {
  let owed = 0
  for (const each of ledger.waiting) if (each.builder === builder) owed += each.amountGwei
  for (const each of ledger.payments) if (each?.builder === builder) owed += each.amountGwei
  return ledger.balances[builder]! - minimumGwei - owed >= amountGwei
}

/** `process_execution_payload_bid`, of a bid that is covered. */
export function recordBid(ledger: BuilderLedger, bid: BuilderBid): void {
  const { slot, ...withdrawal } = bid
  if (bid.amountGwei > 0) {
    const place = slotsPerEpoch + (slot % slotsPerEpoch)
    ledger.payments[place] = { ...withdrawal, weightEther: 0 }
  }
  ledger.lastBid = bid
}

/** Votes in a block of this epoch for the block of their own slot. */
export function weighPayment(
  ledger: BuilderLedger,
  slot: number,
  epoch: number,
  ether: number,
): void {
  const place = placeOf(slot, epoch)
  const payment = ledger.payments[place]
  if (payment === undefined) return
  ledger.payments[place] = { ...payment, weightEther: payment.weightEther + ether }
}

/** `process_proposer_slashing`: who is slashed for two blocks in a slot is not paid for it. */
export function cancelPayment(
  ledger: BuilderLedger,
  slot: number,
  epoch: number,
  proposer: number,
): void {
  const place = placeOf(slot, epoch)
  const payment = ledger.payments[place]
  if (payment?.proposer !== proposer) return
  ledger.payments[place] = undefined
  ledger.lapsedGwei += payment.amountGwei
}
