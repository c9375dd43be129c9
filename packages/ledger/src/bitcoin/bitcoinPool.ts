import type { Time } from '@counterpoise/engine'
import { createAncestorOrder } from './ancestorOrder.ts'
import { createClusterOrder } from './clusterOrder.ts'
import { createEntryTimes } from './entryTimes.ts'
import { feeAt, type Satoshi } from './feerate.ts'
import { createMembers, type Members, places } from './members.ts'
import type { Conflicts, Order, Rejection } from './order.ts'
import { type BitcoinPolicy, blockWeightLimit, relayedWeightMax } from './policy.ts'
import { createRollingMinimum } from './rollingMinimum.ts'
import type { TransactionId, Transactions } from './transactions.ts'

/** Why a transaction has left a pool without going into the chain. */
export type Departure =
  /** The pool was full. */
  | 'evicted'
  | 'expired'
  /** Another transaction in the pool took its coins. */
  | 'replaced'
  /** Another one, in the chain, took its coins. */
  | 'conflicted'
  /** After a reorganisation its package was too large. */
  | 'package'

export type BitcoinPoolOptions = {
  table: Transactions
  policy: BitcoinPolicy
  /** Called for each transaction that leaves the pool for another reason than a block. */
  onLeft?: ((id: TransactionId, why: Departure) => void) | undefined
}

/** The pool of one node, and what the node knows to be in its chain. */
export type BitcoinPool = {
  /** Takes a transaction that reaches the node, or says why not. */
  submit: (id: TransactionId, now: Time) => Rejection | undefined
  /** What `submit` would answer, the fate of a full pool's worst excepted. */
  rejection: (id: TransactionId, now: Time) => Rejection | undefined
  has: (id: TransactionId) => boolean
  /** True where it is in the chain that `connect` and `reorganise` have told of. */
  isConfirmed: (id: TransactionId) => boolean
  /** The transactions that a block of now takes, parents first, no more than its weight allows. */
  select: (weightLimit?: number) => TransactionId[]
  /** A block with these joins the chain: what is in conflict with them leaves the pool. */
  connect: (ids: ArrayLike<TransactionId>, now: Time) => void
  /** The chain loses some blocks and gets others; what the new ones lack comes back. */
  reorganise: (
    left: ArrayLike<TransactionId>,
    joined: ArrayLike<TransactionId>,
    now: Time,
  ) => void
  /** Takes one out with its descendants, as if the node had never heard of them. */
  forget: (id: TransactionId) => readonly TransactionId[]
  /** Drops what has been in for too long. */
  expire: (now: Time) => void
  size: () => number
  totalWeight: () => number
  totalFee: () => Satoshi
  usedBytes: () => number
  /** The least feerate that the pool takes now, sat/kvB. */
  minimumRate: (now: Time) => number
  /** At which feerate one in the pool would be mined now, sat/WU. */
  rate: (id: TransactionId) => number
  /** The feerate above which at most so much weight stands, sat/WU; undefined where all does. */
  rateAtDepth: (weight: number) => number | undefined
}

/** Makes an empty pool. */
export function createBitcoinPool(options: BitcoinPoolOptions): BitcoinPool {
  const { table, policy, onLeft } = options
  const members = createMembers(table)
  const createOrder = policy.rules === 'ancestors' ? createAncestorOrder : createClusterOrder
  const order = createOrder(members, policy.limits)
  const minimum = createRollingMinimum(policy)
  const entries = createEntryTimes()
  /** The one that is being submitted: its fate is the answer. */
  let entering: TransactionId = -1
  let size = 0
  let totalWeight = 0
  let totalFee = 0

  const usedBytes = (): number =>
    size * policy.bytesPerTransaction + totalWeight * policy.bytesPerWeightUnit
  const minimumRate = (now: Time): number =>
    Math.max(policy.relayRate, minimum.rate(now, usedBytes()))
  const count = (id: TransactionId, sign: 1 | -1): void => {
    size += sign
    totalWeight += sign * table.weight(id)
    totalFee += sign * table.fee(id)
  }
  const enter = (id: TransactionId, now: Time): void => {
    order.add(id)
    entries.add(id, now)
    count(id, 1)
  }
  const drop = (ids: readonly TransactionId[], why?: Departure): void => {
    if (ids.length === 0) return
    order.remove(ids, places.unknown)
    for (const id of ids) count(id, -1)
    if (why === undefined || onLeft === undefined) return
    for (const id of ids) if (id !== entering) onLeft(id, why)
  }
  const trim = (): void => {
    while (usedBytes() > policy.capacityBytes) {
      const worst = order.worst()!
      minimum.raise((worst.fee * 4_000) / worst.weight + policy.incrementalRate)
      drop(members.descendants(worst.ids), 'evicted')
    }
  }
  const expire = (now: Time): void => {
    for (;;) {
      const id = entries.oldest(members.isIn)
      if (id === -1 || entries.oldestTime() >= now - policy.expiry) return
      drop(members.descendants([id]), 'expired')
    }
  }
  const connect = (ids: ArrayLike<TransactionId>, now: Time): void => {
    const mined: TransactionId[] = []
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k]!
      if (members.isIn(id)) {
        mined.push(id)
        continue
      }
      drop(conflictsOf(members, id).all, 'conflicted')
      members.set(id, places.chain)
    }
    for (const id of mined) count(id, -1)
    order.remove(mined, places.chain)
    minimum.release(now)
  }
  /** Puts one back that a block held; fees do not matter. False where it cannot come back. */
  const comeBack = (id: TransactionId, now: Time): boolean => {
    if (members.isIn(id) || members.place(id) === places.chain) return true
    const isValid = !lacksParents(members, id) && !hasRival(members, id, 'anywhere')
    if (isValid) enter(id, now)
    return isValid
  }
  const reorganise: BitcoinPool['reorganise'] = (left, joined, now) => {
    for (let k = 0; k < left.length; k++) members.set(left[k]!, places.unknown)
    connect(joined, now)
    const returned: TransactionId[] = []
    const lost: TransactionId[] = []
    for (const id of Array.from(left).sort((a, b) => a - b)) {
      ;(comeBack(id, now) ? returned : lost).push(id)
    }
    // What spends the outputs of something lost is lost with it.
    const orphans = members.descendants(lost).filter(members.isIn)
    if (onLeft !== undefined) for (const id of lost) onLeft(id, 'conflicted')
    drop(orphans, 'conflicted')
    for (;;) {
      const excess = order.excess(returned)
      if (excess.length === 0) break
      drop(members.descendants(excess), 'package')
    }
    trim()
  }
  const rejection = (id: TransactionId, now: Time): Rejection | undefined =>
    obstacle({ members, order, policy }, id, minimumRate(now))

  return {
    submit: (id, now) => {
      expire(now)
      const rejected = rejection(id, now)
      if (rejected !== undefined) return rejected
      drop(conflictsOf(members, id).all, 'replaced')
      enter(id, now)
      if (usedBytes() <= policy.capacityBytes) return undefined
      entering = id
      trim()
      entering = -1
      return members.isIn(id) ? undefined : 'below pool minimum'
    },
    rejection,
    has: members.isIn,
    isConfirmed: (id) => members.place(id) === places.chain,
    select: (weightLimit = blockWeightLimit) =>
      size === 0 ? [] : order.select(weightLimit, policy.blockRate),
    connect,
    reorganise,
    forget: (id) => {
      if (!members.isIn(id)) return []
      const gone = members.descendants([id])
      drop(gone)
      return gone
    },
    expire,
    size: () => size,
    totalWeight: () => totalWeight,
    totalFee: () => totalFee,
    usedBytes,
    minimumRate,
    rate: order.rate,
    rateAtDepth: order.rateAtDepth,
  }
}

/** Those in the pool that spend a coin of one. */
function conflictsOf(members: Members, id: TransactionId): Conflicts {
  const { table } = members
  const coins = table.spendCount(id)
  let direct: TransactionId[] | undefined
  for (let index = 0; index < coins; index++) {
    const rival = members.spender(table.spend(id, index))
    if (rival === -1 || rival === id || !members.isIn(rival)) continue
    direct ??= []
    if (!direct.includes(rival)) direct.push(rival)
  }
  return direct === undefined ? noConflicts : { direct, all: members.descendants(direct) }
}

const noConflicts: Conflicts = { direct: [], all: [] }

/** Whether another one spends a coin of one, in the chain or anywhere. */
function hasRival(members: Members, id: TransactionId, where: 'chain' | 'anywhere'): boolean {
  const coins = members.table.spendCount(id)
  for (let index = 0; index < coins; index++) {
    const rival = members.spender(members.table.spend(id, index))
    if (rival === -1 || rival === id) continue
    if (where === 'anywhere' || members.place(rival) === places.chain) return true
  }
  return false
}

function lacksParents(members: Members, id: TransactionId): boolean {
  const { table } = members
  const count = table.parentCount(id)
  for (let index = 0; index < count; index++) {
    if (members.place(table.parent(id, index)) === places.unknown) return true
  }
  return false
}

/** What speaks against a transaction that reaches the node. */
function obstacle(
  pool: { members: Members; order: Order; policy: BitcoinPolicy },
  id: TransactionId,
  minimumRate: number,
): Rejection | undefined {
  const { members, order, policy } = pool
  const { table } = members
  if (members.place(id) !== places.unknown) return 'known'
  if (table.weight(id) > relayedWeightMax) return 'too heavy'
  if (lacksParents(members, id)) return 'missing parents'
  if (hasRival(members, id, 'chain')) return 'spent'
  const bytes = table.virtualBytes(id)
  const fee = table.fee(id)
  if (fee < feeAt(policy.relayRate, bytes)) return 'below relay fee'
  if (fee < feeAt(minimumRate, bytes)) return 'below pool minimum'
  const conflicts = conflictsOf(members, id)
  const rejected = order.rejection(id, conflicts)
  if (rejected !== undefined || conflicts.direct.length === 0) return rejected
  let replaced = 0
  for (const other of conflicts.all) replaced += table.fee(other)
  if (fee < replaced) return 'lower fee than replaced'
  const isPaid = fee - replaced >= feeAt(policy.incrementalRate, bytes)
  return isPaid ? undefined : 'does not pay for its relay'
}
