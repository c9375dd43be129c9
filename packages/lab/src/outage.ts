import { type Time, toMs, toSeconds } from '@counterpoise/engine'
import { outageWindows, type Window } from '@counterpoise/faults'
import type { Payments } from '@counterpoise/ledger'
import type { World } from '@counterpoise/scenario'
import type { OutageResult } from './results.ts'
import { quantilesOf, shareOf, sorted } from './statistics.ts'

/**
 * How the payments fared that were intended while a fault was on; null where none began.
 *
 * @param end When the world ended; what would have come after it is not looked at.
 */
export function outageOf({ faults, payments }: World, end: Time): OutageResult | null {
  const windows = outageWindows(faults)
    .filter(({ from }) => from < end)
    .map(({ from, to }) => ({ from, to: Math.min(to, end) }))
  if (windows.length === 0) return null
  const counts = { offered: 0, included: 0, failed: 0 }
  const reasons = new Map<string, number>()
  const delays: number[] = []
  for (let payment = 0; payment < payments.count(); payment++) {
    const intended = payments.intendedAt(payment)
    if (!isIn(windows, intended)) continue
    counts.offered++
    const state = payments.state(payment)
    if (state === 'included' || state === 'final') counts.included++
    if (state === 'failed' || state === 'expired' || state === 'reversed') {
      counts.failed++
      const reason = state === 'reversed' ? state : payments.reason(payment)
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    const at = payments.includedAt(payment)
    if (at >= 0) delays.push(toMs(at - intended))
  }
  const { offered, included, failed } = counts
  const open = offered - included - failed
  const byName = [...reasons].sort(([a], [b]) => (a < b ? -1 : 1))
  const shares = byName.map(([reason, count]) => [reason, count / offered])
  return {
    ...counts,
    open,
    failed_by_reason: Object.fromEntries(byName),
    included_share: shareOf(included, offered),
    failed_share: shareOf(failed, offered),
    open_share: shareOf(open, offered),
    failed_share_by_reason: offered === 0 ? null : Object.fromEntries(shares),
    time_to_inclusion_ms: quantilesOf(Float64Array.from(delays)),
    longest_silence_s: toSeconds(longestSilence(payments, windows)),
    open_when_over: Math.max(...windows.map(({ to }) => openAt(payments, to))),
  }
}

/** Payments that had been intended by a time and were neither included nor ended. */
function openAt(payments: Payments, time: Time): number {
  const hasCome = (at: Time): boolean => at >= 0 && at <= time
  let open = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const isDone = hasCome(payments.includedAt(payment)) || hasCome(payments.endedAt(payment))
    if (hasCome(payments.intendedAt(payment)) && !isDone) open++
  }
  return open
}

const isIn = (windows: readonly Window[], time: Time): boolean =>
  windows.some(({ from, to }) => from <= time && time < to)

/** The longest time within one of the windows in which no payment was included. */
function longestSilence(payments: Payments, windows: readonly Window[]): Time {
  const instants: Time[] = []
  for (let payment = 0; payment < payments.count(); payment++) {
    const at = payments.includedAt(payment)
    if (isIn(windows, at)) instants.push(at)
  }
  const ascending = sorted(Float64Array.from(instants))
  let longest = 0
  for (const window of windows) {
    let last = window.from
    for (const at of ascending) {
      if (!isIn([window], at)) continue
      longest = Math.max(longest, at - last)
      last = at
    }
    longest = Math.max(longest, window.to - last)
  }
  return longest
}
