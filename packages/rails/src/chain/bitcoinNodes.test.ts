import { createStream, exponential, hours, ms, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, type BitcoinPolicy } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { relaySchedules } from './relaySchedule.ts'
import { createScript, createTestChain, instantFinality, type TestChainOptions } from './testing.ts'

const policy: BitcoinPolicy = {
  ...bitcoinPolicies.v31,
  relayRate: 4_000,
  incrementalRate: 4_000,
  capacityBytes: 1_000_000,
  bytesPerTransaction: 0,
  bytesPerWeightUnit: 1,
}

const wallet = {
  strategy: 'mempool depth',
  targetBlocks: 2,
  headroom: 2,
  tip: { kind: 'constant', value: 1 },
  budgetUsd: { median: 5, sigma: 0 },
} as const

const member = (name: string) => ({
  name,
  attributes: { region: 'home', operator: name },
  weight: 0,
})

/** Two miners, two access nodes and two relays, everybody linked with everybody. */
const createChain = (options: Partial<TestChainOptions> = {}, fidelity = 'per-node') =>
  createTestChain({
    model: instantFinality(seconds(20)),
    relays: [member('r0'), member('r1')],
    ...options,
    rules: {
      bitcoin: { policy, relay: fidelity === 'per-node' ? relaySchedules.v21 : undefined },
      ...options.rules,
    },
  })

describe('a pool for each miner and access node', () => {
  test('default: a payment travels to the miner, and blocks bring it back', () => {
    const { simulation, pay, payments, told, rail } = createChain()
    const payment = pay()
    simulation.run({ until: seconds(30) })
    expect(told.map(({ what, at }) => [what, at])).toEqual([
      ['included', ms(20_100)],
      ['final', ms(20_100)],
    ])
    expect([payments.fee(payment), rail.conserved()]).toEqual([10_000, true])
  })

  test('behavior: what has not reached the miner is not in its block', () => {
    const { simulation, pay, told } = createChain({ model: instantFinality(seconds(1)) })
    pay()
    // At the soonest: 10 ms to the node, a wait, 100 ms of announcement, and 200 to ask and get.
    simulation.run({ until: seconds(60) })
    expect(told[0]!.at).toBeGreaterThan(seconds(1.5))
    expect(told.map(({ what }) => what)).toEqual(['included', 'final'])
  })

  test('behavior: a better bid of the same payment replaces the old one everywhere', () => {
    const { simulation, pay, payments, rail } = createChain({
      model: instantFinality(seconds(100)),
      wallet: { ...wallet, bump: { after: seconds(20), factor: 2, max: 2 } },
    })
    const payment = pay()
    simulation.run({ until: seconds(130) })
    expect([payments.state(payment), payments.fee(payment)]).toEqual(['final', 40_000])
    expect(rail.conserved()).toBe(true)
  })

  test('behavior: a bump that comes late leaves the old bid in the block', () => {
    const { simulation, pay, payments, rail, book } = createChain({
      model: instantFinality(seconds(20)),
      wallet: { ...wallet, bump: { after: seconds(19.9), factor: 2, max: 2 } },
    })
    const payment = pay()
    simulation.run({ until: seconds(130) })
    expect([payments.state(payment), payments.fee(payment)]).toEqual(['final', 10_000])
    expect(rail.conserved()).toBe(true)
    expect(book.balance(0)).toBe(100_000_000 - 1_000_000 - 10_000)
  })

  test('a double spend that is mined: conflicted when the payer sees the block', () => {
    const { simulation, pay, told, rail, book } = createChain({
      model: instantFinality(seconds(60)),
      wallet: { ...wallet, doubleSpend: { share: 1, after: seconds(5), factor: 3 } },
    })
    pay()
    simulation.run({ until: seconds(90) })
    expect(told.map(({ what, at }) => [what, at])).toEqual([['conflicted', ms(60_100)]])
    expect([rail.conserved(), book.balance(0)]).toEqual([true, 100_000_000])
  })

  test('behavior: patience ends everywhere at once', () => {
    const { simulation, pay, told, rail } = createChain({ model: instantFinality(seconds(60)) })
    pay({ patience: seconds(30) })
    simulation.run({ until: seconds(90) })
    expect(told.map(({ what }) => what)).toEqual(['timed out'])
    expect(rail.inFlight()).toBe(0)
  })

  test('behavior: a node that is down hears nothing', () => {
    const { simulation, pay, told, setUp } = createChain({ model: instantFinality(seconds(20)) })
    setUp('v0', false)
    pay()
    simulation.run({ until: seconds(15) })
    setUp('v0', true)
    simulation.run({ until: seconds(70) })
    expect(told).toEqual([])
  })

  test('reorganisations: each pool follows the chain of its own node', () => {
    const script = createScript()
    const chain = createChain({ model: script.model, access: { confirmations: 2 } })
    const { simulation, pay, payments, told, rail } = chain
    const rival = script.build(1, script.build(1, 0))
    const payment = pay()
    simulation.run({ until: seconds(60) })
    const first = script.build(0, 0)
    script.show(0, first)
    script.show(2, first)
    expect(payments.state(payment)).toBe('included')
    // Miner 1 has not seen that block: it has the payment still, and mines it itself.
    const next = script.build(1, rival)
    script.show(2, next)
    expect(payments.state(payment)).toBe('included')
    script.show(2, script.build(1, next))
    expect(payments.state(payment)).toBe('final')
    expect(told.map(({ what }) => what)).toEqual(['included', 'included', 'final'])
    expect([rail.violations(), rail.conserved()]).toEqual([[], true])
  })
})

describe('one pool or many', () => {
  /** Mean delay from submission to the payer's knowledge of the block, s. */
  const meanDelay = (fidelity: string, gossipMs: number): number => {
    const chain = createChain(
      {
        model: instantFinality(seconds(600)),
        rules: { unitsLimit: 100_000 },
        access: {
          clientDelayMs: { kind: 'constant', value: 10 },
          gossipDelayMs: { kind: 'constant', value: gossipMs },
          typicalInterval: seconds(600),
        },
      },
      fidelity,
    )
    const stream = createStream({ seed: 'fidelity', replication: 0, purpose: 'arrivals' })
    let at = 0
    for (let k = 0; k < 1_000; k++) {
      at += Math.round(exponential(stream, seconds(60)))
      chain.simulation.run({ until: at })
      chain.pay({ from: k % 8, patience: hours(10) })
    }
    chain.simulation.run({ until: at + hours(1) })
    const included = chain.told.filter(({ what }) => what === 'included')
    expect(included).toHaveLength(1_000)
    const delays = included.map((one) => one.at - chain.payments.intendedAt(one.payment))
    return delays.reduce((sum, delay) => sum + delay, 0) / delays.length / 1e6
  }

  test('agree where payments travel much faster than blocks come', () => {
    const perNode = meanDelay('per-node', 0)
    // A payment is late by a block if one comes while it travels: d out of 600 s, for 600 s each.
    const shared = meanDelay('shared', 0)
    expect(perNode).toBeGreaterThanOrEqual(shared)
    // Half of the wait is 300 s; what the way of a payment adds to it is a few seconds at most.
    expect(perNode - shared).toBeLessThan(10)
    // The shared pool with the mean time of that way as its delay comes within three seconds.
    expect(Math.abs(perNode - meanDelay('shared', 3_000))).toBeLessThan(3)
  })
})
