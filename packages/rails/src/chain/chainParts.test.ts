import type { RunningChain } from '@counterpoise/consensus'
import { ms, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, createBlockStore, ethereumBaseFee, usd } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { bestHead } from './blockRecords.ts'
import { committeeRecordsOf } from './committeeRecords.ts'
import { relaySchedules } from './relaySchedule.ts'
import { createScript, createTestChain, instantFinality } from './testing.ts'

const model = instantFinality(seconds(1))
const member = (name: string) => ({
  ...{ name, weight: 0 },
  attributes: { region: 'home', operator: name },
})

test('a check takes the units, a signature for each payment, and the bytes', () => {
  const script = createScript()
  const { pay, simulation } = createTestChain({
    model: script.model,
    rules: { unitsPerSecond: 100_000 },
    service: { vote: 0, certificate: 0, payment: 700, persistedByte: 2 },
  })
  for (let from = 0; from < 3; from++) pay({ from })
  simulation.run({ until: seconds(1) })
  const block = script.build(0, 0)
  // 3,000 units at 10 µs, three signatures, 750 bytes.
  expect(script.check(1, block)).toBe(30_000 + 3 * 700 + 750 * 2)
  expect(script.check(1, script.build(0, block))).toBe(0)
})

test('a fee is rounded up to a millionth of a dollar', () => {
  // 1,000 units at a price of 1 are 33.3 millionths.
  const { pay, payments, simulation } = createTestChain({
    model,
    rules: { microUsdPerUnit: 0.033_3 },
  })
  const payment = pay()
  simulation.run({ until: seconds(3) })
  expect(payments.fee(payment)).toBe(34)
})

test('the fees of makers are those of payments that have stayed with the rail', () => {
  const { pay, payments, rail, simulation } = createTestChain({ model })
  const [one, other] = [pay(), pay()]
  simulation.run({ until: seconds(3) })
  const fees = (): number => rail.blocks()!.makers.reduce((sum, maker) => sum + maker.fees, 0)
  expect(fees()).toBe(usd(0.02))
  // Its payer has tried again elsewhere, and paid a dollar there.
  payments.submit(other, 1, simulation.now())
  payments.include(other, simulation.now(), usd(1))
  expect([fees(), payments.fee(one)]).toEqual([usd(0.01), usd(0.01)])
})

test('validators, access nodes and relays are told apart', () => {
  const { rail } = createTestChain({ model, relays: [member('r0'), member('r1')] })
  expect(rail.sites.map(({ name, role }) => `${name} ${role}`)).toEqual([
    ...['v0 validator', 'v1 validator', 'a0 access', 'a1 access', 'r0 relay', 'r1 relay'],
  ])
})

test('faults of links meet payments as well, where these travel from node to node', () => {
  const { pay, rail, simulation, told } = createTestChain({
    model: instantFinality(seconds(60)),
    rules: { bitcoin: { policy: bitcoinPolicies.v31, relay: relaySchedules.v21 } },
    access: { gossipDelayMs: { kind: 'constant', value: 1e9 } },
  })
  // Nothing leaves a0, which is node 2.
  const end = rail.links!.addLinkFault({ from: [2], to: [0, 1, 3], cut: 'drop' })
  pay()
  simulation.run({ until: seconds(70) })
  expect(told).toEqual([])
  end()
  simulation.run({ until: seconds(190) })
  // The relay takes no time of gossip on top.
  expect(told.map(({ what, at }) => [what, at])).toEqual([
    ['included', ms(120_100)],
    ['final', ms(120_100)],
  ])
})

test('the pool keeps a payment for so long from when it was sent, not from when it was due', () => {
  const { payments, rail, simulation, told } = createTestChain({
    ...{ model: instantFinality(seconds(100)), rules: { mempoolExpiry: seconds(4) } },
  })
  const payment = payments.add({
    ...{ intendedAt: 0, from: 0, to: 1, amount: usd(1), patience: seconds(60) },
  })
  simulation.run({ until: seconds(5) })
  rail.submit(payment)
  simulation.run({ until: seconds(20) })
  expect(told).toEqual([{ payment, what: 'evicted', at: seconds(9) }])
})

test('base fees by height, and what they have burned', () => {
  const { pay, rail, simulation } = createTestChain({
    model,
    rules: { baseFee: ethereumBaseFee(80, 8_000) },
    wallet: {
      ...{ strategy: 'base fee', targetBlocks: 1, headroom: 2 },
      ...{ tip: { kind: 'constant', value: 5 }, budgetUsd: { median: 50, sigma: 0 } },
    },
  })
  for (const count of [1, 2, 0]) {
    for (let from = 0; from < count; from++) pay({ from })
    simulation.run({ until: simulation.now() + seconds(1) })
  }
  const { prices, burned } = rail.baseFees!()!
  // A quarter and a half of the target of 4,000: ⌊80 · ¾⌋ ÷ 8 and ⌊73 · ½⌋ ÷ 8 less.
  expect([...prices]).toEqual([80, 80 - 7, 73 - 4])
  expect(burned).toBe(80n * 1_000n + 73n * 2_000n)
})

/** Heads of three members: a light chain of two blocks, a heavy one, and one as heavy. */
function createHeads(): RunningChain {
  const blocks = createBlockStore()
  const add = (parent: number, work: number): number =>
    blocks.append({ parent, proposer: 0, time: seconds(blocks.size()), round: 1, work })
  const heads = [add(add(0, 1), 1), add(0, 5), add(0, 5)]
  return {
    ...{ blocks, head: (node: number) => heads[node]! },
    members: heads.map((_, node) => ({ ...member(`m${node}`), weight: node + 1 })),
  } as unknown as RunningChain
}

test('the best head has the most work, and of equal ones that of the first member', () => {
  expect(bestHead(createHeads())).toBe(3)
})

test('committees are told with the votes of validators, without those of followers', () => {
  const chain = createHeads()
  const ends = [{ block: 3, succeeded: true, weights: [4, 0, 0] }]
  const committees = (_parameters: unknown, _blocks: unknown, head: number) =>
    head === 3 ? ends : []
  expect(committeeRecordsOf(chain, { ...model, committees } as never, {}, 2)).toEqual({
    ...{ names: ['m0', 'm1'], initial: [1, 2] },
    ends: [{ time: seconds(3), height: 1, succeeded: true, weights: [4, 0] }],
  })
})
