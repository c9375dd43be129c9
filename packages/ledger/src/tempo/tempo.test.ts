import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextBaseFee } from '../baseFee.ts'
import { createFeeAmm, feeSwapOut, feeTokenOf, rebalanceIn } from './feeAmm.ts'
import { tempoFee, TempoError, tempoRules } from './forks.ts'
import { tempoTransferGas } from './gas.ts'
import { fillTempoBlock, laneOf, tempoLimits } from './lanes.ts'
import { createExpiringNonces, createTempoNonces } from './nonces.ts'

describe('forks and fees', () => {
  test('default: a transfer of 50,000 gas costs what is published', () => {
    expect(tempoFee(20_000_000_000n, 50_000n)).toBe(1_000n)
    expect(tempoFee(12_000_000_000n, 50_000n)).toBe(600n)
    expect(tempoFee(600_000_000n, 50_000n)).toBe(30n)
    expect(tempoFee(1n, 1n)).toBe(1n)
    expect(() => tempoFee(-1n, 1n)).toThrow(TempoError)
  })

  test('behavior: fixed before T7, moving since', () => {
    const [before, since] = [tempoRules('T4').baseFee, tempoRules('T7').baseFee]
    expect(nextBaseFee(before, before.initial, 500_000_000)).toBe(20_000_000_000)
    expect(nextBaseFee(before, before.initial, 0)).toBe(20_000_000_000)
    expect(nextBaseFee(since, since.initial, 0)).toBe(10_500_000_000)
    expect(tempoRules('T8').expiringWindowSeconds).toBe(30)
    expect(tempoRules('T11').expiringRingEntries).toBe(3_000_000)
    expect(() => tempoRules('T99')).toThrow('T4 | T7')
  })
})

describe('gas', () => {
  const rules = tempoRules('T8')

  test('default: figures of the snapshot', () => {
    expect(tempoTransferGas(rules).gas).toBe(39_858)
    expect(tempoTransferGas(rules, { newBalance: true }).gas).toBe(289_858)
    expect(tempoTransferGas(rules, { virtualAddress: true, customPolicy: true }).gas).toBe(50_066)
    expect(tempoTransferGas(rules, { nonce: 'new-key', keychain: true }).gas).toBe(65_158)
    expect(tempoTransferGas(rules, { nonce: 'expiring' }).gas).toBe(52_858)
  })

  test('behavior: a credit pays for a slot since T7', () => {
    const transfer = { newBalance: true, credits: 2 }
    expect(tempoTransferGas(rules, transfer)).toEqual({ gas: 44_858, creditsSpent: 1 })
    expect(tempoTransferGas(tempoRules('T4'), transfer)).toEqual({ gas: 289_858, creditsSpent: 0 })
  })
})

describe('lanes', () => {
  const transfer = { target: 'tip20', method: 'transfer' } as const

  test('default: a batch is a payment where each of its calls is', () => {
    expect(laneOf({ calls: [transfer, { target: 'channelReserve', method: 'open' }] })).toBe(
      'payment',
    )
    // The most that a payment may carry besides.
    const largest = { ...transfer, dynamicBytes: 2_048 }
    expect(laneOf({ calls: [largest], keyAuthorizationBytes: 1_024 })).toBe('payment')
    const swap = { target: 'other', method: 'swap' } as const
    for (const envelope of [
      { calls: [] },
      { calls: [transfer, swap] },
      { calls: [{ ...transfer, method: 'pause' }] },
      { calls: [{ ...transfer, target: 'create' as const }] },
      { calls: [{ ...transfer, dynamicBytes: 2_049 }] },
      { calls: [transfer], accessListEntries: 1 },
      { calls: [transfer], authorizations: 1 },
      { calls: [transfer], keyAuthorizationBytes: 1_025 },
    ]) {
      expect(laneOf(envelope)).toBe('general')
    }
  })

  test('behavior: each limit stops the builder and is named', () => {
    const pay = { lane: 'payment', gas: 20_000_000, bytes: 1_000, timeUs: 10 } as const
    const many = Array.from({ length: 40 }, () => pay)
    const limits = tempoLimits(1_000)
    expect(fillTempoBlock(many, limits)).toMatchObject({ stop: 'gas limit', gas: 500_000_000 })
    expect(fillTempoBlock(many, { ...limits, bytes: 2_500 }).included).toEqual([0, 1])
    expect(fillTempoBlock(many, { ...limits, timeUs: 35 }).stop).toBe('build budget')
    expect(fillTempoBlock(many.slice(0, 3), limits).stop).toBe('pool empty')
    const general = { ...pay, lane: 'general' } as const
    expect(fillTempoBlock([general, general, pay], limits).included).toEqual([0, 2])
    expect(fillTempoBlock([{ ...pay, gas: 30_000_001 }, pay], limits).included).toEqual([1])
  })

  test('behavior: what just fits is taken, by every limit', () => {
    const pay = { lane: 'payment', gas: 10_000_000, bytes: 1_000, timeUs: 10 } as const
    const general = { ...pay, lane: 'general' } as const
    const limits = tempoLimits(1_000)
    const taken = (candidate: typeof pay | typeof general, change: Partial<typeof limits>) =>
      fillTempoBlock([candidate, candidate], { ...limits, ...change }).included.length
    expect([taken(pay, { bytes: 2_000 }), taken(pay, { bytes: 1_999 })]).toEqual([2, 1])
    expect([taken(pay, { gas: 20_000_000 }), taken(pay, { gas: 19_999_999 })]).toEqual([2, 1])
    expect([taken(pay, { timeUs: 20 }), taken(pay, { timeUs: 19 })]).toEqual([2, 1])
    const [most, less] = [{ transactionGas: 10_000_000 }, { transactionGas: 9_999_999 }]
    expect([taken(pay, most), taken(pay, less)]).toEqual([2, 0])
    const lane = [20_000_000, 19_999_999].map((generalGas) => taken(general, { generalGas }))
    expect(lane).toEqual([2, 1])
  })
})

describe('Fee AMM', () => {
  test('default: direct, then two hops, else none', () => {
    const amm = createFeeAmm((token) => (token === 'A' ? 'Q' : undefined))
    expect(amm.route('A', 'V', 10_000n)).toBeUndefined()
    amm.fund('A', 'Q', 9_970n)
    amm.fund('Q', 'V', 9_940n)
    expect(amm.route('A', 'V', 10_000n)).toEqual(['A', 'Q', 'V'])
    expect(amm.collect(['A', 'Q', 'V'], 10_000n)).toBe(9_940n)
    expect(amm.route('A', 'V', 10_000n)).toBeUndefined()
    expect(() => amm.collect(['A', 'Q', 'V'], 10_000n)).toThrow(TempoError)
    expect(amm.pool('A', 'Q')).toEqual({ userReserve: 10_000n, validatorReserve: 0n })
    expect(amm.rebalance('A', 'Q', 10_000n)).toBe(9_986n)
    expect(() => amm.rebalance('A', 'Q', 1n)).toThrow(TempoError)
    expect(amm.route('V', 'V', 1n)).toEqual(['V'])
  })

  test('behavior: tokens are neither made nor lost, and providers do not lose', () => {
    const step = fc.record({ swap: fc.boolean(), amount: fc.bigInt(0n, 50_000n) })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const amm = createFeeAmm(() => undefined)
        amm.fund('A', 'V', 100_000n)
        let [userIn, validatorOut] = [0n, 0n]
        for (const { swap, amount } of steps) {
          const { userReserve } = amm.pool('A', 'V')
          if (swap && amm.route('A', 'V', amount) !== undefined) {
            validatorOut += amm.collect(['A', 'V'], amount)
            userIn += amount
          } else if (!swap && amount <= userReserve) {
            validatorOut -= amm.rebalance('A', 'V', amount)
            userIn -= amount
          }
          const after = amm.pool('A', 'V')
          expect(after).toEqual({ userReserve: userIn, validatorReserve: 100_000n - validatorOut })
          expect(after.userReserve + after.validatorReserve).toBeGreaterThanOrEqual(100_000n)
        }
      }),
      fuzzParameters(200),
    )
  })

  test('behavior: rates, and the order in which a fee finds its token', () => {
    expect([feeSwapOut(1n), feeSwapOut(10_000n)]).toEqual([0n, 9_970n])
    expect(rebalanceIn(10_000n)).toBe(9_986n)
    const all = { transaction: 'a', payer: 'b', called: 'c', swapIn: 'd' }
    expect(feeTokenOf(all)).toBe('a')
    expect(feeTokenOf({ ...all, transaction: undefined })).toBe('b')
    expect(feeTokenOf({ called: 'c', swapIn: 'd' })).toBe('c')
    expect(feeTokenOf({ swapIn: 'd' })).toBe('d')
    expect(feeTokenOf({})).toBe('pathUSD')
  })
})

describe('nonces', () => {
  test('default: keys are independent sequences', () => {
    const nonces = createTempoNonces()
    expect(nonces.use(1, 0n, 0)).toBe('accepted')
    expect(nonces.use(1, 0n, 0)).toBe('too low')
    expect(nonces.use(1, 7n, 1)).toBe('too high')
    expect([nonces.next(1, 0n), nonces.next(1, 7n), nonces.next(2, 0n)]).toEqual([1, 0, 0])
  })

  test('behavior: the window of 30 s, then of 300 s', () => {
    const before = createExpiringNonces({ ...tempoRules('T8'), expiringRingEntries: 9 })
    const since = createExpiringNonces({ ...tempoRules('T11'), expiringRingEntries: 9 })
    expect(before.use('a', 131, 100)).toBe('too far ahead')
    expect(before.use('a', 130, 100)).toBe('accepted')
    expect(since.use('a', 400, 100)).toBe('accepted')
    expect(since.use('b', 100, 100)).toBe('expired')
  })

  test('behavior: equal to a list of all that was ever taken', () => {
    const uses = fc.array(fc.tuple(fc.nat(8), fc.integer({ min: -1, max: 12 }), fc.nat(4)))
    fc.assert(
      fc.property(uses, fc.integer({ min: 1, max: 5 }), (list, size) => {
        const nonces = createExpiringNonces({
          expiringWindowSeconds: 10,
          expiringRingEntries: size,
        })
        const taken: { hash: number; until: number }[] = []
        let now = 100
        for (const [hash, ahead, step] of list) {
          now += step
          const until = now + ahead
          let expected = 'accepted'
          if (ahead <= 0) expected = 'expired'
          else if (ahead > 10) expected = 'too far ahead'
          else if (taken.some((entry) => entry.hash === hash && entry.until > now)) {
            expected = 'replayed'
          } else if ((taken.at(-size)?.until ?? 0) > now) expected = 'ring full'
          expect(nonces.use(`${hash}`, until, now)).toBe(expected)
          if (expected === 'accepted') taken.push({ hash, until })
        }
      }),
      fuzzParameters(300),
    )
  })
})
