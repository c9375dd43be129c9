import { compareFeerates } from './feerate.ts'
import type { AncestorSums } from './ancestorSums.ts'
import type { Members } from './members.ts'
import type { Conflicts, Rejection } from './order.ts'
import type { PackageLimits } from './policy.ts'
import type { TransactionId } from './transactions.ts'

export type PackagePool = { members: Members; sums: AncestorSums; limits: PackageLimits }

/** What speaks against a transaction under the rules of v30, besides absolute fees. */
export function ancestorRejection(
  pool: PackagePool,
  id: TransactionId,
  conflicts: Conflicts,
): Rejection | undefined {
  const { members, limits } = pool
  const { table } = members
  const ancestors = members.hasParentIn(id) ? members.ancestors(id) : none
  if (conflicts.direct.length === 0 && ancestors.length === 0) {
    return table.virtualBytes(id) <= limits.ancestorBytes ? undefined : 'too large a package'
  }
  const direct = new Set(conflicts.direct)
  if (ancestors.some((ancestor) => direct.has(ancestor))) return 'spends replaced'
  if (!fitsPackages(pool, id, ancestors, conflicts)) return 'too large a package'
  if (direct.size === 0) return undefined
  // BIP 125, rule 2: a parent in the pool must be one of something that is replaced.
  const spentBefore = new Set<TransactionId>()
  for (const other of direct) {
    for (let k = 0; k < table.parentCount(other); k++) spentBefore.add(table.parent(other, k))
  }
  for (let k = 0; k < table.parentCount(id); k++) {
    const parent = table.parent(id, k)
    if (members.isIn(parent) && !spentBefore.has(parent)) return 'new unconfirmed parent'
  }
  for (const other of direct) {
    const compared = compareFeerates(
      table.fee(id),
      table.virtualBytes(id),
      table.fee(other),
      table.virtualBytes(other),
    )
    if (compared <= 0) return 'lower feerate than replaced'
  }
  return conflicts.all.length > limits.replaced ? 'replaces too many' : undefined
}

const none: readonly TransactionId[] = []

/** Limits on ancestors and descendants, or the carve-out for one more child. */
function fitsPackages(
  { members, sums, limits }: PackagePool,
  id: TransactionId,
  ancestors: readonly TransactionId[],
  conflicts: Conflicts,
): boolean {
  const { table } = members
  const own = table.virtualBytes(id)
  const bytes = ancestors.reduce((sum, other) => sum + table.virtualBytes(other), own)
  if (bytes > limits.ancestorBytes) return false
  const replaced = new Set(conflicts.all)
  const fitsUnder = (count: number, descendants: number, descendantBytes: number): boolean =>
    ancestors.length + 1 <= count &&
    ancestors.every((ancestor) => {
      const after = descendantsAfter(members, sums, ancestor, replaced)
      return after.count + 1 <= descendants && after.bytes + own <= descendantBytes
    })
  if (fitsUnder(limits.ancestors, limits.descendants, limits.descendantBytes)) return true
  if (own > limits.carveOutBytes) return false
  return fitsUnder(2, limits.descendants + 1, limits.descendantBytes + limits.carveOutBytes)
}

/** Descendants of a transaction, itself included, once the replaced ones are gone. */
function descendantsAfter(
  members: Members,
  sums: AncestorSums,
  id: TransactionId,
  replaced: ReadonlySet<TransactionId>,
): { count: number; bytes: number } {
  const { count, bytes } = sums.descendants
  const after = { count: count[id]!, bytes: bytes[id]! }
  if (replaced.size === 0) return after
  for (const other of members.descendants([id])) {
    if (!replaced.has(other)) continue
    after.count--
    after.bytes -= members.table.virtualBytes(other)
  }
  return after
}
