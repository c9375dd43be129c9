import { ms, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, type BitcoinPolicy } from '@counterpoise/ledger'
import { constantLatency, edgeTopology } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { relaySchedules } from './relaySchedule.ts'
import { createScript, createTestChain, instantFinality, type TestChainOptions } from './testing.ts'

/** 4 sat/vB, which is 1 sat/WU: a payment of 1,000 WU then costs a dollar cent. */
const policy: BitcoinPolicy = {
  ...{ ...bitcoinPolicies.v31, relayRate: 4_000, incrementalRate: 4_000 },
  ...{ capacityBytes: 100_000, bytesPerTransaction: 0, bytesPerWeightUnit: 1 },
}
const wallet = {
  ...{ strategy: 'mempool depth', targetBlocks: 2, headroom: 2 } as const,
  ...{ tip: { kind: 'constant', value: 1 } as const, budgetUsd: { median: 5, sigma: 0 } },
}

const createChain = (
  { rules, ...options }: Partial<TestChainOptions> = {},
  changes: Partial<BitcoinPolicy> = {},
  relay?: keyof typeof relaySchedules,
) =>
  createTestChain({
    ...{ model: instantFinality(seconds(1)), ...options },
    rules: {
      bitcoin: { policy: { ...policy, ...changes }, relay: relay && relaySchedules[relay] },
      ...rules,
    },
  })

test('a chain is open to bids of what its pool takes at least, sat/kvB', () => {
  const isOpen = (relayRate: number): boolean =>
    createChain({}, { relayRate }).rail.quote(0).available
  expect([3_999, 4_000, 4_001].map(isOpen)).toEqual([true, true, false])
})

test.each([undefined, 'v21'] as const)('estimates are in satoshi per unit (%s)', (relay) => {
  // With a cent to spend all give a satoshi per unit, and are in the next block.
  const tip = { kind: 'constant', value: 2 } as const
  const budgetUsd = { median: 0.01, sigma: 0 }
  const chain = createChain(
    {
      model: instantFinality(seconds(60)),
      wallet: { ...wallet, strategy: 'bitcoin estimate', tip, budgetUsd },
      rules: { minimumPrice: 0.5 },
    },
    { relayRate: 1_000, incrementalRate: 1_000 },
    relay,
  )
  const { pay, payments, rail, simulation } = chain
  const fees = (): number[] => [0, 1].map((payment) => rail.quote(payment).fee)
  for (let block = 0; block < 40; block++) {
    for (let from = 0; from < 4; from++) pay({ from })
    // Nobody knows anything yet: twice the least price.
    if (block === 0) expect(fees()).toEqual([10_000, 10_000])
    simulation.run({ until: seconds(60 * block + 61) })
  }
  expect(payments.fee(0)).toBe(10_000)
  // That satoshi is the estimate now, and a typical payer with more money outbids it twice.
  expect(fees()).toEqual([20_000, 20_000])
})

test('behavior: what has been in the pool for too long is evicted', () => {
  const model = instantFinality(seconds(100))
  const { pay, simulation, told } = createChain({ model }, { expiry: seconds(5) })
  const old = pay()
  simulation.run({ until: seconds(10) })
  pay()
  simulation.run({ until: seconds(11) })
  expect(told.map(({ payment, what }) => [payment, what])).toEqual([[old, 'evicted']])
})

test('behavior: after a bid that was refused, the payer still takes back the one before', () => {
  const bump = { after: seconds(3), factor: 1.01, max: 2 }
  const { pay, book, simulation, told } = createChain({
    ...{ model: instantFinality(seconds(20)), wallet: { ...wallet, bump } },
  })
  pay({ patience: seconds(10) })
  simulation.run({ until: seconds(30) })
  expect(told.map(({ what, at }) => [what, at])).toEqual([['timed out', seconds(10)]])
  expect(book.balance(0)).toBe(100_000_000)
})

test('behavior: who raises a bid goes to what others bid by then', () => {
  const { pay, payments, simulation } = createChain({
    model: instantFinality(seconds(100)),
    wallet: {
      ...{ ...wallet, targetBlocks: 1, tip: { kind: 'constant', value: 3 } },
      bump: { after: seconds(3), factor: 1.5, max: 1 },
    },
  })
  const [first] = Array.from({ length: 16 }, (_, k) => {
    simulation.run({ until: ms(100 * k) })
    return pay({ from: k % 8 })
  })
  simulation.run({ until: seconds(450) })
  // Four times four bids: of 3, 9, 27 and 81, to within the 4.9 % of a price level. To be in the
  // next block takes 27, where half as much again as 3 would be 4.5.
  expect(payments.fee(first!) / 10_000).toBeGreaterThan(25)
  expect(payments.fee(first!) / 10_000).toBeLessThan(33)
})

describe('a payment that its payer gives up', () => {
  const sizesOf = ({ rail }: ReturnType<typeof createChain>): readonly number[] =>
    rail.blocks()!.tree!.bytes
  const access = { confirmations: 2 }

  test('default: is not mined, though it was on its way to a miner', () => {
    const script = createScript()
    const chain = createChain({ model: script.model, access }, {}, 'v21')
    const kept = chain.pay()
    // It is told of after seconds; this one is given up before that.
    chain.pay({ from: 2, patience: seconds(1) })
    chain.simulation.run({ until: seconds(60) })
    expect(chain.told.map(({ what }) => what)).toEqual(['timed out'])
    script.show(2, script.build(0, 0))
    expect(chain.payments.state(kept)).toBe('included')
    expect(sizesOf(chain)).toEqual([0, 250])
  })

  test('behavior: cannot be taken back once a miner has it in its chain', () => {
    const script = createScript()
    const { pay, simulation, told } = createChain({ model: script.model, access }, {}, 'v21')
    pay({ patience: seconds(70) })
    simulation.run({ until: seconds(60) })
    const block = script.build(0, 0)
    script.show(0, block)
    simulation.run({ until: seconds(80) })
    expect(told).toEqual([])
    script.show(2, block)
    expect(told.map(({ what }) => what)).toEqual(['included'])
  })

  test('behavior: nor is one mined that the pool of its access node has dropped', () => {
    const script = createScript()
    const chain = createChain(
      { model: script.model, access, wallet: { ...wallet, targetBlocks: 1 } },
      { capacityBytes: 3_500, expiry: seconds(30) },
      'v21',
    )
    chain.pay()
    chain.simulation.run({ until: seconds(40) })
    // The second payer's transaction makes its own node look at what is old; no miner has it yet.
    chain.pay({ from: 2 })
    chain.simulation.run({ until: seconds(41) })
    expect(chain.told.map(({ what }) => what)).toEqual(['evicted'])
    script.build(0, 0)
    expect(sizesOf(chain)).toEqual([0, 0])
  })
})

test('coins are spent twice at another node than the payee’s', () => {
  // a0 ─ v1 ─ v0 ─ a1: with v1 down the payment by a0 reaches nobody; what is spent by a1 does.
  const script = createScript()
  const { pay, setUp, simulation, told } = createChain(
    {
      ...{ model: script.model, access: { confirmations: 2 } },
      network: {
        latency: constantLatency(ms(100)),
        topology: edgeTopology({ size: 4, edges: [[2, 1], [1, 0], [0, 3]] }),
      },
      wallet: { ...wallet, doubleSpend: { share: 1, after: seconds(1), factor: 1 } },
    },
    {},
    'v21',
  )
  setUp('v1', false)
  pay()
  simulation.run({ until: seconds(60) })
  script.show(2, script.build(0, 0))
  expect(told.map(({ what }) => what)).toEqual(['conflicted'])
})
