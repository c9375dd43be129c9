import { BaseError } from '@counterpoise/engine'
import { farFuture, type Registry, splitClass } from './registry.ts'

/** SHARD_COMMITTEE_PERIOD: so long must a validator be active before it may ask for something. */
export const committeePeriodEpochs = 256

/** The class of a group's member; −1 where there is none of that rank. */
export function classOf(registry: Registry, group: number, rank: number): number {
  for (let at = 0; at < registry.size; at++) {
    if (registry.group[at] !== group) continue
    const first = registry.rank[at]!
    if (rank >= first && rank < first + registry.count[at]!) return at
  }
  return -1
}

/** @throws BaseError where the group has no such member. */
export function classOfMember(registry: Registry, group: number, rank: number): number {
  const at = classOf(registry, group, rank)
  if (at >= 0) return at
  throw new BaseError('A group has no validator of that rank.', {
    metaMessages: [`Group: ${group}`, `Rank: ${rank}`],
  })
}

/** Makes one member a class of its own and returns that class. */
export function isolate(registry: Registry, group: number, rank: number): number {
  let at = classOfMember(registry, group, rank)
  const before = rank - registry.rank[at]!
  if (before > 0) {
    splitClass(registry, at, before)
    at++
  }
  splitClass(registry, at, 1)
  return at
}

const votes = ['source', 'target', 'head', 'nextSource', 'nextTarget', 'nextHead'] as const

const alike = [
  'group',
  'compounding',
  'slashed',
  'balance',
  'effective',
  'score',
  'eligibilityEpoch',
  'activationEpoch',
  'exitEpoch',
  'withdrawableEpoch',
] as const

/** True where the members of a class and of the next one cannot be told apart. */
function isAlike(registry: Registry, at: number): boolean {
  const next = at + 1
  const { carry, scoreCarry, seats, count } = registry
  if (carry[at] !== 0 || carry[next] !== 0 || scoreCarry[at] !== 0 || scoreCarry[next] !== 0) {
    return false
  }
  if (seats[at] !== 0 || seats[next] !== 0) return false
  for (const name of alike) if (registry[name][at] !== registry[name][next]) return false
  for (const name of votes) {
    const [here, there] = [registry[name][at]!, registry[name][next]!]
    const isNone = here === 0 && there === 0
    if (!isNone && (here !== count[at] || there !== count[next])) return false
  }
  return true
}

/** Makes one class of neighbours that are equal, so that classes do not become ever more. */
export function mergeAlike(registry: Registry, from = 0, to = registry.size): number {
  let last = from
  const columns = Object.values(registry).filter((column) => typeof column !== 'number')
  const limit = Math.min(to, registry.size)
  if (last >= limit) return 0
  for (let at = from + 1; at < limit; at++) {
    // The class that is looked at stands behind the last one that is kept.
    if (at !== last + 1) for (const column of columns) column[last + 1] = column[at]!
    if (isAlike(registry, last)) {
      registry.count[last] = registry.count[last]! + registry.count[last + 1]!
      for (const name of votes) {
        registry[name][last] = registry[name][last]! + registry[name][last + 1]!
      }
    } else last++
  }
  const removed = limit - 1 - last
  if (removed > 0) {
    for (const column of columns) column.copyWithin(last + 1, limit, registry.size)
    registry.size -= removed
  }
  return removed
}

/** True for a validator that is active, stays so, and has been for long enough to ask. */
export function mayAsk(registry: Registry, at: number, epoch: number): boolean {
  return (
    registry.activationEpoch[at]! + committeePeriodEpochs <= epoch &&
    registry.exitEpoch[at] === farFuture
  )
}
