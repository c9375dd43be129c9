import { BaseError, ms, seconds } from '@counterpoise/engine'
import { ethereumBaseFee, usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createTestChain, instantFinality, type TestChain } from './testing.ts'

const model = instantFinality(seconds(1))

/** A dollar cent: 1,000 units at the least price of 1, at 10 µ$ each. */
const cent = usd(0.01)

const expectNothingLeft = ({ rail, book }: TestChain): void => {
  expect([rail.inFlight(), rail.waiting(), book.inFlight()]).toEqual([0, 0, 0])
  expect([rail.conserved(), rail.violations()]).toEqual([true, []])
}

describe('the life of a payment', () => {
  test('default: submitted, in the next block, final when its access node hears of it', () => {
    const chain = createTestChain({ model })
    const { simulation, payments, rail, book, told } = chain
    simulation.run({ until: ms(200) })
    const payment = chain.pay()
    expect([payments.state(payment), rail.inFlight(), rail.waiting()]).toEqual(['submitted', 1, 1])
    expect([book.balance(0), book.inFlight()]).toEqual([usd(99) - cent, usd(1) + cent])
    simulation.run({ until: seconds(3) })
    // The block of 1 s takes 100 ms to the access node.
    expect(told).toEqual([
      { payment, what: 'included', at: ms(1_100) },
      { payment, what: 'final', at: ms(1_100) },
    ])
    expect(payments.state(payment)).toBe('final')
    expect(payments.submittedAt(payment)).toBe(ms(200))
    expect([payments.includedAt(payment), payments.finalAt(payment)]).toEqual([
      ms(1_100),
      ms(1_100),
    ])
    expect([book.balance(0), book.balance(1)]).toEqual([usd(99) - cent, usd(101)])
    expect([payments.fee(payment), book.fees()]).toEqual([cent, cent])
    expectNothingLeft(chain)
  })

  test('behavior: who reaches the pool after a block waits for the next one', () => {
    const chain = createTestChain({ model })
    chain.simulation.run({ until: ms(951) })
    const payment = chain.pay()
    chain.simulation.run({ until: seconds(3) })
    expect(chain.payments.includedAt(payment)).toBe(ms(2_100))
  })

  test('behavior: a block holds four; the fifth waits', () => {
    const chain = createTestChain({ model })
    const ids = [0, 1, 2, 3, 4].map((from) => chain.pay({ from }))
    chain.simulation.run({ until: seconds(3) })
    const times = ids.map(chain.payments.includedAt)
    expect(times).toEqual([1_100, 1_100, 1_100, 1_100, 2_100].map(ms))
    // The block of this very instant counts as well: its maker follows it.
    expect([...chain.rail.blocks()!.times]).toEqual([seconds(1), seconds(2), seconds(3)])
    expect(chain.rail.blocks()!.stale).toBe(0)
    expectNothingLeft(chain)
  })

  test('the fee is the base fee and the tip; what was held beyond it comes back', () => {
    const chain = createTestChain({
      model,
      rules: { baseFee: ethereumBaseFee(80, 8_000) },
      wallet: {
        ...{ strategy: 'base fee', targetBlocks: 1, headroom: 2 },
        ...{ tip: { kind: 'constant', value: 5 }, budgetUsd: { median: 50, sigma: 0 } },
      },
    })
    expect(chain.rail.quote(0).fee).toBe(85 * 10_000)
    const payment = chain.pay()
    expect(chain.book.inFlight()).toBe(usd(1) + 165 * 10_000)
    chain.simulation.run({ until: ms(3_500) })
    expect(chain.payments.fee(payment)).toBe(85 * 10_000)
    expect(chain.book.balance(0)).toBe(usd(99) - 85 * 10_000)
    // Three blocks: 80, then 73 as the first took a quarter of the target, then 64.
    expect(chain.rail.quote(0).fee).toBe((56 + 5) * 10_000)
    expectNothingLeft(chain)
  })
})

describe('a payment that gets nowhere', () => {
  test('behavior: the access node of the payer is down', () => {
    const chain = createTestChain({ model })
    chain.setUp('a0', false)
    const [even, odd] = [chain.pay({ from: 0 }), chain.pay({ from: 1 })]
    expect(chain.rail.quote(even).available).toBe(false)
    expect(chain.rail.quote(odd).available).toBe(true)
    expect(chain.told).toEqual([{ payment: even, what: 'no access', at: 0 }])
    expect(chain.payments.reason(even)).toBe('no access')
    chain.simulation.run({ until: seconds(3) })
    expect(chain.payments.state(odd)).toBe('final')
    expectNothingLeft(chain)
  })

  test('behavior: the payer cannot pay amount and fee', () => {
    const chain = createTestChain({ model })
    const payment = chain.pay({ amount: usd(100) })
    expect(chain.told).toEqual([{ payment, what: 'insufficient funds', at: 0 }])
    expect(chain.book.balance(0)).toBe(usd(100))
    expectNothingLeft(chain)
  })

  test('behavior: the budget is below what the pool takes', () => {
    const budgetUsd = { median: 0.001, sigma: 0 }
    const wallet = { strategy: 'mempool depth', targetBlocks: 1, headroom: 1, budgetUsd } as const
    const chain = createTestChain({
      model,
      wallet: { ...wallet, tip: { kind: 'constant', value: 1 } },
    })
    const payment = chain.pay()
    chain.simulation.run({ until: seconds(1) })
    expect(chain.told).toEqual([{ payment, what: 'fee too low', at: ms(50) }])
    expectNothingLeft(chain)
  })

  test('behavior: better ones crowd it out of a full pool', () => {
    const chain = createTestChain({
      model,
      rules: { mempoolUnits: 2_000 },
      wallet: {
        ...{ strategy: 'base fee', targetBlocks: 1, headroom: 1 },
        ...{ tip: { kind: 'uniform', low: 1, high: 9 }, budgetUsd: { median: 50, sigma: 0 } },
      },
    })
    for (let index = 0; index < 24; index++) chain.pay({ from: index % 8 })
    chain.simulation.run({ until: seconds(3) })
    const count = (what: string): number => chain.told.filter((each) => each.what === what).length
    expect(count('final')).toBe(2)
    expect(count('evicted') + count('mempool full')).toBe(22)
    expect(count('evicted')).toBeGreaterThan(0)
    expect(chain.told.find(({ what }) => what === 'evicted')?.at).toBe(ms(50))
    expectNothingLeft(chain)
  })

  test('behavior: patience ends on the next whole second, in the pool or on the way', () => {
    const chain = createTestChain({
      model: instantFinality(seconds(100)),
      access: { gossipDelayMs: { kind: 'constant', value: 5_000 } },
    })
    const [onItsWay, inPool] = [chain.pay({ patience: ms(2_500) }), chain.pay({ patience: 7e6 })]
    chain.simulation.run({ until: seconds(200) })
    expect(chain.told).toEqual([
      { payment: onItsWay, what: 'timed out', at: seconds(3) },
      { payment: inPool, what: 'timed out', at: seconds(7) },
    ])
    expect(chain.payments.state(inPool)).toBe('expired')
    expect(chain.rail.blocks()!.times).toHaveLength(2)
    expectNothingLeft(chain)
  })

  test('behavior: the pool drops what is too old for it, though its payer would wait', () => {
    const chain = createTestChain({
      model: instantFinality(seconds(100)),
      rules: { mempoolExpiry: seconds(4) },
    })
    const [early, impatient] = [chain.pay(), chain.pay({ patience: seconds(2) })]
    chain.simulation.run({ until: seconds(200) })
    expect(chain.told).toEqual([
      { payment: impatient, what: 'timed out', at: seconds(2) },
      { payment: early, what: 'evicted', at: seconds(4) },
    ])
    expect(chain.payments.state(early)).toBe('failed')
    expectNothingLeft(chain)
  })

  test('behavior: blocks that no access node has seen are part of the chain', () => {
    const chain = createTestChain({ model: instantFinality(seconds(1)) })
    for (const site of chain.rail.sites) if (site.role === 'access') site.takeDown()
    chain.simulation.run({ until: seconds(10) })
    expect(chain.rail.blocks()!.times).toHaveLength(10)
    expect(chain.rail.blocks()!.stale).toBe(0)
  })

  test('behavior: who submits too late expires; whose patience has no end waits', () => {
    const chain = createTestChain({ model: instantFinality(seconds(1_000)) })
    chain.pay({ patience: Number.MAX_SAFE_INTEGER - 1 })
    const late = chain.payments.add({ intendedAt: 0, from: 0, to: 1, amount: 5, patience: 10 })
    chain.simulation.run({ until: seconds(5) })
    chain.rail.submit(late)
    chain.simulation.run({ until: seconds(6) })
    expect(chain.told).toEqual([{ payment: late, what: 'timed out', at: seconds(5) }])
    expect(chain.rail.waiting()).toBe(1)
  })
})

describe('quotes', () => {
  test('default: the cheapest place, two blocks to wait, and finality after that', () => {
    const { rail, pay } = createTestChain({ model })
    const quote = rail.quote(pay())
    expect(quote).toEqual({
      ...{ available: true, fee: cent, risk: 0 },
      ...{ timeToInclusion: seconds(2), timeToFinality: seconds(4) },
    })
  })

  test('behavior: a chain that stands still for 20 intervals is not available', () => {
    const chain = createTestChain({ model })
    const payment = chain.pay()
    chain.simulation.run({ until: ms(5_500) })
    chain.setUp('v0', false)
    chain.simulation.run({ until: ms(25_099) })
    expect(chain.rail.quote(payment).available).toBe(true)
    chain.simulation.run({ until: ms(25_100) })
    expect(chain.rail.quote(payment).available).toBe(false)
    expect([0, ms(5_100), ms(5_101)].map(chain.rail.isStalled)).toEqual([true, true, false])
    chain.setUp('v0', true)
    chain.simulation.run({ until: ms(27_500) })
    expect(chain.rail.quote(payment).available).toBe(true)
  })

  test('behavior: a full pool is available to those who bid more than its worst', () => {
    const rules = { mempoolUnits: 4_000 }
    const bids = (tip: number) => ({
      ...{ strategy: 'base fee', targetBlocks: 1, headroom: 1 } as const,
      ...{ tip: { kind: 'constant', value: tip } as const, budgetUsd: { median: 9, sigma: 0 } },
    })
    const chain = createTestChain({ model, rules, wallet: bids(3) })
    for (let from = 0; from < 3; from++) chain.pay({ from })
    chain.simulation.run({ until: ms(100) })
    expect(chain.rail.quote(0).available).toBe(true)
    chain.pay({ from: 3 })
    chain.simulation.run({ until: ms(200) })
    expect(chain.rail.quote(0).available).toBe(false)
  })

  test('a busy pool costs more and takes longer', () => {
    const chain = createTestChain({
      model: instantFinality(seconds(100)),
      wallet: {
        ...{ strategy: 'base fee', targetBlocks: 1, headroom: 1 },
        ...{ tip: { kind: 'constant', value: 3 }, budgetUsd: { median: 9, sigma: 0 } },
      },
    })
    // Four fit into a block.
    const waits = [0, 3, 1, 4, 1].map((more) => {
      for (let k = 0; k < more; k++) chain.pay()
      chain.simulation.run({ until: chain.simulation.now() + ms(100) })
      return chain.rail.quote(0).timeToInclusion
    })
    expect(waits).toEqual([1, 1, 2, 3, 3].map(seconds))
  })
})

test('validators have power, access nodes have not, and all may break', () => {
  const { rail } = createTestChain({ model })
  expect(rail.sites.map(({ name, role }) => `${name} ${role}`)).toEqual([
    ...['v0 validator', 'v1 validator', 'a0 access', 'a1 access'],
  ])
  expect(rail.powers.map(({ power }) => power)).toEqual([1, 1])
  expect([rail.watts, rail.parts, rail.name]).toEqual([7, [], 'chain'])
})

test('behavior: a chain at rest makes no more events', () => {
  const chain = createTestChain({ model })
  chain.pay({ patience: seconds(5_000) })
  chain.simulation.run({ until: seconds(10) })
  chain.rail.rest()
  expect(chain.simulation.run()).toBe('empty')
  expect(chain.simulation.now()).toBeLessThan(seconds(12))
})

test('behavior: a chain that nobody can reach, or that confirms nothing, is refused', () => {
  expect(() => createTestChain({ model, accessNodes: [] })).toThrow(BaseError)
  const probabilistic = { ...model, finality: 'probabilistic' as const }
  const access = { confirmations: 0 }
  expect(() => createTestChain({ model: probabilistic, access })).toThrow(BaseError)
})
