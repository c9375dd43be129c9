import { ms, seconds } from '@counterpoise/engine'
import { usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createTempo, plainTempo } from './testing.ts'

const batches = { ...plainTempo.batches, share: 1, window: ms(500), callsMax: 3 }

describe('batches', () => {
  test('default: what a payer sends within the window is one transaction', () => {
    const { book, next, pay, payments, records, wait } = createTempo({ batches })
    const ids = [pay({ from: 0 }), pay({ from: 0 }), pay({ from: 1 })]
    wait(549)
    next()
    expect(ids.every((id) => payments.state(id) === 'submitted')).toBe(true)
    wait(1)
    next()
    // 39,858 gas and 18,858 for the second call: ⌈6e8 · 58,716 ÷ 1e12⌉ = 36 millionths for both.
    expect(records()).toMatchObject({ transactions: 2, payments: 3, batched: 2 })
    expect(records().gas).toBe(39_858 + 18_858 + 39_858)
    expect(ids.map((id) => payments.fee(id))).toEqual([18, 18, 24])
    expect([book.fees(), book.inFlight(), book.discrepancy()]).toEqual([60, 0, 0])
  })

  test('behavior: it is sent as soon as it is full; the first bears what is not divisible', () => {
    const { next, pay, payments, wait } = createTempo({ batches })
    const ids = Array.from({ length: 4 }, () => pay({ from: 0 }))
    wait(60)
    next()
    // ⌈6e8 · 77,574 ÷ 1e12⌉ = 47 millionths for three.
    expect(ids.map((id) => payments.fee(id))).toEqual([17, 15, 15, 0])
    wait(500)
    next()
    expect(payments.state(ids[3]!)).toBe('final')
  })

  test('behavior: who gives one payment up does not give up the others', () => {
    const { next, pay, payments, records, wait } = createTempo({ batches })
    const [impatient, gathered] = [pay({ from: 0, patience: ms(200) }), pay({ from: 0 })]
    // This one runs out when the batch waits for a block.
    const late = pay({ from: 2, patience: seconds(2) })
    const beside = pay({ from: 2 })
    wait(2_100)
    expect([impatient, late].map((id) => payments.state(id))).toEqual(['expired', 'expired'])
    next()
    expect([gathered, beside].map((id) => payments.state(id))).toEqual(['final', 'final'])
    expect(records()).toMatchObject({ transactions: 2, payments: 2, batched: 0 })
  })
})

describe('policies', () => {
  const policy = { token: 'P', kind: 'blacklist', checks: 'senders' } as const
  const policies = { accounts: 8, updateGas: 100_000, policies: [], updates: [] }

  test('default: who is refused pays the fee, and its payee gets nothing', () => {
    const { book, next, pay, payments, records, told, wait } = createTempo({
      policies: { ...policies, policies: [{ ...policy, listed: 1 }] },
    })
    const payment = pay({ from: 0, amount: usd(5) })
    wait(60)
    next()
    expect([payments.state(payment), payments.reason(payment)]).toEqual([
      ...['failed', 'refused by policy'],
    ])
    expect(told.map(({ what }) => what)).toEqual(['refused by policy'])
    // A transfer that looks up a list takes 46,246 gas: ⌈6e8 · 46,246 ÷ 1e12⌉ = 28 millionths.
    expect([book.balance(0), book.balance(1)]).toEqual([usd(100) - 28, usd(100)])
    expect([book.fees(), book.inFlight(), book.discrepancy()]).toEqual([28, 0, 0])
    expect(records()).toMatchObject({ refused: 1, transactions: 1, gas: 46_246 })
  })

  test('behavior: of a refused payment with a sponsor, the sponsor pays the fee', () => {
    const { book, next, pay, payments, wait } = createTempo({
      policies: { ...policies, policies: [{ ...policy, listed: 1 }] },
      shares: { ...plainTempo.shares, sponsored: 1 },
    })
    const payment = pay({ from: 0, amount: usd(5) })
    wait(60)
    next()
    expect(payments.reason(payment)).toBe('refused by policy')
    expect([book.balance(0), book.balance(1)]).toEqual([usd(100), usd(100) - 28])
    expect([book.fees(), book.inFlight(), book.discrepancy()]).toEqual([28, 0, 0])
  })

  test('behavior: an update counts from the block that executes it, in the general lane', () => {
    const { next, pay, payments, records, wait } = createTempo(
      {
        generalGas: 450_000,
        policies: {
          ...policies,
          policies: [{ ...policy, listed: 0 }],
          updates: [
            { at: seconds(1), policy: 0, share: 1, isListed: true },
            { at: seconds(3), policy: 0, share: 1, isListed: false },
          ],
        },
      },
      10_000_000,
    )
    const before = pay({ from: 0 })
    wait(500)
    next()
    expect(payments.state(before)).toBe('final')
    wait(600)
    // Eight accounts, four updates of 100,000 gas to a block.
    next()
    expect(records()).toMatchObject({ policyUpdates: 4, generalGas: 400_000 })
    next()
    const meanwhile = Array.from({ length: 8 }, (_, from) => pay({ from }))
    wait(60)
    next()
    expect(new Set(meanwhile.map((id) => payments.reason(id)))).toEqual(
      new Set(['refused by policy']),
    )
    wait(2_000)
    next()
    next()
    const after = pay({ from: 0 })
    wait(60)
    next()
    expect([payments.state(after), records().policyUpdates]).toEqual(['final', 16])
  })

  test('behavior: one refused call undoes a batch', () => {
    const listed = {
      ...{ ...policies, updates: [] },
      policies: [{ token: 'P', kind: 'blacklist', checks: 'recipients', listed: 0.5 } as const],
    }
    const outcomes = [0, 1].map((share) => {
      const { book, next, payments, rail, wait } = createTempo(
        { batches: { ...batches, callsMax: 7, share }, policies: listed },
        10_000_000,
      )
      const ids = Array.from({ length: 7 }, (_, k) =>
        payments.add({ intendedAt: 0, from: 0, to: k + 1, amount: usd(1), patience: seconds(60) }),
      )
      ids.forEach(rail.submit)
      wait(600)
      next()
      expect([book.inFlight(), book.discrepancy()]).toEqual([0, 0])
      return new Set(ids.map((id) => payments.state(id)))
    })
    // One by one some are allowed and some are not; together nobody gets anything.
    expect(outcomes).toEqual([new Set(['final', 'failed']), new Set(['failed'])])
  })
})

test('a charge is sent when its payer has the terms', () => {
  const { next, pay, payments, records, wait } = createTempo({
    charges: { share: 1, challengeMs: { kind: 'constant', value: 70 } },
  })
  const payment = pay()
  wait(119)
  next()
  expect(payments.state(payment)).toBe('submitted')
  wait(1)
  next()
  expect([payments.state(payment), records().charges]).toEqual(['final', 1])
})
