import { type BeaconState, maximumEther, type Members } from './beaconState.ts'
import { exitClass, exitEpochOf, withdrawabilityEpochs } from './exits.ts'
import { gweiPerEther } from './gwei.ts'
import { classOfMember, isolate, mayAsk, mergeAlike } from './members.ts'
import { addShared, farFuture, type Registry, splitClass } from './registry.ts'

/** MAX_VALIDATORS_PER_WITHDRAWALS_SWEEP. */
const sweepMax = 16_384

/**
 * `process_withdrawal_request` (EIP-7002) for members of a group, one after another: 0 Gwei asks
 * for the exit, more for that part of the balance above 32 ETH. Members who may not ask are passed
 * over in silence, as the specification has it. From Electra on only.
 *
 * @throws BaseError where the group has no such members.
 */
export function requestWithdrawal(state: BeaconState, who: Members, amountGwei: number): void {
  const { registry, profile } = state
  if (profile.partialWithdrawalsPerBlock === undefined) return
  const least = profile.balances.activationEther * gweiPerEther
  for (let rank = who.rank; rank < who.rank + who.count; rank++) {
    const at = classOfMember(registry, who.group, rank)
    if (!mayAsk(registry, at, state.epoch)) continue
    const pending = pendingOf(state, who.group, rank)
    if (amountGwei === 0) {
      if (pending === 0) exitClass(state, isolate(registry, who.group, rank))
      continue
    }
    const spare = balanceOf(registry, at, rank) - least - pending
    const isFull = registry.effective[at]! >= profile.balances.activationEther
    if (registry.compounding[at] === 0 || !isFull || spare <= 0) continue
    const amount = Math.min(spare, amountGwei)
    const withdrawableEpoch = exitEpochOf(state, amount) + withdrawabilityEpochs
    state.withdrawals.push({
      group: who.group,
      rank,
      count: 1,
      amountGwei: amount,
      withdrawableEpoch,
    })
  }
}

/** `get_pending_balance_to_withdraw`, Gwei. */
export function pendingOf({ withdrawals }: BeaconState, group: number, rank: number): number {
  let sum = 0
  for (const waiting of withdrawals) {
    const offset = rank - waiting.rank
    const isOwn = waiting.group === group && offset >= 0 && offset < waiting.count
    if (isOwn) sum += waiting.amountGwei
  }
  return sum
}

/** What a member has: of what does not divide evenly the first get a Gwei more. */
const balanceOf = (registry: Registry, at: number, rank: number): number =>
  registry.balance[at]! + (rank - registry.rank[at]! < registry.carry[at]! ? 1 : 0)

/**
 * The withdrawals of one block, `process_withdrawals`: first those that were asked for, then the
 * sweep over all validators, which takes the whole balance of who has left and what exceeds the
 * highest effective balance of who stays. Everybody has credentials that allow it. `blocks` in a
 * row do the same one after another.
 *
 * @returns what was withdrawn, Gwei.
 */
export function sweepWithdrawals(state: BeaconState, blocks = 1): bigint {
  const limit = state.profile.withdrawalsPerBlock
  if (limit === undefined) return 0n
  const before = state.withdrawnGwei
  const touched: Touched = { first: Number.POSITIVE_INFINITY, last: -1 }
  for (let block = 0; block < blocks; block++) sweep(state, limit - takePending(state), touched)
  if (touched.last >= 0) {
    mergeAlike(state.registry, Math.max(0, touched.first - 1), touched.last + 2)
  }
  return state.withdrawnGwei - before
}

/** The classes that a sweep has changed. */
type Touched = { first: number; last: number }

/**
 * The first of those that were asked for and are due, up to so many that are paid: who gets nothing
 * takes no place. Returns how many places they took.
 */
function takePending(state: BeaconState): number {
  const { registry, epoch, profile } = state
  const { activationEther } = profile.balances
  const least = activationEther * gweiPerEther
  let places = 0
  while (places < (profile.partialWithdrawalsPerBlock ?? 0) && state.withdrawals.length > 0) {
    const first = state.withdrawals[0]!
    if (first.withdrawableEpoch > epoch) break
    const at = classOfMember(registry, first.group, first.rank)
    const spare = balanceOf(registry, at, first.rank) - least
    const isFull = registry.effective[at]! >= activationEther
    if (registry.exitEpoch[at] === farFuture && isFull && spare > 0) {
      const own = isolate(registry, first.group, first.rank)
      withdraw(state, own, Math.min(spare, first.amountGwei))
      places++
    }
    if (--first.count === 0) state.withdrawals.shift()
    else first.rank++
  }
  return places
}

/** What the sweep takes of a member of the class, Gwei; 0 for nothing. */
function swept(state: BeaconState, at: number): number {
  const { registry, epoch } = state
  const balance = registry.balance[at]!
  if (registry.withdrawableEpoch[at]! <= epoch) return balance
  const most = maximumEther(state, at)
  if (registry.effective[at] !== most) return 0
  return Math.max(0, balance - most * gweiPerEther)
}

function sweep(state: BeaconState, places: number, touched: Touched): void {
  const { registry } = state
  const validators = countOf(registry)
  const start = state.nextWithdrawal % validators
  let [left, index, looked] = [places, start, 0]
  const bound = Math.min(validators, sweepMax)
  let [at, first] = locate(registry, index)
  let last = -1
  while (looked < bound && left > 0) {
    const offset = index - first
    const stretch = Math.min(registry.count[at]! - offset, bound - looked)
    let passed = stretch
    if (swept(state, at) > 0) {
      passed = Math.min(stretch, left)
      if (offset > 0) {
        splitClass(registry, at, offset)
        first += offset
        at++
        touched.last++
      }
      if (passed < registry.count[at]!) touched.last++
      splitClass(registry, at, passed)
      withdraw(state, at, swept(state, at))
      left -= passed
      last = index + passed - 1
      touched.first = Math.min(touched.first, at)
      touched.last = Math.max(touched.last, at)
    }
    looked += passed
    index += passed
    if (index === first + registry.count[at]!) {
      first += registry.count[at]!
      at++
      if (at === registry.size) [at, index, first] = [0, 0, 0]
    }
  }
  // With all places taken the next sweep begins behind the last one, otherwise a whole sweep on.
  state.nextWithdrawal = (left === 0 ? last + 1 : start + sweepMax) % validators
}

function countOf({ count, size }: Registry): number {
  let sum = 0
  for (let at = 0; at < size; at++) sum += count[at]!
  return sum
}

/** The class that holds a validator's number, and the number of its first member. */
function locate(registry: Registry, index: number): [at: number, first: number] {
  let first = 0
  let at = 0
  while (first + registry.count[at]! <= index) first += registry.count[at++]!
  return [at, first]
}

/** Takes so much, Gwei, of every member; of a whole balance what does not divide goes with it. */
function withdraw(state: BeaconState, at: number, amountGwei: number): void {
  const { registry } = state
  const hasLeft = registry.withdrawableEpoch[at]! <= state.epoch
  const isAll = hasLeft && amountGwei === registry.balance[at]!
  const sum = amountGwei * registry.count[at]! + (isAll ? registry.carry[at]! : 0)
  addShared(registry, at, -sum)
  state.withdrawnGwei += BigInt(sum)
}
