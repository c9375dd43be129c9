import { seconds } from '@counterpoise/engine'
import { usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createTempo, plainTempo } from './testing.ts'

describe('fees', () => {
  test('default: exactly the base fee on the gas of the transfer, rounded up', () => {
    const { book, next, pay, payments, records, wait } = createTempo()
    const payment = pay({ from: 0, amount: usd(5) })
    wait(60)
    next()
    // ⌈6e8 · 39,858 ÷ 1e12⌉ = ⌈23.9148⌉ millionths.
    expect([payments.state(payment), payments.fee(payment)]).toEqual(['final', 24])
    expect([book.balance(0), book.balance(1)]).toEqual([usd(95) - 24, usd(105)])
    expect(records()).toMatchObject({ blocks: 1, transactions: 1, gas: 39_858, generalGas: 0 })
    expect(records().fees).toEqual(new Map([['P', 24]]))
    expect(records().received).toEqual(new Map([['P', 24]]))
  })

  test('behavior: the fixed fee before T7, the moving one since', () => {
    const { next, pay, payments, records, wait } = createTempo({}, 30_000_000)
    for (let k = 0; k < 700; k++) pay({ from: k % 8 })
    wait(60)
    next()
    const second = pay()
    wait(60)
    next()
    // 700 transfers: 27,900,600 gas, 17,900,600 above the target of ten million.
    const rise = Math.floor(Math.floor((600_000_000 * 17_900_600) / 10_000_000) / 8)
    expect([...records().baseFees]).toEqual([600_000_000, 600_000_000 + rise])
    const fee = Math.ceil(((600_000_000 + rise) * 39_858) / 1e12)
    expect(payments.fee(second)).toBe(fee)
  })

  test('behavior: through the Fee AMM, whose providers keep the spread', () => {
    const { next, pay, payments, records, wait } = createTempo({
      tokens: [{ name: 'P', share: 0 }, { name: 'A', share: 1, quote: 'P' }],
      pools: [{ from: 'A', to: 'P', liquidity: 1_000_000 }],
    })
    const payment = pay()
    wait(60)
    next()
    expect(payments.fee(payment)).toBe(24)
    expect(records().fees).toEqual(new Map([['P', 0], ['A', 24]]))
    // ⌊24 · 0.997⌋.
    expect(records().received).toEqual(new Map([['P', 23]]))
  })

  test('behavior: no way for the most that a fee could be, no payment', () => {
    const tokens = [{ name: 'P', share: 0 }, { name: 'A', share: 1, quote: 'P' }]
    // 20 · 6e8 · 300,000 gas are 3,600 millionths; after the swap 3,589.
    const poor = createTempo({ tokens, pools: [{ from: 'A', to: 'P', liquidity: 3_588 }] })
    const rich = createTempo({ tokens, pools: [{ from: 'A', to: 'P', liquidity: 3_589 }] })
    const refused = poor.pay()
    const taken = rich.pay()
    for (const { wait } of [poor, rich]) wait(60)
    expect(poor.payments.reason(refused)).toBe('no fee liquidity')
    expect(rich.payments.state(taken)).toBe('submitted')
    expect(poor.book.inFlight()).toBe(0)
  })

  test('behavior: a producer with another token fills nothing that has no way to it', () => {
    const tempo = createTempo({
      tokens: [{ name: 'P', share: 1 }, { name: 'B', share: 0 }],
      validatorTokens: { v1: 'B' },
    })
    const payment = tempo.pay()
    tempo.wait(60)
    tempo.next(1)
    expect(tempo.payments.state(payment)).toBe('submitted')
    tempo.next(0)
    expect(tempo.payments.state(payment)).toBe('final')
  })

  test('behavior: what fees have brought is bought out of a pool, in the general lane', () => {
    const tempo = createTempo({
      tokens: [{ name: 'P', share: 0 }, { name: 'A', share: 1, quote: 'P' }],
      pools: [{ from: 'A', to: 'P', liquidity: 5_000 }],
      rebalancing: { above: 24, gas: 150_000 },
    })
    for (let k = 0; k < 3; k++) {
      tempo.pay()
      tempo.wait(60)
      tempo.next()
    }
    // Before the second block and before the third.
    expect(tempo.records().generalGas).toBe(300_000)
  })

  test('behavior: a sponsor is the payee, and pays from its own account', () => {
    const { book, next, pay, payments, wait } = createTempo({
      shares: { ...plainTempo.shares, sponsored: 1 },
    })
    // All that account 4 has is held for its own payment: it can sponsor nothing.
    const all = pay({ from: 4, amount: usd(100) })
    const unsponsored = pay({ from: 3, amount: usd(2) })
    const dust = pay({ from: 0, amount: 1 })
    expect(payments.reason(unsponsored)).toBe('insufficient funds')
    expect(book.balance(3)).toBe(usd(100))
    wait(60)
    // The most that a fee may be: 300,000 gas at twenty times 6e8.
    expect(book.balance(1)).toBe(usd(100) - 3_600)
    next()
    expect([payments.state(all), payments.fee(dust)]).toEqual(['final', 24])
    expect([book.balance(0), book.balance(1)]).toEqual([usd(100) - 1, usd(100) + 1 - 24])
    expect([book.inFlight(), book.discrepancy()]).toEqual([0, 0])
  })
})

describe('blocks', () => {
  test('default: a block ends at its gas, and says so', () => {
    const { next, pay, payments, records, wait } = createTempo()
    const ids = Array.from({ length: 12 }, (_, k) => pay({ from: k % 8 }))
    wait(60)
    next()
    expect(ids.filter((id) => payments.state(id) === 'final')).toEqual(ids.slice(0, 10))
    expect(records().stops).toEqual(new Map([['gas limit', 1]]))
  })

  test('behavior: at the build budget, where the builder has a speed', () => {
    // 39,858 gas at 1 Mgas/s: 1.35 · 39.858 ms to build and as much again for the others.
    const build = { ...plainTempo.build, gasPerSecond: 1_000_000 }
    const { next, pay, records, wait } = createTempo({ build })
    for (let k = 0; k < 8; k++) pay({ from: k })
    wait(60)
    next()
    expect(records()).toMatchObject({ transactions: Math.floor(500 / (2 * 1.35 * 39.858)) })
    expect(records().stops).toEqual(new Map([['build budget', 1]]))
  })

  test('behavior: the general lane has its cap, and payments pass by', () => {
    const general = { ...plainTempo.shares, general: 1 }
    const { next, pay, records, wait } = createTempo({ shares: general, generalGas: 200_000 })
    for (let k = 0; k < 5; k++) pay({ from: k })
    wait(60)
    next()
    expect(records()).toMatchObject({ transactions: 2, gas: 180_000, generalGas: 180_000 })
    expect(records().stops).toEqual(new Map([['pool empty', 1]]))
  })
})

describe('nonces', () => {
  test('default: of one payer, in order, whatever is bid; a given-up place is filled', () => {
    const { next, payments, pay, wait } = createTempo({}, 50_000)
    const first = pay({ from: 0, patience: seconds(1) })
    const second = pay({ from: 0 })
    wait(1_100)
    expect(payments.state(first)).toBe('expired')
    next()
    expect(payments.state(second)).toBe('submitted')
    const third = pay({ from: 0 })
    wait(60)
    next()
    next()
    expect([second, third].map((id) => payments.state(id))).toEqual(['final', 'final'])
    expect(payments.includedAt(third)).toBeLessThanOrEqual(payments.includedAt(second))
  })

  test('behavior: an expiring one is too late from the second that it names', () => {
    const nonces = { ...plainTempo.nonces, protocol: 0, expiring: 1, validForSeconds: 2 }
    const { book, next, payments, pay, told, wait } = createTempo({ nonces }, 60_000)
    const [early, late] = [pay({ from: 0 }), pay({ from: 0 })]
    wait(1_999)
    next()
    expect(payments.state(early)).toBe('final')
    wait(1)
    next()
    expect(payments.reason(late)).toBe('nonce expired')
    expect(told.at(-1)).toEqual({ payment: late, what: 'nonce expired', at: seconds(2) })
    expect(book.inFlight()).toBe(0)
  })
})
