import { jointNakamoto, nakamoto, sharesBy, wattHoursPerPayment } from '@counterpoise/economy'
import { type Time, toMs, toSeconds } from '@counterpoise/engine'
import { type Payments, toUsd } from '@counterpoise/ledger'
import type { Rail } from '@counterpoise/rails'
import type { World } from '@counterpoise/scenario'
import type { OutageResult, Quantiles, RailResult, RailSeries } from './results.ts'
import { mean, quantile, quantileCurve, quantilesOf, sorted } from './statistics.ts'

/** Takes the figures of a rail out of a world whose run is over. */
export function measureRail(world: World): { result: RailResult; series: RailSeries } {
  const { payments, entry, offeredUntil } = world
  const counts = countStates(payments)
  const inclusion = delaysOf(payments, payments.includedAt)
  const finality = delaysOf(payments, payments.finalAt)
  const window = toSeconds(offeredUntil)
  const inWindow = countIncluded(payments, 0, offeredUntil)
  const wattHours = wattHoursPerPayment(entry.watts, window, inWindow)
  const result: RailResult = {
    offered: payments.count(),
    ...counts,
    throughput_per_s: inWindow / window,
    peak_throughput_per_s: peakPerSecond(payments, world.until),
    time_to_inclusion_ms: quantilesOf(inclusion),
    time_to_finality_ms: quantilesOf(finality),
    fee_usd: feesOf(payments),
    energy_wh_per_payment: Number.isFinite(wattHours) ? wattHours : null,
    energy_watts: entry.watts,
    blocks: blocksOf(entry),
    nakamoto: {
      operators: coefficients(world.rails, 'operator'),
      regions: coefficients(world.rails, 'region'),
    },
    outage: outageOf(world),
  }
  if (entry.parts.length > 0) result.routed_share = routedShare(world)
  // The samples are sorted by now.
  const series = seriesOf(payments, offeredUntil, inclusion, finality)
  return { result, series }
}

type StateCounts = Pick<
  RailResult,
  'included' | 'final' | 'failed' | 'pending' | 'failed_by_reason'
>

function countStates(payments: Payments): StateCounts {
  const counts = { included: 0, final: 0, failed: 0, pending: 0 }
  const reasons = new Map<string, number>()
  for (let payment = 0; payment < payments.count(); payment++) {
    const state = payments.state(payment)
    if (state === 'failed' || state === 'expired' || state === 'reversed') {
      counts.failed++
      const reason = state === 'reversed' ? 'reversed' : payments.reason(payment)
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    } else if (state === 'final') counts.final++
    else counts.pending++
    if (state === 'final' || state === 'included') counts.included++
  }
  const failed_by_reason = Object.fromEntries([...reasons].sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...counts, failed_by_reason }
}

/** Delays in ms from the intended start to an instant that has happened. */
function delaysOf(
  payments: Payments,
  instant: (payment: number) => Time,
  from = 0,
  until = Number.POSITIVE_INFINITY,
): Float64Array {
  const delays = new Float64Array(payments.count())
  let count = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const intended = payments.intendedAt(payment)
    const at = instant(payment)
    if (at >= 0 && intended >= from && intended < until) delays[count++] = toMs(at - intended)
  }
  return delays.slice(0, count)
}

function countIncluded(payments: Payments, from: Time, until: Time): number {
  let count = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const at = payments.includedAt(payment)
    if (at >= from && at < until) count++
  }
  return count
}

function peakPerSecond(payments: Payments, until: Time): number {
  const minute = perBin(payments, payments.includedAt, 60, until)
  return Math.max(0, ...minute)
}

/** Events per second in bins of a width in seconds, from time 0. */
function perBin(
  payments: Payments,
  instant: (payment: number) => Time,
  binSeconds: number,
  until: Time,
): number[] {
  const bins = new Array<number>(Math.ceil(toSeconds(until) / binSeconds)).fill(0)
  for (let payment = 0; payment < payments.count(); payment++) {
    const bin = Math.floor(toSeconds(instant(payment)) / binSeconds)
    if (bin >= 0 && bin < bins.length) bins[bin] = bins[bin]! + 1
  }
  return bins.map((count) => count / binSeconds)
}

function feesOf(payments: Payments): RailResult['fee_usd'] {
  const fees = new Float64Array(payments.count())
  let count = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    if (payments.includedAt(payment) >= 0) fees[count++] = toUsd(payments.fee(payment))
  }
  const figures = quantilesOf(fees.slice(0, count))
  return figures === null ? null : { mean: figures.mean, p50: figures.p50, p95: figures.p95 }
}

function blocksOf(rail: Rail): RailResult['blocks'] {
  const records = rail.blocks()
  if (records === undefined || records.times.length < 2) return null
  const { times, stale } = records
  const intervals = sorted(times.slice(1).map((time, k) => toMs(time - times[k]!)))
  return {
    count: times.length,
    interval_ms: {
      mean: mean(intervals),
      p50: quantile(intervals, 0.5),
      p95: quantile(intervals, 0.95),
    },
    stale_share: stale / (times.length + stale),
  }
}

/** For a router: the smallest set of parties that hold more than the share in every rail. */
function coefficients(
  rails: readonly Rail[],
  attribute: 'operator' | 'region',
): { third: number; half: number } {
  const layers = rails.map(({ powers }) => sharesBy(powers, attribute))
  const at = (threshold: number): number =>
    layers.length === 1
      ? nakamoto(layers[0]!.values(), threshold)
      : jointNakamoto(layers, threshold).size
  return { third: at(1 / 3), half: at(1 / 2) }
}

function outageOf(world: World): OutageResult | null {
  const { faults, payments } = world
  if (faults.length === 0) return null
  const from = Math.min(...faults.map(({ at }) => at))
  const until = Math.max(...faults.map(({ at, duration }) => at + duration))
  const delays: Quantiles | null = quantilesOf(delaysOf(payments, payments.includedAt, from, until))
  const outcome = { offered: 0, included: 0, failed: 0 }
  for (let payment = 0; payment < payments.count(); payment++) {
    const intended = payments.intendedAt(payment)
    if (intended < from || intended >= until) continue
    outcome.offered++
    const state = payments.state(payment)
    if (state === 'included' || state === 'final') outcome.included++
    if (state === 'failed' || state === 'expired') outcome.failed++
  }
  return {
    ...outcome,
    time_to_inclusion_ms: delays,
    longest_silence_s: toSeconds(longestSilence(payments, from, until)),
  }
}

/** The longest time within a span in which no payment was included. */
function longestSilence(payments: Payments, from: Time, until: Time): Time {
  const instants = new Float64Array(payments.count())
  let count = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const at = payments.includedAt(payment)
    if (at >= from && at < until) instants[count++] = at
  }
  let longest = 0
  let last = from
  for (const at of sorted(instants.slice(0, count))) {
    longest = Math.max(longest, at - last)
    last = at
  }
  return Math.max(longest, until - last)
}

function routedShare(world: World): Record<string, number> {
  const { payments, rails } = world
  const carried = rails.map(() => 0)
  for (let payment = 0; payment < payments.count(); payment++) {
    if (payments.includedAt(payment) >= 0) carried[payments.rail(payment)]!++
  }
  const total = carried.reduce((sum, count) => sum + count, 0)
  return Object.fromEntries(
    rails.map(({ name }, k) => [name, total === 0 ? 0 : carried[k]! / total]),
  )
}

/** Curves over the offered window and as much again, where something happened there. */
function seriesOf(
  payments: Payments,
  offeredUntil: Time,
  inclusion: Float64Array,
  finality: Float64Array,
): RailSeries {
  const bin_s = binWidth(toSeconds(offeredUntil))
  const until = offeredUntil * 2
  return {
    bin_s,
    offered_per_s: perBin(payments, payments.intendedAt, bin_s, offeredUntil),
    included_per_s: withoutTail(perBin(payments, payments.includedAt, bin_s, until)),
    inclusion_quantiles_ms: quantileCurve(inclusion),
    finality_quantiles_ms: quantileCurve(finality),
  }
}

/** About 240 bins, of a width that reads well. */
function binWidth(seconds: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600]
  return steps.find((step) => seconds / step <= 240) ?? 3_600
}

function withoutTail(values: number[]): number[] {
  const last = values.findLastIndex((value) => value > 0)
  return values.slice(0, last + 2)
}
