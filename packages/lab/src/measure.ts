import { jointNakamoto, nakamoto, sharesBy, wattHoursPerPayment } from '@counterpoise/economy'
import { type Time, toMs, toSeconds } from '@counterpoise/engine'
import { type Payments, toUsd } from '@counterpoise/ledger'
import type { Rail } from '@counterpoise/rails'
import type { World } from '@counterpoise/scenario'
import { associationOf } from './association.ts'
import { blocksOf } from './blocks.ts'
import { committeeOf } from './committee.ts'
import { executionOf } from './execution.ts'
import { type MadeBlocks, madeBlocksOf } from './madeBlocks.ts'
import { mempoolOf, waitingSeries } from './mempool.ts'
import { outageOf } from './outage.ts'
import type { Coefficients, RailResult, RailSeries } from './results.ts'
import { peakPerSecond, seriesOf } from './series.ts'
import { baseFeesOf, censorshipOf, slotsUntilInclusion, stakeOf } from './stake.ts'
import { quantilesOf, shareOf } from './statistics.ts'
import { validatorsOf } from './validators.ts'

/**
 * Takes the figures of a rail out of a world whose run is over.
 *
 * @param end When the run ended, where that was before its time.
 */
export function measureRail(
  world: World,
  end: Time = world.until,
): { result: RailResult; series: RailSeries; tree?: MadeBlocks } {
  const { payments, entry } = world
  const offeredUntil = Math.min(world.offeredUntil, end)
  const window = toSeconds(offeredUntil)
  const { counts, failed_by_reason, includedInWindow } = countPayments(payments, offeredUntil)
  const inclusion = delaysOf(payments, payments.includedAt)
  const finality = delaysOf(payments, payments.finalAt)
  const wattHours = wattHoursPerPayment(entry.watts, window, includedInWindow)
  const records = entry.blocks()
  const result: RailResult = {
    offered: payments.count(),
    ...counts,
    failed_by_reason,
    included_share: shareOf(counts.included, payments.count()),
    final_share: shareOf(counts.final, payments.count()),
    failed_share: shareOf(counts.failed, payments.count()),
    throughput_per_s: window > 0 ? includedInWindow / window : 0,
    peak_throughput_per_s: peakPerSecond(payments, offeredUntil),
    time_to_inclusion_ms: quantilesOf(inclusion),
    time_to_finality_ms: quantilesOf(finality),
    fee_usd: feesOf(payments),
    energy_wh_per_payment: Number.isFinite(wattHours) ? wattHours : null,
    energy_watts: entry.watts,
    blocks: records === undefined ? null : blocksOf(records),
    nakamoto: {
      operators: coefficients(world.rails, 'operator'),
      regions: coefficients(world.rails, 'region'),
    },
    outage: outageOf(world, end),
  }
  Object.assign(result, stakeFigures(world), transferFees(world), validatorsOf(world, end))
  if (world.council !== undefined) result.association = associationOf(world.council)
  const executed = entry.execution?.()
  if (executed !== undefined) {
    const lasted = toSeconds(Math.min(end, world.simulation.now()))
    result.execution = executionOf(executed, failed_by_reason, lasted)
  }
  const committees = entry.committees?.()
  if (committees !== undefined) result.committee = committeeOf(committees)
  const pool = entry.pool?.()
  if (pool !== undefined) result.mempool = mempoolOf(pool, end)
  if (entry.parts.length > 0) Object.assign(result, routedShares(world))
  // Taking their quantiles has sorted the samples.
  const series = seriesOf(payments, offeredUntil, { inclusion, finality })
  const blocks = records && madeBlocksOf(records)
  const tree = blocks && { tree: blocks }
  if (pool === undefined) return { result, series, ...tree }
  const waiting = waitingSeries(pool, series.bin_s, Math.min(end, offeredUntil * 2))
  return { result, series: { ...series, waiting }, ...tree }
}

type PaymentCounts = {
  counts: Pick<RailResult, 'included' | 'final' | 'failed' | 'pending'>
  failed_by_reason: Record<string, number>
  /** Included until the end of the offered window. */
  includedInWindow: number
}

function countPayments(payments: Payments, offeredUntil: Time): PaymentCounts {
  const counts = { included: 0, final: 0, failed: 0, pending: 0 }
  const reasons = new Map<string, number>()
  let includedInWindow = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const includedAt = payments.includedAt(payment)
    if (includedAt >= 0 && includedAt < offeredUntil) includedInWindow++
    const state = payments.state(payment)
    if (state === 'failed' || state === 'expired' || state === 'reversed') {
      counts.failed++
      const reason = state === 'reversed' ? state : payments.reason(payment)
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    } else if (state === 'final') counts.final++
    else counts.pending++
    if (state === 'final' || state === 'included') counts.included++
  }
  const byName = [...reasons].sort(([a], [b]) => (a < b ? -1 : 1))
  return { counts, failed_by_reason: Object.fromEntries(byName), includedInWindow }
}

/** Delays in ms from the intended start to an instant, of the payments that got there. */
function delaysOf(payments: Payments, instant: (payment: number) => Time): Float64Array {
  return sampleOf(payments, instant, (payment) =>
    toMs(instant(payment) - payments.intendedAt(payment)),
  )
}

/** A number of each payment for which an instant has come. */
function sampleOf(
  payments: Payments,
  instant: (payment: number) => Time,
  value: (payment: number) => number,
): Float64Array {
  const sample = new Float64Array(payments.count())
  let count = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    if (instant(payment) >= 0) sample[count++] = value(payment)
  }
  return sample.subarray(0, count)
}

function feesOf(payments: Payments): RailResult['fee_usd'] {
  const fees = sampleOf(payments, payments.includedAt, (payment) => toUsd(payments.fee(payment)))
  const figures = quantilesOf(fees)
  return figures && { mean: figures.mean, p50: figures.p50, p95: figures.p95 }
}

/** What rails with a base fee, with stake, and with kinds of transfers tell besides. */
function stakeFigures({ payments, entry }: World): Partial<RailResult> {
  const found: Partial<RailResult> = {}
  const baseFees = entry.baseFees?.()
  if (baseFees !== undefined) found.base_fee = baseFeesOf(baseFees)
  const { justifiedAt } = entry
  if (justifiedAt !== undefined) {
    const at = (payment: number): Time => justifiedAt(payment) ?? -1
    found.time_to_justification_ms = quantilesOf(delaysOf(payments, at))
  }
  const stake = entry.stake?.()
  if (stake === undefined) return found
  const { slotTime, sanctioned } = stake
  const delays = sampleOf(payments, payments.includedAt, (payment) =>
    slotsUntilInclusion(payments, payment, slotTime),
  )
  found.inclusion_delay_slots = quantilesOf(delays)
  found.stake = stakeOf(stake, baseFees?.burned)
  if (sanctioned !== undefined) {
    found.stake.censorship = censorshipOf(payments, { slotTime, sanctioned })
  }
  return found
}

/** A transfer pays for its gas what a payment pays for its own. */
function transferFees({ payments, entry }: World): Partial<RailResult> {
  const { transfers } = entry
  if (transfers === undefined) return {}
  const fees = feesOf(payments)
  if (fees === null) return { fee_usd_by_transfer: null }
  const { mean, p50, p95 } = fees
  const costs = Object.entries(transfers.units).map(([kind, units]) => {
    const share = units / transfers.unitsPerPayment
    return [kind, { mean: mean * share, p50: p50 * share, p95: p95 * share }]
  })
  return { fee_usd_by_transfer: Object.fromEntries(costs) }
}

/** For a router: the smallest set of parties that hold more than the share in every rail. */
function coefficients(rails: readonly Rail[], attribute: 'operator' | 'region'): Coefficients {
  const layers = rails.map(({ powers }) => sharesBy(powers, attribute))
  const at = (threshold: number): number =>
    layers.length === 1
      ? nakamoto(layers[0]!.values(), threshold)
      : jointNakamoto(layers, threshold).size
  return { third: at(1 / 3), half: at(1 / 2) }
}

/** What share of the payments that were included each rail behind a router carried. */
function routedShares({ payments, rails }: World): Pick<RailResult, 'routed_share' | 'routed'> {
  const carried = rails.map(() => 0)
  for (let payment = 0; payment < payments.count(); payment++) {
    if (payments.includedAt(payment) >= 0) carried[payments.rail(payment)]!++
  }
  const routed = carried.reduce((sum, count) => sum + count, 0)
  if (routed === 0) return { routed_share: null, routed }
  const shares = rails.map(({ name }, k) => [name, carried[k]! / routed])
  return { routed_share: Object.fromEntries(shares), routed }
}
