import { seconds } from '@counterpoise/engine'
import { createPayments, usd } from '@counterpoise/ledger'
import type { World } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { outageOf } from './outage.ts'

type Fate = { at: number; included?: number; failed?: number }

/** A fault from 10 s to 20 s, and payments with their fates, s. */
function outageIn(fates: readonly Fate[], end: number, faults = [[10, 10]]) {
  const payments = createPayments()
  for (const { at, included, failed } of fates) {
    const order = { intendedAt: seconds(at), from: 0, to: 1, amount: usd(1), patience: seconds(99) }
    const payment = payments.add(order)
    payments.submit(payment, 0, seconds(at))
    if (included !== undefined) payments.include(payment, seconds(included), 0)
    if (failed !== undefined) payments.fail(payment, seconds(failed), 'no access')
  }
  const plan = faults.map(([at, duration]) => ({ at: seconds(at!), duration: seconds(duration!) }))
  return outageOf({ faults: plan, payments } as unknown as World, seconds(end))
}

test('default: of the payments that were intended while a fault was on', () => {
  const fates = [
    ...[{ at: 9.9, included: 11 }, { at: 10, included: 13 }, { at: 19, failed: 21 }],
    ...[{ at: 19.9, included: 30 }, { at: 20, included: 21 }],
  ]
  expect(outageIn(fates, 60)).toMatchObject({
    ...{ offered: 3, included: 2, failed: 1 },
    ...{ included_share: 2 / 3, failed_share: 1 / 3 },
    failed_by_reason: { 'no access': 1 },
    failed_share_by_reason: { 'no access': 1 / 3 },
    time_to_inclusion_ms: { mean: (3_000 + 10_100) / 2 },
    // Included at 11 and 13 s, and then not before the end.
    longest_silence_s: 7,
  })
})

test('the longest silence lies before, between or after what is included, within the fault', () => {
  const silence = (...times: number[]): number =>
    outageIn(times.map((included) => ({ at: 1, included })), 60)!.longest_silence_s
  expect(silence()).toBe(10)
  const found = [silence(16, 17), silence(12, 18), silence(12, 13), silence(9, 20)]
  expect(found).toEqual([6, 6, 7, 10])
})

test('behavior: what comes after the end is not looked at, nor a fault that begins there', () => {
  expect(outageIn([], 13)!.longest_silence_s).toBe(3)
  expect(outageIn([], 10)).toBeNull()
  const none = outageIn([], 60)!
  expect([none.included_share, none.failed_share_by_reason]).toEqual([null, null])
})

test('behavior: of two faults the longer silence counts, not the time between them', () => {
  expect(outageIn([{ at: 1, included: 12 }], 99, [[10, 4], [50, 3]])!.longest_silence_s).toBe(3)
})
