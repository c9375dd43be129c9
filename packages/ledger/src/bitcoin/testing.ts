import { pow, type Time } from '@counterpoise/engine'
import type { Departure } from './bitcoinPool.ts'
import type { Rejection } from './order.ts'
import type { BitcoinPolicy } from './policy.ts'
import type { TransactionOrder } from './transactions.ts'

type Id = number
export type Ratio = { fee: bigint; size: bigint }

/** Above 0 where the first feerate is higher. */
export const compareRatios = (one: Ratio, other: Ratio): number => {
  const difference = one.fee * other.size - other.fee * one.size
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}

export type NaiveChunk = { ids: Id[]; fee: number; weight: number }

/**
 * A pool as plain as can be, for comparison: sets and recursion, every sum made anew, clusters
 * put in order by trying all subsets. It knows all transactions by their numbers.
 */
export function createNaivePool(
  table: readonly TransactionOrder[],
  policy: BitcoinPolicy,
  onLeft: (id: Id, why: Departure) => void = () => {},
) {
  const { limits } = policy
  const pool = new Map<Id, Time>()
  const chain = new Set<Id>()
  let entering = -1
  const rolling = { rate: 0, decays: true, since: 0 }

  const weight = (id: Id): number => table[id]!.weight
  const bytes = (id: Id): number => Math.ceil(weight(id) / 4)
  const fee = (id: Id): number => table[id]!.fee
  const parents = (id: Id): readonly Id[] => table[id]!.parents ?? []
  const coins = (id: Id): readonly number[] => table[id]!.spends ?? []
  const sum = (ids: Iterable<Id>, of: (id: Id) => number): number =>
    [...ids].reduce((total, id) => total + of(id), 0)
  const ratio = (ids: Iterable<Id>, size: (id: Id) => number): Ratio => ({
    fee: BigInt(sum(ids, fee)),
    size: BigInt(sum(ids, size)),
  })
  const ancestors = (id: Id, within: ReadonlySet<Id> = new Set(pool.keys())): Set<Id> => {
    const found = new Set<Id>()
    const visit = (one: Id): void => {
      for (const parent of parents(one)) {
        if (!within.has(parent) || found.has(parent)) continue
        found.add(parent)
        visit(parent)
      }
    }
    visit(id)
    return found
  }
  const withDescendants = (ids: Iterable<Id>): Set<Id> => {
    const roots = new Set(ids)
    return new Set([
      ...roots,
      ...[...pool.keys()].filter((id) => [...ancestors(id)].some((other) => roots.has(other))),
    ])
  }
  const rivals = (id: Id, among: Iterable<Id>): Id[] =>
    [...among].filter(
      (other) => other !== id && coins(other).some((coin) => coins(id).includes(coin)),
    )
  const clusterAround = (id: Id, among: ReadonlySet<Id>): Set<Id> => {
    const found = new Set([id])
    for (const one of found) {
      for (const other of among) {
        if (parents(one).includes(other) || parents(other).includes(one)) found.add(other)
      }
    }
    return found
  }
  const clusters = (among: ReadonlySet<Id>): Set<Id>[] => {
    const left = new Set(among)
    const parts: Set<Id>[] = []
    for (const id of among) {
      if (!left.has(id)) continue
      const part = clusterAround(id, left)
      for (const one of part) left.delete(one)
      parts.push(part)
    }
    return parts
  }
  /** Of all sets closed under parents, the one of the highest feerate, the largest of them. */
  const bestSet = (ids: readonly Id[]): Id[] => {
    let best: Id[] = []
    for (let bits = 1; bits < 1 << ids.length; bits++) {
      const set = ids.filter((_, k) => (bits & (1 << k)) !== 0)
      const isClosed = set.every((id) =>
        parents(id).every((parent) => !ids.includes(parent) || set.includes(parent)),
      )
      if (!isClosed) continue
      const compared =
        best.length === 0 ? 1 : compareRatios(ratio(set, weight), ratio(best, weight))
      if (compared > 0 || (compared === 0 && set.length > best.length)) best = set
    }
    return best
  }
  const chunksOf = (cluster: Iterable<Id>): NaiveChunk[] => {
    const chunks: NaiveChunk[] = []
    let left = [...cluster].sort((a, b) => a - b)
    while (left.length > 0) {
      const best = bestSet(left)
      const whole = ratio(best, weight)
      let open: Id[] = []
      for (const id of best) {
        open.push(id)
        if (compareRatios(ratio(open, weight), whole) !== 0) continue
        chunks.push({ ids: open, fee: sum(open, fee), weight: sum(open, weight) })
        open = []
      }
      left = left.filter((id) => !best.includes(id))
    }
    return chunks
  }
  const byFeerate = (one: NaiveChunk, other: NaiveChunk): number =>
    compareRatios(ratio(other.ids, weight), ratio(one.ids, weight)) || one.ids[0]! - other.ids[0]!
  const allChunks = (): NaiveChunk[] =>
    clusters(new Set(pool.keys())).flatMap(chunksOf).sort(byFeerate)

  const usedBytes = (): number =>
    pool.size * policy.bytesPerTransaction + sum(pool.keys(), weight) * policy.bytesPerWeightUnit
  const minimumRate = (now: Time): number => {
    if (!rolling.decays || rolling.rate === 0) {
      return Math.max(policy.relayRate, Math.round(rolling.rate))
    }
    if (now > rolling.since + 10e6) {
      const used = usedBytes() / policy.capacityBytes
      const half = 12 * 3600e6 / (used < 0.25 ? 4 : used < 0.5 ? 2 : 1)
      rolling.rate *= pow(0.5, (now - rolling.since) / half)
      rolling.since = now
      if (rolling.rate < policy.incrementalRate / 2) rolling.rate = 0
    }
    if (rolling.rate === 0) return policy.relayRate
    return Math.max(policy.relayRate, Math.round(rolling.rate), policy.incrementalRate)
  }
  const drop = (ids: Iterable<Id>, why: Departure): void => {
    const gone = withDescendants(ids)
    for (const id of gone) pool.delete(id)
    for (const id of gone) if (id !== entering) onLeft(id, why)
  }
  const worst = (): { ids: Id[]; rate: number } => {
    if (policy.rules === 'clusters') {
      const chunk = allChunks().at(-1)!
      return { ids: chunk.ids, rate: (chunk.fee * 4000) / chunk.weight }
    }
    const score = (id: Id): Ratio => {
      const own = ratio([id], bytes)
      const all = ratio(withDescendants([id]), bytes)
      return compareRatios(own, all) > 0 ? own : all
    }
    const id = [...pool.keys()].sort((a, b) => compareRatios(score(a), score(b)) || b - a)[0]!
    const all = withDescendants([id])
    return { ids: [id], rate: (sum(all, fee) * 1000) / sum(all, bytes) }
  }
  const trim = (): void => {
    while (usedBytes() > policy.capacityBytes) {
      const { ids, rate } = worst()
      const raised = rate + policy.incrementalRate
      if (raised > rolling.rate) {
        rolling.rate = raised
        rolling.decays = false
      }
      drop(ids, 'evicted')
    }
  }
  const fitsAncestors = (id: Id, replaced: ReadonlySet<Id>): boolean => {
    const above = [...ancestors(id)]
    if (sum([...above, id], bytes) > limits.ancestorBytes) return false
    const below = above.map((one) => [...withDescendants([one])].filter((x) => !replaced.has(x)))
    const fits = (most: number, count: number, size: number): boolean =>
      above.length + 1 <= most &&
      below.every((set) => set.length < count && sum([...set, id], bytes) <= size)
    const { descendants, descendantBytes, carveOutBytes } = limits
    if (fits(limits.ancestors, descendants, descendantBytes)) return true
    if (bytes(id) > carveOutBytes) return false
    return fits(2, descendants + 1, descendantBytes + carveOutBytes)
  }
  const byAncestors = (id: Id, direct: Id[], replaced: Set<Id>): Rejection | undefined => {
    if (direct.some((other) => ancestors(id).has(other))) return 'spends replaced'
    if (!fitsAncestors(id, replaced)) return 'too large a package'
    const known = new Set(direct.flatMap((other) => parents(other)))
    if (direct.length === 0) return undefined
    if (parents(id).some((parent) => pool.has(parent) && !known.has(parent))) {
      return 'new unconfirmed parent'
    }
    const own = ratio([id], bytes)
    if (direct.some((other) => compareRatios(own, ratio([other], bytes)) <= 0)) {
      return 'lower feerate than replaced'
    }
    return replaced.size > limits.replaced ? 'replaces too many' : undefined
  }
  const byClusters = (id: Id, direct: Id[], replaced: Set<Id>): Rejection | undefined => {
    if (direct.some((other) => ancestors(id).has(other))) return 'spends replaced'
    const before = clusters(new Set(pool.keys()))
    const hit = before.filter((part) => direct.some((other) => part.has(other)))
    if (hit.length > limits.replaced) return 'replaces too many'
    const after = new Set([...pool.keys(), id].filter((other) => !replaced.has(other)))
    const own = clusterAround(id, after)
    const isTooLarge = own.size > limits.cluster || sum(own, weight) > limits.clusterBytes * 4
    if (isTooLarge) return 'too large a package'
    if (direct.length === 0) return undefined
    const now = clusters(after).flatMap(chunksOf)
    return isAbove(now, before.flatMap(chunksOf)) ? undefined : 'does not improve the diagram'
  }
  const rejection = (id: Id, now: Time): Rejection | undefined => {
    if (pool.has(id) || chain.has(id)) return 'known'
    if (weight(id) > 400_000) return 'too heavy'
    if (parents(id).some((parent) => !pool.has(parent) && !chain.has(parent))) {
      return 'missing parents'
    }
    if (rivals(id, chain).length > 0) return 'spent'
    if (fee(id) < Math.ceil((policy.relayRate * bytes(id)) / 1000)) return 'below relay fee'
    if (fee(id) < Math.ceil((minimumRate(now) * bytes(id)) / 1000)) return 'below pool minimum'
    const direct = rivals(id, pool.keys())
    const replaced = withDescendants(direct)
    const judge = policy.rules === 'ancestors' ? byAncestors : byClusters
    const rejected = judge(id, direct, replaced)
    if (rejected !== undefined || direct.length === 0) return rejected
    const paid = fee(id) - sum(replaced, fee)
    if (paid < 0) return 'lower fee than replaced'
    const due = Math.ceil((policy.incrementalRate * bytes(id)) / 1000)
    return paid < due ? 'does not pay for its relay' : undefined
  }
  const expire = (now: Time): void =>
    drop([...pool].filter(([, since]) => since < now - policy.expiry).map(([id]) => id), 'expired')
  const connect = (ids: readonly Id[], now: Time): void => {
    for (const id of ids) {
      const isPooled = pool.delete(id)
      if (!isPooled) drop(rivals(id, pool.keys()), 'conflicted')
      chain.add(id)
    }
    rolling.decays = true
    rolling.since = now
  }

  return {
    ids: () => [...pool.keys()].sort((a, b) => a - b),
    usedBytes,
    minimumRate,
    chunks: allChunks,
    expire,
    connect,
    submit: (id: Id, now: Time): Rejection | undefined => {
      expire(now)
      const rejected = rejection(id, now)
      if (rejected !== undefined) return rejected
      drop(rivals(id, pool.keys()), 'replaced')
      pool.set(id, now)
      entering = id
      trim()
      entering = -1
      return pool.has(id) ? undefined : 'below pool minimum'
    },
    forget: (id: Id): void => {
      if (pool.has(id)) for (const other of withDescendants([id])) pool.delete(other)
    },
  }
}

/** Whether chunks collect more fees than others at some weight and at none less. */
function isAbove(one: readonly NaiveChunk[], other: readonly NaiveChunk[]): boolean {
  const collected = (chunks: readonly NaiveChunk[], at: number): number => {
    const sorted = [...chunks].sort((a, b) => b.fee * a.weight - a.fee * b.weight)
    let left = at
    let fees = 0
    for (const { fee, weight } of sorted) {
      fees += fee * Math.min(1, left / weight)
      left -= Math.min(left, weight)
    }
    return fees
  }
  const all = [...one, ...other]
  const total = all.reduce((most, { weight }) => most + weight, 0)
  const grid = new Set<number>([total])
  for (const chunks of [one, other]) {
    let at = 0
    const sorted = [...chunks].sort((a, b) => b.fee * a.weight - a.fee * b.weight)
    for (const { weight } of sorted) grid.add((at += weight))
  }
  let isBetter = false
  for (const at of grid) {
    const difference = collected(one, at) - collected(other, at)
    if (difference < -1e-6) return false
    if (difference > 1e-6) isBetter = true
  }
  return isBetter
}
