import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BaseFeeRule,
  type BlockId,
  type BlockStore,
  createBlockStore,
  createChainState,
  createMempool,
  ethereumBaseFee,
  genesis,
  nextBaseFee,
  noBaseFee,
  type PaymentId,
} from './index.ts'

const seal = { proposer: 0, time: 0, round: 0 }

function createChain(options: {
  baseFeeRule: BaseFeeRule
  capacityUnits?: number
  unitsLimit?: number
  bytesLimit?: number
}) {
  const { baseFeeRule, capacityUnits = 1e9, unitsLimit = 4, bytesLimit = 1e6 } = options
  const blocks = createBlockStore()
  const evicted: PaymentId[] = []
  const onEvicted = (payment: PaymentId): void => void evicted.push(payment)
  const mempool = createMempool({ capacityUnits, minimumPrice: 1, onEvicted })
  const limits = { unitsLimit, bytesLimit, bytesPerPayment: 100 }
  const state = createChainState({ blocks, mempool, baseFeeRule, ...limits })
  return { blocks, mempool, state, evicted }
}

const paymentsOf = (blocks: BlockStore, head: BlockId): PaymentId[] =>
  head === genesis ? [] : [...paymentsOf(blocks, blocks.parent(head)), ...blocks.payments(head)]

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ cap: fc.integer({ min: 1, max: 60 }), tip: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ parent: fc.nat() }) },
)

const steps = fc.array(step, { maxLength: 120, size: 'max' })

describe('under random forks', () => {
  test('a payment is never twice on a chain and never lost; base fees follow the chain', () => {
    const baseFeeRule = { ...ethereumBaseFee(30, 4), minimum: 10 }
    fc.assert(
      fc.property(steps, (actions) => {
        const { blocks, mempool, state } = createChain({ baseFeeRule })
        let offered = 0
        for (const action of actions) {
          if ('cap' in action) {
            mempool.offer(offered++, action, 1)
            continue
          }
          const parent = Math.max(0, blocks.size() - 1 - (action.parent % 6))
          const head = state.build(parent, seal)
          const onChain = paymentsOf(blocks, head)
          expect(new Set(onChain).size).toBe(onChain.length)
          const pooled = Array.from({ length: offered }, (_, id) => id).filter(mempool.has)
          expect([...onChain, ...pooled].sort((a, b) => a - b)).toEqual(
            Array.from({ length: offered }, (_, id) => id),
          )
          const expected =
            parent === genesis
              ? baseFeeRule.initial
              : nextBaseFee(baseFeeRule, state.baseFee(parent), blocks.gas(parent))
          expect(state.baseFee(head)).toBe(expected)
          expect(blocks.gas(head)).toBe(blocks.paymentCount(head))
          for (const payment of blocks.payments(head)) {
            expect(mempool.cap(payment)).toBeGreaterThanOrEqual(expected)
          }
        }
      }),
      fuzzParameters(150),
    )
  })

  test('a pool with a limit keeps it, and loses only those it tells of', () => {
    fc.assert(
      fc.property(steps, (actions) => {
        const capacityUnits = 4
        const chain = createChain({ baseFeeRule: noBaseFee, capacityUnits, unitsLimit: 1 })
        const { blocks, mempool, state, evicted } = chain
        const added = new Set<PaymentId>()
        for (const [payment, action] of actions.entries()) {
          if ('cap' in action) {
            const bid = { cap: action.cap, tip: action.cap }
            if (mempool.offer(payment, bid, 1) === 'added') added.add(payment)
          } else {
            const parent = Math.max(0, blocks.size() - 1 - (action.parent % 6))
            const onChain = paymentsOf(blocks, state.build(parent, seal))
            expect(new Set(onChain).size).toBe(onChain.length)
            const found = new Set([...onChain, ...evicted, ...[...added].filter(mempool.has)])
            expect([...added].filter((id) => !found.has(id))).toEqual([])
          }
          expect(mempool.totalUnits()).toBeLessThanOrEqual(capacityUnits)
        }
        expect(new Set(evicted).size).toBe(evicted.length)
      }),
      fuzzParameters(150),
    )
  })
})

test('the first block has the initial base fee', () => {
  const { state } = createChain({ baseFeeRule: ethereumBaseFee(800, 4) })
  expect([state.baseFee(genesis), state.nextBaseFee(genesis)]).toEqual([800, 800])
  const first = state.build(genesis, seal)
  expect([state.baseFee(first), state.nextBaseFee(first)]).toEqual([800, 700])
})

test('behavior: bytes fill a block as units do, and what does not fit waits', () => {
  const { blocks, mempool, state } = createChain({
    baseFeeRule: noBaseFee,
    unitsLimit: 100,
    bytesLimit: 250,
  })
  for (let payment = 0; payment < 5; payment++) mempool.offer(payment, { cap: 9, tip: 9 }, 1)
  const first = state.build(genesis, { ...seal, bytes: 80 })
  expect([...blocks.payments(first)]).toEqual([0, 1])
  expect([blocks.bytes(first), blocks.gas(first), mempool.size()]).toEqual([280, 2, 3])
  expect([...blocks.payments(state.build(first, seal))]).toEqual([2, 3])
})

test('behavior: what a block leaves out makes room for as many others, and stays in line', () => {
  const limits = { unitsLimit: 100, bytesLimit: 300 }
  const { blocks, mempool, state } = createChain({ baseFeeRule: noBaseFee, ...limits })
  for (let payment = 0; payment < 8; payment++) mempool.offer(payment, { cap: 9, tip: 9 }, 1)
  const isOdd = (payment: PaymentId): boolean => payment % 2 === 1
  const first = state.build(genesis, { ...seal, omits: isOdd })
  expect([...blocks.payments(first)]).toEqual([0, 2, 4])
  expect([blocks.bytes(first), blocks.gas(first)]).toEqual([300, 3])
  const second = state.build(first, { ...seal, omits: (payment) => payment !== 5 })
  expect([...blocks.payments(second)]).toEqual([5])
  const third = state.build(second, { ...seal, omits: 'everything' })
  expect([...blocks.payments(third)]).toEqual([])
  expect([...blocks.payments(state.build(third, seal))]).toEqual([1, 3, 6])
})

test('behavior: units limit what a block takes in the place of what it leaves out', () => {
  const { blocks, mempool, state } = createChain({ baseFeeRule: noBaseFee, unitsLimit: 5 })
  for (const [payment, units] of [2, 2, 2, 2, 1].entries()) {
    mempool.offer(payment, { cap: 9, tip: 9 }, units)
  }
  const block = state.build(genesis, { ...seal, omits: (payment) => payment === 0 })
  expect([...blocks.payments(block)].sort()).toEqual([1, 2, 4])
  expect(blocks.gas(block)).toBe(5)
})

test('behavior: a block that nobody builds on returns its payments in their old order', () => {
  const { blocks, mempool, state } = createChain({ baseFeeRule: noBaseFee, unitsLimit: 2 })
  for (let payment = 0; payment < 4; payment++) mempool.offer(payment, { cap: 9, tip: 9 }, 1)
  state.build(genesis, seal)
  const rival = state.build(genesis, seal)
  expect([...blocks.payments(rival)]).toEqual([0, 1])
  expect([...blocks.payments(state.build(rival, seal))]).toEqual([2, 3])
})

test('behavior: blocks that came from elsewhere have base fees, too', () => {
  const { blocks, state } = createChain({ baseFeeRule: ethereumBaseFee(800, 4) })
  const first = blocks.append({ parent: genesis, ...seal, gas: 4 })
  const second = blocks.append({ parent: first, ...seal })
  expect([state.baseFee(second), state.nextBaseFee(second)]).toEqual([900, 788])
})

test('behavior: after a block the pool expects the base fee of the next one', () => {
  const baseFeeRule = ethereumBaseFee(800, 4)
  const { mempool, state, evicted } = createChain({ baseFeeRule, capacityUnits: 4 })
  for (let payment = 0; payment < 4; payment++) mempool.offer(payment, { cap: 2e3, tip: 9 }, 1)
  expect(state.nextBaseFee(state.build(genesis, seal))).toBe(900)
  // Under 800 it would leave a tip of 50, and one of the others would have to go.
  mempool.offer(4, { cap: 850, tip: 50 }, 1)
  for (let payment = 5; payment < 8; payment++) mempool.offer(payment, { cap: 2e3, tip: 9 }, 1)
  expect(mempool.offer(8, { cap: 2e3, tip: 10 }, 1)).toBe('added')
  expect(evicted).toEqual([4])
})
