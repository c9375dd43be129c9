import { minutes, seconds, type Time, toSeconds } from '@counterpoise/engine'
import type { Payments } from '@counterpoise/ledger'
import type { RailSeries } from './results.ts'
import { quantileCurve } from './statistics.ts'

/**
 * Curves over the offered window and as much again, where something happened there.
 *
 * @param delays In ms, sorted.
 */
export function seriesOf(
  payments: Payments,
  offeredUntil: Time,
  delays: { inclusion: Float64Array; finality: Float64Array },
): RailSeries {
  const bin_s = binWidth(toSeconds(offeredUntil))
  const offered = perBin(payments, payments.intendedAt, bin_s, offeredUntil)
  const included = perBin(payments, payments.includedAt, bin_s, offeredUntil * 2)
  return {
    bin_s,
    offered_per_s: offered,
    included_per_s: withoutTail(included),
    inclusion_quantiles_ms: quantileCurve(delays.inclusion),
    finality_quantiles_ms: quantileCurve(delays.finality),
  }
}

/**
 * The most payments per second that were included within a minute of the clock, or within the
 * offered window where that is shorter, or a mean over the window could be above its peak.
 */
export function peakPerSecond(payments: Payments, offeredUntil: Time): number {
  const width = Math.min(minutes(1), offeredUntil)
  if (width <= 0) return 0
  const bins = new Map<number, number>()
  let most = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const at = payments.includedAt(payment)
    if (at < 0) continue
    const bin = Math.floor(at / width)
    const count = (bins.get(bin) ?? 0) + 1
    bins.set(bin, count)
    most = Math.max(most, count)
  }
  return most / toSeconds(width)
}

/** Events per second in bins of a width in seconds, from time 0. */
function perBin(
  payments: Payments,
  instant: (payment: number) => Time,
  binSeconds: number,
  until: Time,
): number[] {
  const width = seconds(binSeconds)
  const bins = new Float64Array(Math.ceil(until / width))
  for (let payment = 0; payment < payments.count(); payment++) {
    const bin = Math.floor(instant(payment) / width)
    if (bin >= 0 && bin < bins.length) bins[bin] = bins[bin]! + 1
  }
  return Array.from(bins, (count) => count / binSeconds)
}

/** At most 240 bins, or bins of an hour: a width that reads well. */
function binWidth(span: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600]
  return steps.find((step) => span / step <= 240) ?? 3_600
}

/** Keeps one empty bin after the last that has something in it. */
function withoutTail(values: number[]): number[] {
  const last = values.findLastIndex((value) => value > 0)
  return values.slice(0, last + 2)
}
