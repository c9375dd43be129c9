import { ms, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, type BitcoinPolicy, usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createScript, createTestChain, instantFinality, type TestChainOptions } from './testing.ts'

const policy: BitcoinPolicy = {
  ...bitcoinPolicies.v31,
  relayRate: 4_000,
  incrementalRate: 4_000,
  capacityBytes: 100_000,
  bytesPerTransaction: 0,
  bytesPerWeightUnit: 1,
}

/** Payments of 1,000 WU; four fill a block; 1 sat/WU is 4 sat/vB and costs a dollar cent. */
const createChain = (
  options: Partial<TestChainOptions> = {},
  changes: Partial<BitcoinPolicy> = {},
) =>
  createTestChain({
    model: instantFinality(seconds(1)),
    ...options,
    rules: { bitcoin: { policy: { ...policy, ...changes } }, ...options.rules },
  })

const wallet = {
  strategy: 'mempool depth',
  targetBlocks: 2,
  headroom: 2,
  tip: { kind: 'constant', value: 1 },
  budgetUsd: { median: 5, sigma: 0 },
} as const

describe('one pool by the rules of Bitcoin', () => {
  test('default: a payment is included, final, and pays its bid', () => {
    const { simulation, pay, payments, told, rail } = createChain()
    const payment = pay()
    simulation.run({ until: seconds(5) })
    expect(told.map(({ what, at }) => [what, at])).toEqual([
      ['included', ms(1_100)],
      ['final', ms(1_100)],
    ])
    expect([payments.state(payment), payments.fee(payment)]).toEqual(['final', 10_000])
    expect(rail.conserved()).toBe(true)
  })

  test('it does what the plain pool does where nothing is replaced', () => {
    const livesOf = (bitcoin: boolean) => {
      const chain = createTestChain({
        model: instantFinality(seconds(1)),
        wallet: { ...wallet, tip: { kind: 'uniform', low: 1, high: 4 } },
        rules: bitcoin ? { bitcoin: { policy } } : {},
      })
      for (let k = 0; k < 40; k++) {
        chain.simulation.run({ until: ms(100 * k) })
        chain.pay({ from: k % 8 })
      }
      chain.simulation.run({ until: seconds(30) })
      expect(chain.rail.conserved()).toBe(true)
      return chain.told
    }
    // Fees are whole satoshi: bids of the two differ by less than a thousandth.
    expect(livesOf(true).map(({ payment, at, what }) => [payment, at, what])).toEqual(
      livesOf(false).map(({ payment, at, what }) => [payment, at, what]),
    )
  })

  test('behavior: below the relay fee a payment is refused', () => {
    const { simulation, pay, told } = createChain({}, { relayRate: 8_000 })
    pay()
    simulation.run({ until: seconds(1) })
    expect(told.map(({ what }) => what)).toEqual(['fee too low'])
  })

  test('behavior: a pool that was full takes nothing below its minimum', () => {
    const tip = { kind: 'constant', value: 1 } as const
    const { simulation, pay, told, rail } = createChain(
      { model: instantFinality(seconds(100)), wallet: { ...wallet, tip } },
      { capacityBytes: 3_500 },
    )
    for (let k = 0; k < 4; k++) pay()
    simulation.run({ until: seconds(2) })
    pay()
    simulation.run({ until: seconds(4) })
    expect(told.map(({ what }) => what)).toEqual(['mempool full', 'mempool full'])
    expect(rail.inFlight()).toBe(3)
  })
})

test('what waits is written down after each block that the first access node sees', () => {
  const { simulation, pay, rail } = createChain({ rules: { unitsLimit: 2_000 } })
  for (let k = 0; k < 5; k++) pay({ from: k })
  simulation.run({ until: seconds(4.5) })
  const { times, counts, units, prices } = rail.pool!()
  expect([...times]).toEqual([1, 2, 3, 4].map((second) => ms(second * 1_000 + 100)))
  expect([...counts]).toEqual([3, 1, 0, 0])
  expect([...units]).toEqual([3_000, 1_000, 0, 0])
  expect(prices[0]).toBeCloseTo(1, 1)
})

describe('payers who raise their fees', () => {
  const bump = { after: seconds(3), factor: 2, max: 2 }
  /** Blocks of one payment. */
  const narrow = { unitsLimit: 1_000 }

  test('default: under load, whoever waits overtakes', () => {
    const waits = (own: typeof bump | undefined): number => {
      const { simulation, pay, payments, rail } = createChain({
        rules: narrow,
        wallet: { ...wallet, targetBlocks: 40, bump: own },
      })
      const all = Array.from({ length: 12 }, (_, k) => pay({ from: k % 8 }))
      simulation.run({ until: seconds(40) })
      expect(all.map(payments.state)).toEqual(all.map(() => 'final'))
      expect(rail.conserved()).toBe(true)
      return all.reduce((sum, payment) => sum + payments.fee(payment), 0)
    }
    expect(waits(undefined)).toBe(120_000)
    // Three are mined before the first bumps, then everybody pays twice and four times as much.
    expect(waits(bump)).toBeGreaterThan(240_000)
  })

  test('behavior: each bid replaces the last, and only as often as allowed', () => {
    const { simulation, pay, payments, told } = createChain({
      model: instantFinality(seconds(20)),
      wallet: { ...wallet, bump },
    })
    const payment = pay()
    simulation.run({ until: seconds(30) })
    expect(payments.fee(payment)).toBe(40_000)
    expect(told.map(({ what }) => what)).toEqual(['included', 'final'])
  })

  test('behavior: never above the budget', () => {
    const { simulation, pay, payments } = createChain({
      model: instantFinality(seconds(20)),
      wallet: { ...wallet, bump, budgetUsd: { median: 0.03, sigma: 0 } },
    })
    const payment = pay()
    simulation.run({ until: seconds(30) })
    expect(payments.fee(payment)).toBe(30_000)
  })

  test('behavior: a bid that does not pay for its relay is refused and given back', () => {
    const { simulation, pay, payments, book } = createChain({
      model: instantFinality(seconds(20)),
      wallet: { ...wallet, bump: { ...bump, factor: 1.01 } },
    })
    const payment = pay()
    simulation.run({ until: seconds(10) })
    expect(book.balance(0)).toBe(100_000_000 - 1_000_000 - 10_000)
    simulation.run({ until: seconds(30) })
    expect(payments.fee(payment)).toBe(10_000)
  })

  test('behavior: never above what the account holds', () => {
    const { simulation, pay, payments, rail } = createChain({
      model: instantFinality(seconds(20)),
      openingUsd: 1.015,
      wallet: { ...wallet, bump },
    })
    const payment = pay()
    simulation.run({ until: seconds(30) })
    expect([payments.state(payment), payments.fee(payment)]).toEqual(['final', 10_000])
    expect(rail.conserved()).toBe(true)
  })
})

describe('payers who take payments back', () => {
  const doubleSpend = { share: 1, after: seconds(1), factor: 3 }

  test('before a block the better bid wins: replaced', () => {
    const { simulation, pay, payments, told, rail, book } = createChain({
      model: instantFinality(seconds(5)),
      wallet: { ...wallet, doubleSpend },
    })
    const payment = pay()
    simulation.run({ until: seconds(20) })
    expect(told.map(({ what, at }) => [what, at])).toEqual([['replaced', seconds(1)]])
    expect(payments.state(payment)).toBe('failed')
    expect([rail.conserved(), book.balance(0)]).toEqual([true, 100_000_000])
  })

  test('after a block it is too late', () => {
    const { simulation, pay, told } = createChain({
      wallet: { ...wallet, doubleSpend: { ...doubleSpend, after: seconds(1.05) } },
    })
    pay()
    simulation.run({ until: seconds(20) })
    expect(told.map(({ what }) => what)).toEqual(['included', 'final'])
  })
})

describe('confirmations are counted from the tip that the access node sees', () => {
  test('a reorganisation there takes them back, and the pool has the payment again', () => {
    const script = createScript()
    const chain = createChain({
      model: script.model,
      access: { confirmations: 2 },
      wallet: { ...wallet, bump: { after: seconds(30), factor: 2, max: 1 } },
    })
    const { simulation, pay, payments, told, rail } = chain
    // Two blocks of a rival chain that are older than the payment.
    const rival = script.build(1, script.build(1, 0))
    const payment = pay()
    simulation.run({ until: seconds(1) })
    const first = script.build(0, 0)
    script.show(2, first)
    expect(payments.state(payment)).toBe('included')
    // The other access node sees one block more, which is none of this payer's business.
    const second = script.build(0, first)
    script.show(3, second)
    expect(payments.state(payment)).toBe('included')
    // The payer's node moves to the rival: the payment waits again, and the pool offers it anew.
    script.show(2, rival)
    expect(payments.state(payment)).toBe('submitted')
    const next = script.build(1, rival)
    script.show(2, next)
    expect(payments.state(payment)).toBe('included')
    script.show(2, script.build(1, next))
    expect(payments.state(payment)).toBe('final')
    expect(told.map(({ what }) => what)).toEqual(['included', 'included', 'final'])
    expect(payments.fee(payment)).toBe(10_000)
    expect([rail.violations(), rail.conserved()]).toEqual([[], true])
  })

  test('an older bid in the chain of the payer is the payment, too', () => {
    const script = createScript()
    const { simulation, pay, payments, told, rail, book } = createChain({
      model: script.model,
      access: { confirmations: 2 },
      rules: { unitsLimit: 1_000 },
      wallet: {
        ...wallet,
        tip: { kind: 'uniform', low: 1, high: 3 },
        bump: { after: seconds(30), factor: 2, max: 1 },
      },
    })
    const rival = script.build(1, 0)
    // Who cannot pay draws a tip as well: two high ones here, and the next one is lower.
    for (const from of [4, 6]) pay({ from, amount: usd(1_000) })
    const payment = pay()
    simulation.run({ until: seconds(1) })
    const first = script.build(0, 0)
    const others = [1, 3, 5, 7].map((from) => pay({ from }))
    simulation.run({ until: seconds(2) })
    // A rival block brings the pool back to where the payment waits, and its payer bids more.
    script.show(3, script.build(1, rival))
    expect(payments.state(payment)).toBe('submitted')
    expect(others.map(payments.state)).toContain('included')
    simulation.run({ until: seconds(40) })
    const bid = 99_000_000 - book.balance(0)
    // The payer's chain turns out to be the one with the first bid.
    script.show(2, script.build(0, first))
    expect(payments.state(payment)).toBe('final')
    expect(bid / payments.fee(payment)).toBeCloseTo(2, 2)
    expect(told.filter((one) => one.payment === payment).map(({ what }) => what)).toEqual([
      'included',
      'final',
    ])
    expect(rail.conserved()).toBe(true)
  })
})
