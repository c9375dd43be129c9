import { minutes, seconds, type Time } from '@counterpoise/engine'
import { createPayments, type Payments } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { peakPerSecond, seriesOf } from './series.ts'

/** Payments that were intended at times, s, and included a second later where it is said. */
function paymentsAt(times: readonly number[], isIncluded = true): Payments {
  const payments = createPayments()
  for (const time of times) {
    const intendedAt = seconds(time)
    const order = { intendedAt, from: 0, to: 1, amount: 1, patience: minutes(60) }
    const payment = payments.add(order)
    payments.submit(payment, 0, intendedAt)
    if (isIncluded) payments.include(payment, intendedAt + seconds(1), 0)
  }
  return payments
}

const none = { inclusion: new Float64Array(), finality: new Float64Array() }
const spread = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / count)

describe('the peak', () => {
  test('default: of the busiest minute of the clock', () => {
    const times = [...spread(30, 0, 59), ...spread(90, 59, 119), ...spread(60, 119, 179)]
    expect(peakPerSecond(paymentsAt(times), minutes(10))).toBe(1.5)
  })

  test('behavior: of the window where that is shorter, and of nothing it is 0', () => {
    expect(peakPerSecond(paymentsAt(spread(30, 0, 9)), seconds(10))).toBe(3)
    expect(peakPerSecond(paymentsAt([1, 2], false), minutes(1))).toBe(0)
    expect(peakPerSecond(paymentsAt([1, 2]), 0)).toBe(0)
  })
})

describe('curves', () => {
  const widthOf = (span: Time): number => seriesOf(paymentsAt([]), span, none).bin_s

  test('default: at most 240 bins of a width that reads well, or hours', () => {
    expect([1, 240, 241, 480].map((span) => widthOf(seconds(span)))).toEqual([1, 1, 2, 2])
    expect([minutes(20), minutes(60), minutes(1_440)].map(widthOf)).toEqual([5, 15, 600])
    expect(widthOf(minutes(30 * 1_440))).toBe(3_600)
  })

  test('default: per second; what was included up to one empty bin after the last', () => {
    // Bins of 2 s.
    const times = [0, 1, 1.5, 2, 300, 400]
    const { bin_s, included_per_s, offered_per_s } = seriesOf(
      paymentsAt(times),
      seconds(400),
      none,
    )
    expect(bin_s).toBe(2)
    expect(offered_per_s).toHaveLength(200)
    expect(offered_per_s.slice(0, 3)).toEqual([1.5, 0.5, 0])
    expect(offered_per_s[150]).toBe(0.5)
    // The last one came at 401 s, after the window, and counts still.
    expect(included_per_s.slice(0, 3)).toEqual([0.5, 1.5, 0])
    expect(included_per_s).toHaveLength(202)
    expect(included_per_s.slice(200)).toEqual([0.5, 0])
  })
})
