import { fuzzParameters } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBlockStore, genesis } from '../blockStore.ts'
import { createMempool } from '../mempool.ts'
import { createTempoChain } from './chain.ts'
import { tempoRules } from './forks.ts'
import { createReferenceChain, runReference, stepReferenceFee } from './testing.ts'
import { createTempoState } from './state.ts'
import { nonceKinds, type TempoTransaction } from './transactions.ts'

const rules = { ...tempoRules('T8'), expiringRingEntries: 3 }
const limits = {
  ...{ gas: 3_000_000, generalGas: 700_000, transactionGas: 600_000 },
  ...{ bytes: 5_000, timeUs: 1_000_000 },
}
const otherGas = 250_000
/** Some fees in flight: at most six transactions at the cap. */
const liquidity = 8_000

/** Two tokens, P that producers take and A; forks, lanes, nonces of all kinds, a small ring. */
function createTestChain() {
  const blocks = createBlockStore()
  const transactions: TempoTransaction[] = []
  const bids: { cap: number; tip: number }[] = []
  const dropped: number[] = []
  const mempool = createMempool({
    ...{ capacityUnits: 1e12, minimumPrice: 600_000_000 },
    onEvicted: () => {},
  })
  const pools = [{ from: 'A', to: 'P', liquidity }]
  const state = createTempoState({
    ...{ rules, blocks, pools, holds: () => false },
    tokens: [{ name: 'P' }, { name: 'A', quote: 'P' }],
  })
  const chain = createTempoChain({
    ...{ blocks, mempool, state, transactions, limits, pools },
    baseFeeRule: rules.baseFee,
    costOf: () => () => 0,
    tokenOf: () => 'P',
    otherGas: () => otherGas,
    policyGas: 1,
    validatorGas: 1,
    rebalancing: { above: Number.POSITIVE_INFINITY, gas: 1 },
    onDropped: (id) => void dropped.push(id),
  })
  return { blocks, transactions, bids, dropped, mempool, state, chain }
}

type Chain = ReturnType<typeof createTestChain>

/** Goes through the chain of a block from the start and compares all that it says of itself. */
function compare({ blocks, bids, chain, state, transactions }: Chain, tip: number): void {
  const reference = createReferenceChain(rules.baseFee.initial, { 'A/P': BigInt(liquidity) })
  const path: number[] = []
  for (let block = tip; block !== genesis; block = blocks.parent(block)) path.unshift(block)
  const ring: number[] = []
  for (const block of path) {
    const made = chain.block(block)!
    const time = Math.floor(blocks.time(block) / seconds(1))
    expect(BigInt(chain.baseFee(block))).toBe(reference.baseFee)
    let [gas, general, bytes] = [otherGas, otherGas, 0]
    for (const [index, id] of made.ids.entries()) {
      const transaction = transactions[id]!
      const result = runReference(reference, transaction, bids[id]!, rules, time)
      expect(result).toEqual({ gas: made.receipts[index]!.gas, fee: expect.anything() })
      expect(BigInt(made.receipts[index]!.fee)).toBe((result as { fee: bigint }).fee)
      if (transaction.sequence < 0) {
        // The entry that the ring of three would overwrite has expired.
        expect(ring.length >= 3 && ring.at(-3)! > time).toBe(false)
        ring.push(transaction.validBefore)
      }
      gas += made.receipts[index]!.gas
      if (transaction.lane === 'general') general += made.receipts[index]!.gas
      bytes += transaction.bytes
    }
    expect([made.gas, made.generalGas, blocks.gas(block)]).toEqual([gas, general, gas])
    expect(blocks.bytes(block)).toBe(bytes)
    expect(gas <= limits.gas && general <= limits.generalGas && bytes <= limits.bytes).toBe(true)
    expect(new Set(made.ids).size).toBe(made.ids.length)
    stepReferenceFee(reference, gas)
  }
  expect(BigInt(chain.nextBaseFee(tip))).toBe(path.length > 0 ? reference.baseFee : 12_000_000_000n)
  expect(state.amm.pool('A', 'P')).toEqual({
    userReserve: reference.pools['A/P']!.user,
    validatorReserve: reference.pools['A/P']!.validator,
  })
  const received = path.flatMap((block) => chain.block(block)!.receipts)
  const sum = (values: number[]): bigint => BigInt(values.reduce((all, each) => all + each, 0))
  expect(sum(received.map((receipt) => receipt.received))).toBe(reference.received)
  expect(sum(received.map((receipt) => receipt.fee))).toBe(reference.paid)
}

const offer = fc.record({
  from: fc.nat(2),
  to: fc.nat(3),
  token: fc.nat(1),
  feeToken: fc.nat(1),
  nonce: fc.constantFrom(...nonceKinds),
  nonceKey: fc.integer({ min: 1, max: 2 }),
  validFor: fc.integer({ min: 1, max: 12 }),
  isGeneral: fc.boolean(),
  cap: fc.integer({ min: 600_000_000, max: 20_000_000_000 }),
  tip: fc.integer({ min: 0, max: 3_000_000_000 }),
  bytes: fc.integer({ min: 200, max: 1_500 }),
})
const build = fc.record({ back: fc.nat(2), wait: fc.nat(6) })
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: offer }, { weight: 1, arbitrary: build }), {
  maxLength: 60,
  size: 'max',
})

test('behavior: blocks on any fork are what a straight line over their chain says', () => {
  fc.assert(
    fc.property(steps, (actions) => {
      const test = createTestChain()
      const { blocks, bids, chain, dropped, mempool, state, transactions } = test
      const places = new Map<number, number>()
      let time = 100
      for (const action of actions) {
        if ('back' in action) {
          time += action.wait
          let parent = Math.max(genesis, blocks.size() - 1 - action.back)
          if (action.back === 2) parent = Math.max(genesis, blocks.parent(parent))
          const seal = { proposer: 0, time: seconds(time), round: blocks.size() }
          const block = chain.build(parent, seal)
          compare(test, block)
          const inChain = new Set<number>()
          for (let each = block; each !== genesis; each = blocks.parent(each)) {
            for (const id of chain.block(each)!.ids) inChain.add(id)
          }
          for (const { id } of transactions) {
            expect(mempool.has(id)).toBe(!inChain.has(id) && !dropped.includes(id))
          }
          continue
        }
        const { cap, from, isGeneral, nonce, tip, to, validFor } = action
        const nonceKey = nonce === 'key' ? action.nonceKey : 0
        const id = transactions.length
        const sequence = nonce === 'expiring' ? -1 : state.sequenceOf(from, nonceKey)
        const place = places.get(sequence) ?? 0
        places.set(sequence, place + 1)
        transactions.push({
          ...{ id, from, sequence, nonce, nonceKey, token: action.token, bytes: action.bytes },
          lane: isGeneral ? 'general' : 'payment',
          calls: [{ payment: id, to }],
          feeToken: action.feeToken,
          place: sequence < 0 ? 0 : place,
          validBefore: time + validFor,
          ...{ signature: 'secp256k1', keychain: false, virtualAddress: false },
          customPolicy: false,
          callGas: isGeneral ? 90_000 : undefined,
          gasLimit: 400_000,
        })
        bids.push({ cap, tip })
        mempool.offer(id, { cap, tip }, 50_000)
      }
    }),
    fuzzParameters(150),
  )
})

test('behavior: a producer may leave out what it will, or everything', () => {
  const { chain, mempool, transactions, state, blocks } = createTestChain()
  for (let id = 0; id < 3; id++) {
    transactions.push({
      ...{ id, from: id, sequence: state.sequenceOf(id, 0), place: 0, token: 0, feeToken: 0 },
      ...{ nonce: 'protocol', nonceKey: 0, validBefore: 1e9, lane: 'payment', bytes: 300 },
      calls: [{ payment: id, to: 3 }],
      ...{ signature: 'secp256k1', keychain: false, virtualAddress: false, customPolicy: false },
      gasLimit: 400_000,
    })
    mempool.offer(id, { cap: 20_000_000_000, tip: 0 }, 50_000)
  }
  const seal = { proposer: 0, time: seconds(1), round: 1 }
  const nothing = chain.build(genesis, { ...seal, omits: 'everything' })
  expect([blocks.gas(nothing), blocks.paymentCount(nothing)]).toEqual([0, 0])
  const censored = chain.build(nothing, { ...seal, omits: (payment) => payment === 1 })
  expect(chain.block(censored)!.ids).toEqual([0, 2])
  expect(chain.block(chain.build(censored, seal))!.ids).toEqual([1])
})

/** A payment of account 0 at a place of its protocol nonces, with a tip in attodollars per gas. */
function offerAt(test: Chain, place: number, tip: number): void {
  const { mempool, state, transactions } = test
  const id = transactions.length
  transactions.push({
    ...{ id, from: 0, sequence: state.sequenceOf(0, 0), place, token: 0, feeToken: 0 },
    ...{ nonce: 'protocol', nonceKey: 0, validBefore: 1e9, lane: 'payment', bytes: 300 },
    calls: [{ payment: id, to: 3 }],
    ...{ signature: 'secp256k1', keychain: false, virtualAddress: false, customPolicy: false },
    gasLimit: 400_000,
  })
  mempool.offer(id, { cap: 30_000_000_000, tip }, 50_000)
}

test('behavior: a nonce that pays more waits for the one before it, in the same block', () => {
  const world = createTestChain()
  // Places 2, 1 and 0, in the order of what they pay: all three go in, from 0 on.
  offerAt(world, 2, 9e9)
  offerAt(world, 1, 6e9)
  offerAt(world, 0, 3e9)
  const block = world.chain.build(genesis, { proposer: 0, time: seconds(1), round: 1 })
  expect(world.chain.block(block)!.ids).toEqual([2, 1, 0])
})

test('behavior: a nonce whose predecessor is not there stays in the pool', () => {
  const world = createTestChain()
  offerAt(world, 1, 9e9)
  const first = world.chain.build(genesis, { proposer: 0, time: seconds(1), round: 1 })
  expect(world.chain.block(first)!.ids).toEqual([])
  offerAt(world, 0, 0)
  const second = world.chain.build(first, { proposer: 0, time: seconds(2), round: 2 })
  expect(world.chain.block(second)!.ids).toEqual([1, 0])
})

test('behavior: an expiring nonce of a block that is left can be used on the other fork', () => {
  const { chain, mempool, transactions } = createTestChain()
  transactions.push({
    ...{ id: 0, from: 0, sequence: -1, place: 0, token: 0, feeToken: 0 },
    ...{ nonce: 'expiring', nonceKey: 0, validBefore: 20, lane: 'payment', bytes: 300 },
    calls: [{ payment: 0, to: 3 }],
    ...{ signature: 'secp256k1', keychain: false, virtualAddress: false, customPolicy: false },
    gasLimit: 400_000,
  })
  mempool.offer(0, { cap: 30_000_000_000, tip: 0 }, 50_000)
  const seal = { proposer: 0, time: seconds(1), round: 1 }
  const one = chain.build(genesis, seal)
  const other = chain.build(genesis, { ...seal, round: 2 })
  expect([one, other].map((block) => chain.block(block)!.ids)).toEqual([[0], [0]])
  // On a fork it counts once.
  expect(chain.block(chain.build(other, { ...seal, round: 3 }))!.ids).toEqual([])
})
