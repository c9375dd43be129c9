import type { Member } from '@counterpoise/consensus'
import { createSimulation, ms, seconds } from '@counterpoise/engine'
import {
  createBlockStore,
  createBook,
  createTempoPolicies,
  type TempoTransactionOrder,
  usd,
} from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createBatches, merged } from './batches.ts'
import { createChannelTransactions } from './channelTransactions.ts'
import { createTempoExecution } from './execution.ts'
import { createNoncePlaces } from './places.ts'
import { createPolicies } from './policies.ts'
import type { TempoPolicyChange } from './options.ts'
import type { SignedPayment } from './signer.ts'
import { createTempo, plainTempo, tempoChainRules } from './testing.ts'

const orderOf = (payment: number, changes: Partial<TempoTransactionOrder> = {}) => ({
  ...{ lane: 'payment', from: 0, calls: [{ payment, to: 1 }], token: 0, feeToken: 0 } as const,
  ...{ nonce: 'protocol', nonceKey: 0, validBefore: 100, signature: 'secp256k1' } as const,
  ...{ keychain: false, virtualAddress: false, customPolicy: false, bytes: 251 },
  ...{ gasLimit: 300_000, ...changes },
})

const batching = { ...plainTempo.batches, share: 1, callsMax: 3, bytesPerCall: 100 }
const tempo = { ...plainTempo, batches: batching }

describe('a batch', () => {
  const two = (first: Partial<TempoTransactionOrder>, second: Partial<TempoTransactionOrder>) =>
    merged(tempo, [orderOf(0, first), orderOf(1, second)])

  test('default: the calls of all, signed as the first; a further call adds its bytes', () => {
    expect(two({ nonce: 'key', nonceKey: 2 }, { nonce: 'key', nonceKey: 3 })).toMatchObject({
      ...{ nonceKey: 2, bytes: 351 },
      calls: [{ payment: 0, to: 1 }, { payment: 1, to: 1 }],
    })
  })

  test('behavior: it is valid as long as all are, and pays for what one of them needs', () => {
    expect(two({ validBefore: 100 }, { validBefore: 90 }).validBefore).toBe(90)
    expect(two({}, { virtualAddress: true }).virtualAddress).toBe(true)
  })

  test('behavior: its limit of gas allows for as many new balances as calls', () => {
    // 39,858 and 18,858 for the calls, and 250,000 for each balance.
    expect(two({}, {}).gasLimit).toBe(39_858 + 18_858 + 2 * 250_000)
    const ample = { ...tempo, gasLimit: 1_000_000 }
    expect(merged(ample, [orderOf(0), orderOf(1)]).gasLimit).toBe(1_000_000)
  })

  const createCase = () => {
    const simulation = createSimulation({ seed: 'batches' })
    const sent: { at: number; payments: number[]; bid: { cap: number; tip: number } }[] = []
    const batches = createBatches(simulation, {
      ...{ name: 'chain', tempo },
      send: (order, bid) =>
        void sent.push({
          ...{ at: simulation.now(), bid, payments: order.calls.map(({ payment }) => payment) },
        }),
    })
    const add = (payment: number, given: Partial<SignedPayment> = {}, bid = { cap: 9, tip: 9 }) => {
      const signed = { delay: 0, isSponsored: false, order: orderOf(payment), ...given }
      return batches.add(payment, signed, bid)
    }
    return { add, batches, sent, simulation }
  }

  test('behavior: it bids the least cap and the least tip of all', () => {
    const { add, sent, simulation } = createCase()
    add(0, {}, { cap: 5, tip: 1 })
    add(1, {}, { cap: 3, tip: 2 })
    simulation.run()
    expect(sent).toEqual([{ at: ms(500), payments: [0, 1], bid: { cap: 3, tip: 1 } }])
  })

  test('behavior: what somebody else pays for, or is no plain transfer, goes on its own', () => {
    const { add, batches } = createCase()
    expect(add(0, { isSponsored: true })).toBe(false)
    expect(add(1, { order: orderOf(1, { lane: 'general' }) })).toBe(false)
    expect([add(2), batches.holds(2)]).toEqual([true, true])
    expect([batches.remove(2), batches.holds(2), batches.remove(2)]).toEqual([true, false, false])
  })

  test('behavior: the window of one that was full does not end the next one', () => {
    const { add, sent, simulation } = createCase()
    for (const payment of [0, 1, 2]) add(payment)
    simulation.run({ until: ms(100) })
    add(3)
    simulation.run()
    expect(sent.map(({ at, payments }) => [at, payments])).toEqual([
      [0, [0, 1, 2]],
      [ms(600), [3]],
    ])
  })
})

test('a transaction of a channel pays its own fee, not that of another in the block', () => {
  const simulation = createSimulation({ seed: 'channels' })
  const book = createBook({ accounts: 2, opening: usd(1) })
  const ended: string[] = []
  const channels = createChannelTransactions(simulation, {
    ...{ name: 'chain', book, feeCap: () => 500, enter: () => 8 },
    contents: () => ({ ids: [7, 8], receipts: [{ fee: 10 }, { fee: 20 }] }),
  })
  const transaction = {
    ...{ account: 0, order: orderOf(0, { calls: [] }), bid: { cap: 1, tip: 0 }, delay: 0 },
    ...{ onFinal: () => void ended.push('final'), onLost: (why: string) => void ended.push(why) },
  }
  expect(channels.send(transaction)).toBe(true)
  expect([book.balance(0), book.inFlight()]).toEqual([usd(1) - 500, 500])
  simulation.run()
  channels.finalise(1)
  channels.finalise(1)
  expect(ended).toEqual(['final'])
  expect([book.balance(0), book.inFlight(), book.fees()]).toEqual([usd(1) - 20, 0, 20])
})

test('a check takes the gas and the writing of the bytes', () => {
  const build = { ...plainTempo.build, persistNsPerByte: 8_000 }
  const { next, pay, script, wait } = createTempo({ build }, undefined, { unitsPerSecond: 1e6 })
  pay()
  wait(60)
  const block = next()
  // 39,858 gas at a microsecond each, 251 bytes at eight.
  expect(script.check(1, block)).toBe(39_858 + 251 * 8)
})

test.each([
  [{}, 251],
  // 130 bytes for 65, and one of another 65.
  [{ p256: 1 }, 251 - 65 + 130],
  [{ sponsored: 1 }, 251 + 65],
  // The type of the signature and the account that it is for.
  [{ keychain: 1 }, 251 + 1 + 20],
  [{ p256: 1, sponsored: 1, keychain: 1, general: 1 }, 400 + 65 + 65 + 21],
])('a transaction with the shares %j has %i bytes', (shares, bytes) => {
  const { next, pay, script, wait } = createTempo({
    build: { ...plainTempo.build, persistNsPerByte: 1_000 },
    shares: { ...plainTempo.shares, ...shares },
  })
  pay()
  wait(60)
  expect(script.check(1, next())).toBe(bytes)
})

test('a place that is given back is the next one taken, the lowest of several first', () => {
  const places = createNoncePlaces()
  expect([1, 1, 1, 2, 1].map(places.take)).toEqual([0, 1, 2, 0, 3])
  for (const place of [2, 0, 1]) places.giveBack(1, place)
  expect([1, 2, 1, 1, 1].map(places.take)).toEqual([0, 1, 1, 2, 4])
})

test('a producer learns from the blocks that it has checked itself', () => {
  // Building takes 1.35 µs a gas and others are taken to need as long; they need a hundredth.
  const build = { ...plainTempo.build, gasPerSecond: 1e6 }
  const countOf = (proposer: number): number => {
    const tempo = createTempo({ build }, 10_000_000, { unitsPerSecond: 1e8 })
    tempo.pay()
    tempo.wait(60)
    tempo.script.check(1, tempo.next(0))
    for (let from = 0; from < 8; from++) tempo.pay({ from })
    tempo.wait(60)
    tempo.next(proposer)
    return tempo.records().transactions - 1
  }
  expect(countOf(0)).toBe(Math.floor(500 / (2 * 1.35 * 39.858)))
  expect(countOf(1)).toBe(8)
})

test('behavior: a call that is taken back takes its bytes along', () => {
  const build = { ...plainTempo.build, persistNsPerByte: 1_000 }
  const { next, pay, payments, script, wait } = createTempo({ batches: batching, build })
  const kept = pay({ from: 0 })
  const late = pay({ from: 0, patience: seconds(1.5) })
  wait(2_100)
  const block = next()
  expect([kept, late].map((id) => payments.state(id))).toEqual(['final', 'expired'])
  expect(script.check(1, block)).toBe(251)
})

test('behavior: tokens that everybody holds from the start cost no new balance', () => {
  const gasOf = (holdings: 'all' | 'own'): number => {
    const tokens = [{ name: 'P', share: 1 }, { name: 'A', share: 1, quote: 'P' }]
    const pools = [{ from: 'A', to: 'P', liquidity: 1_000_000 }]
    const { next, pay, records, wait } = createTempo({ holdings, pools, tokens }, 10_000_000)
    for (let from = 0; from < 8; from++) pay({ from })
    wait(60)
    next()
    expect(records().payments).toBe(8)
    return records().gas
  }
  expect(gasOf('all')).toBe(8 * 39_858)
  // Who is paid in a token that is not its own has a new balance.
  const extra = gasOf('own') - 8 * 39_858
  expect(extra).toBeGreaterThan(0)
  expect(extra % 250_000).toBe(0)
})

describe('what else there is', () => {
  const createExecution = (changes: Parameters<typeof tempoChainRules>[0], traffic: object) => {
    const rules = {
      ...tempoChainRules(changes),
      otherTraffic: { unitsPerBlock: 900_000, givesWay: false, ...traffic },
    }
    const validators = ['v0', 'v1'].map((name): Member => ({
      ...{ name, weight: 3, attributes: { region: 'home', operator: name } },
    }))
    return createTempoExecution({
      ...{ blocks: createBlockStore(), rules, tempo: rules.tempo!, validators, followers: 2 },
      ...{ transactions: [], currencyOf: () => 0, onEvicted: () => {}, onDropped: () => {} },
      policies: createTempoPolicies({ policies: [], lists: () => false, updates: [] }),
    })
  }

  test('default: at most what its lane and the general one hold, up to a base fee', () => {
    const gas = (generalGas: number, traffic: object, baseFee = 6e8): number =>
      createExecution({ generalGas }, traffic).otherGas(baseFee)
    expect(gas(1_000_000, {})).toBe(900_000)
    expect(gas(500_000, {})).toBe(500_000)
    expect(gas(500_000, { laneLimit: 700_000 })).toBe(500_000)
    expect(gas(1_000_000, { laneLimit: 700_000 })).toBe(700_000)
    const prices = [6e8 - 1, 6e8, 6e8 + 1]
    expect(prices.map((price) => gas(1_000_000, { priceLimit: 6e8 }, price))).toEqual([
      ...[900_000, 900_000, 0],
    ])
  })

  test('behavior: changes of validators leave those without votes in their places', () => {
    const changes = [{ at: 0, weights: [3, 5] }]
    const { chain, state } = createExecution({ validators: { gas: 100_000, changes } }, {})
    expect(state.registered(0)).toEqual([3, 3, 0, 0])
    const block = chain.build(0, { proposer: 0, time: 1, round: 1 })
    expect(state.registered(block)).toEqual([3, 5, 0, 0])
  })
})

describe('lists of policies', () => {
  const policy = { token: 'P', kind: 'blacklist', checks: 'senders', listed: 0.5 } as const
  const accounts = 400
  const listsOf = (policies: (typeof policy)[], updates: TempoPolicyChange[], done = 0) => {
    const simulation = createSimulation({ seed: 'lists' })
    const found = createPolicies(simulation, 'chain', {
      ...plainTempo,
      policies: { accounts, updateGas: 1, policies, updates },
    })
    found.moveTo(done)
    return found
  }

  test('behavior: what admins do is done in the order of its time', () => {
    const updates = [
      { at: seconds(2), policy: 0, share: 1, isListed: true },
      { at: seconds(1), policy: 0, share: 1, isListed: false },
    ]
    const { due } = listsOf([policy], updates)
    // At first those that are listed go, at last all come.
    const listed = due(seconds(1))
    expect(Math.abs(listed - accounts / 2)).toBeLessThan(50)
    expect(due(seconds(2))).toBe(listed + accounts)
  })

  test('behavior: who is on one list says nothing of the other', () => {
    const refused = (policies: (typeof policy)[]): number => {
      const { refuses } = listsOf(policies, [])
      const all = Array.from({ length: accounts }, (_, from) => refuses(0, from, 0))
      return all.filter(Boolean).length
    }
    // A half is refused by one, and three quarters by one of two; five deviations are 50 and 43.
    expect(Math.abs(refused([policy]) - 200)).toBeLessThan(50)
    expect(Math.abs(refused([policy, policy]) - 300)).toBeLessThan(43)
  })
})
