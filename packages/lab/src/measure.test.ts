import { seconds, toMs, toSeconds } from '@counterpoise/engine'
import {
  createPayments,
  type PaymentState,
  type Payments,
  toUsd,
  usd,
} from '@counterpoise/ledger'
import { createWorld, type World } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { measureRail } from './measure.ts'
import type { RailResult } from './results.ts'
import { type Change, runTempo, smallScenario } from './testing.ts'

/** A payment as a row, to compute figures from without any cleverness. */
type Row = {
  state: PaymentState
  reason: string
  intended: number
  included: number
  ended: number
  final: number
  fee: number
  rail: number
}

function rowsOf(payments: Payments): Row[] {
  return Array.from({ length: payments.count() }, (_, payment) => ({
    state: payments.state(payment),
    reason: payments.reason(payment),
    intended: payments.intendedAt(payment),
    included: payments.includedAt(payment),
    ended: payments.endedAt(payment),
    final: payments.finalAt(payment),
    fee: toUsd(payments.fee(payment)),
    rail: payments.rail(payment),
  }))
}

function runWorld(variant: string, change?: Change): { world: World; rows: Row[] } {
  const world = createWorld({ data: smallScenario(change).data, variant })
  world.run()
  return { world, rows: rowsOf(world.payments) }
}

const hasFailed = ({ state }: Row): boolean => state === 'failed' || state === 'expired'
const isIncluded = ({ state }: Row): boolean => state === 'included' || state === 'final'

function naiveQuantiles(values: readonly number[]): RailResult['time_to_inclusion_ms'] {
  if (values.length === 0) return null
  const ascending = values.toSorted((a, b) => a - b)
  const at = (level: number): number => {
    const place = level * (ascending.length - 1)
    const [low, high] = [ascending[Math.floor(place)]!, ascending[Math.ceil(place)]!]
    return expect.closeTo(low + (high - low) * (place % 1), 6) as unknown as number
  }
  const total = ascending.reduce((sum, value) => sum + value, 0)
  const mean = expect.closeTo(total / values.length, 6) as unknown as number
  return { mean, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

describe.each(['tempo', 'visa', 'hybrid'])('the figures of %s', (variant) => {
  const { world, rows } = runWorld(variant)
  const { result, series } = measureRail(world)
  const window = toSeconds(world.offeredUntil)
  const included = rows.filter((row) => row.included >= 0)

  test('default: the counts are those of the states, and add up', () => {
    expect(result.offered).toBe(rows.length)
    expect(result.included).toBe(rows.filter(isIncluded).length)
    expect(result.final).toBe(rows.filter(({ state }) => state === 'final').length)
    expect(result.failed).toBe(rows.filter(hasFailed).length)
    expect(result.final + result.failed + result.pending).toBe(result.offered)
    expect(result.offered).toBeGreaterThan(200)
    expect(result.failed).toBeGreaterThan(0)
    for (const [reason, count] of Object.entries(result.failed_by_reason)) {
      expect(rows.filter((row) => hasFailed(row) && row.reason === reason).length).toBe(count)
    }
    const reasons = Object.values(result.failed_by_reason)
    expect(reasons.reduce((sum, count) => sum + count, 0)).toBe(result.failed)
  })

  test('default: delays count from the intended start', () => {
    const inclusion = included.map((row) => toMs(row.included - row.intended))
    const final = rows.filter((row) => row.final >= 0)
    const finality = final.map((row) => toMs(row.final - row.intended))
    expect(result.time_to_inclusion_ms).toEqual(naiveQuantiles(inclusion))
    expect(result.time_to_finality_ms).toEqual(naiveQuantiles(finality))
    expect(series.inclusion_quantiles_ms.length).toBe(100)
    const middle = series.inclusion_quantiles_ms.slice(49, 51)
    expect(middle[0]).toBeLessThanOrEqual(result.time_to_inclusion_ms!.p50)
    expect(middle[1]).toBeGreaterThanOrEqual(result.time_to_inclusion_ms!.p50)
  })

  test('default: throughput and energy are over the offered window', () => {
    const count = rows.filter(
      (row) => row.included >= 0 && row.included < world.offeredUntil,
    ).length
    expect(result.throughput_per_s).toBeCloseTo(count / window, 9)
    expect(result.energy_watts).toBe(world.entry.watts)
    const joules = world.entry.watts * window
    expect(result.energy_wh_per_payment).toBeCloseTo(joules / 3_600 / count, 6)
    const minuteOf = (row: Row): number => Math.floor(toSeconds(row.included) / 60)
    const sizeOf = (minute: number): number =>
      included.filter((row) => minuteOf(row) === minute).length
    const busiest = Math.max(...[...new Set(included.map(minuteOf))].map(sizeOf))
    expect(result.peak_throughput_per_s).toBeCloseTo(busiest / 60, 9)
  })

  test('default: gas a second is that of the time in which the chain went on', () => {
    const { execution } = result
    expect(execution === undefined).toBe(variant !== 'tempo')
    if (execution === undefined) return
    const lasted = toSeconds(world.simulation.now())
    expect(lasted).toBeLessThan(toSeconds(world.until))
    expect(execution.gas_per_s).toBeCloseTo(execution.gas_used / lasted, 6)
    // What waits is drawn as far as what was included: as long again as there were offers.
    expect(series.waiting).toHaveLength((2 * window) / series.bin_s)
  })

  test('default: fees are of the payments that were included', () => {
    const { mean, p50, p95 } = naiveQuantiles(included.map(({ fee }) => fee))!
    expect(result.fee_usd).toEqual({ mean, p50, p95 })
  })

  test('default: the curves hold every payment once', () => {
    const sum = (rates: number[]): number => rates.reduce((total, rate) => total + rate, 0)
    expect(sum(series.offered_per_s) * series.bin_s).toBeCloseTo(rows.length, 6)
    const early = included.filter((row) => row.included < 2 * world.offeredUntil)
    expect(sum(series.included_per_s) * series.bin_s).toBeCloseTo(early.length, 6)
  })

  test('default: the outage is that of the payments intended in it', () => {
    const isIn = (time: number): boolean => time >= 20e6 && time < 35e6
    const offered = rows.filter(({ intended }) => isIn(intended))
    const arrived = offered.filter((row) => row.included >= 0)
    const times = included.map((row) => row.included).filter(isIn)
    const marks = [20e6, ...times.toSorted((a, b) => a - b), 35e6]
    const silence = Math.max(...marks.slice(1).map((time, k) => time - marks[k]!))
    expect(result.outage).toMatchObject({
      offered: offered.length,
      included: offered.filter(isIncluded).length,
      failed: offered.filter(hasFailed).length,
      failed_by_reason: result.outage!.failed_by_reason,
      time_to_inclusion_ms: naiveQuantiles(
        arrived.map((row) => toMs(row.included - row.intended)),
      ),
      longest_silence_s: expect.closeTo(toSeconds(silence), 6),
    })
    const { open, open_share, open_when_over } = result.outage!
    const isOpen = (row: Row): boolean => !isIncluded(row) && !hasFailed(row)
    expect(open).toBe(offered.filter(isOpen).length)
    expect(open_share).toBe(open / offered.length)
    const isDone = ({ included, ended }: Row): boolean =>
      [included, ended].some((at) => at >= 0 && at <= 35e6)
    const waiting = rows.filter((row) => row.intended <= 35e6 && !isDone(row))
    expect(waiting.length).toBeGreaterThan(0)
    expect(open_when_over).toBe(waiting.length)
    expect(result.outage!.failed).toBeGreaterThan(0)
    const failures = offered.filter(hasFailed).map(({ reason }) => reason)
    const names = [...new Set(failures)]
    expect(result.outage!.failed_by_reason).toEqual(
      Object.fromEntries(
        names.map((name) => [name, failures.filter((each) => each === name).length]),
      ),
    )
  })
})

test('default: the shares that a router gave its rails sum to 1', () => {
  const { world, rows } = runWorld('hybrid')
  const { result } = measureRail(world)
  const included = rows.filter((row) => row.included >= 0)
  const byTempo = included.filter(({ rail }) => world.rails[rail]!.name === 'tempo').length
  const { tempo, visa } = result.routed_share!
  expect(tempo).toBeCloseTo(byTempo / included.length, 12)
  expect(visa).toBeGreaterThan(0)
  expect(tempo! + visa!).toBeCloseTo(1, 12)
  // A router has no blocks of its own, and whoever rules it must rule both rails: the one operator
  // of visa is among the six that it takes for tempo.
  expect(result.blocks).toBeNull()
  const alone = ['tempo', 'visa'].map((variant) => measureRail(runWorld(variant).world).result)
  expect(alone.map(({ routed_share }) => routed_share)).toEqual([undefined, undefined])
  expect(alone.map(({ nakamoto }) => nakamoto.operators.half)).toEqual([6, 1])
  // Of ten with a vote each, four have more than a third; of five regions with two each, two.
  expect(alone.map(({ nakamoto }) => nakamoto.operators.third)).toEqual([4, 1])
  expect(alone[0]!.nakamoto.regions).toEqual({ third: 2, half: 3 })
  expect(result.nakamoto.operators.half).toBe(6)
})

test('default: blocks are counted with the intervals between them', () => {
  const { world } = runWorld('tempo')
  const { times, stale } = world.entry.blocks()!
  const intervals = Array.from(times.slice(1), (time, k) => toMs(time - times[k]!))
  const { mean, p50, p95 } = naiveQuantiles(intervals)!
  expect(measureRail(world).result.blocks).toMatchObject({
    count: times.length,
    interval_ms: { mean, p50, p95 },
    stale_share: stale / (times.length + stale),
  })
  expect(times.length).toBeGreaterThan(30)
})

test('behavior: a payment sent late, or once more, took its time from the intended start', () => {
  const world = createWorld({ data: smallScenario().data, variant: 'tempo' })
  const payments = createPayments()
  const order = { from: 0, to: 1, amount: usd(5), patience: seconds(60) }
  for (const start of [10, 12]) payments.add({ ...order, intendedAt: seconds(start) })
  payments.submit(0, 0, seconds(10))
  payments.fail(0, seconds(14), 'evicted')
  payments.submit(0, 1, seconds(15))
  payments.include(0, seconds(16), usd(0.5))
  payments.finalise(0, seconds(19))
  payments.submit(1, 0, seconds(40))
  payments.include(1, seconds(70), usd(1.5))
  const { result } = measureRail({ ...world, payments })
  expect(result).toMatchObject({
    ...{ offered: 2, included: 2, final: 1, failed: 0, pending: 1, failed_by_reason: {} },
    time_to_inclusion_ms: { mean: 32_000, p50: 32_000 },
    time_to_finality_ms: { mean: 9_000, p99: 9_000 },
    fee_usd: { mean: 1, p50: 1 },
    // Only the first is within the minute in which payments are offered.
    throughput_per_s: 1 / 60,
  })
})

describe('what did not happen', () => {
  test('behavior: no payment, no figures', () => {
    const { world } = runWorld('tempo', (draft) => {
      draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 0 }]
      draft.faults = []
    })
    const { result, series } = measureRail(world)
    expect(result).toMatchObject({
      ...{ offered: 0, included: 0, final: 0, failed: 0, pending: 0, failed_by_reason: {} },
      ...{ throughput_per_s: 0, peak_throughput_per_s: 0, energy_wh_per_payment: null },
      ...{ time_to_inclusion_ms: null, time_to_finality_ms: null, fee_usd: null, outage: null },
    })
    expect(series.finality_quantiles_ms).toEqual([])
  })

  test('behavior: a run that ended early is measured until then', () => {
    const world = createWorld({ data: smallScenario().data, variant: 'visa' })
    world.run({ eventsMax: 500 })
    const now = world.simulation.now()
    expect(now).toBeLessThan(20e6)
    const { result } = measureRail(world, now)
    expect(result.throughput_per_s).toBeCloseTo(result.included / toSeconds(now), 6)
    // The fault had not begun.
    expect(result.outage).toBeNull()
  })

  test('behavior: of an outage that goes on at the end, what was seen of it counts', () => {
    const { world } = runWorld('visa', (draft) => {
      draft.until = '30s'
    })
    const { result } = measureRail(world)
    expect(result.outage!.longest_silence_s).toBeLessThanOrEqual(10)
    expect(result.throughput_per_s).toBeCloseTo(result.included / 30, 6)
    // The run ends with it, and those that are open then were intended in it.
    expect(result.outage!.open).toBeGreaterThan(0)
    expect(result.outage!.open_when_over).toBe(result.outage!.open)
  })

  test('behavior: the peak of less than a minute is not below its mean', () => {
    const { world } = runWorld('visa', (draft) => {
      draft.workload.for = '20s'
      draft.faults = []
    })
    const { result } = measureRail(world)
    expect(result.throughput_per_s).toBeGreaterThan(0)
    expect(result.peak_throughput_per_s).toBe(result.throughput_per_s)
  })

  test('behavior: the time between two outages belongs to none', () => {
    const twice: Change = (draft) => {
      const [fault] = draft.faults
      draft.faults = ['10s', '40s'].map((at) => ({ ...fault!, at, for: '5s' }))
    }
    const { world, rows } = runWorld('tempo', twice)
    const isIn = ({ intended }: Row): boolean => intended % 30e6 >= 10e6 && intended % 30e6 < 15e6
    const { outage } = measureRail(world).result
    expect(outage!.offered).toBe(rows.filter(isIn).length)
    expect(outage!.longest_silence_s).toBeLessThanOrEqual(5)
  })
})

test('behavior: validators that depart from the protocol stand beside what it survives', () => {
  const silent = (names: string[]): string =>
    `behaviours=${JSON.stringify([{ what: 'silent', where: { name: names } }])}`
  expect(runTempo()).not.toHaveProperty('liars')
  expect(runTempo(silent(['validator-1', 'validator-3'])).liars).toEqual({
    tempo: {
      ...{ validators: 4, liars: 2, survivable: 1, liars_share: 0.5, survivable_share: 0.25 },
      too_many: true,
    },
  })
})
