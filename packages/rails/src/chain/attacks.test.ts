import type { BlockHeader, ConsensusModel } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { bitcoinPolicies, type BlockId, createPayments, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { omissionOf, plannedAttacksOf } from './attacks.ts'
import type { ChainRailOptions } from './options.ts'
import { createTestChain, instantFinality } from './testing.ts'

/** Member 0 leaves something out of all its blocks; the figures tell what the blocks hold. */
function leavingOut(omits: BlockHeader['omits']): ConsensusModel<unknown, BlockId> {
  return {
    ...instantFinality(seconds(1)),
    attacks: (_parameters, { blocks, committee, observers, holdsPaymentOf, paymentsOf }) => ({
      behaviours: new Map([
        [
          0,
          (honest, context) =>
            honest({
              ...context,
              build: (parent, header) => context.build(parent, { ...header, omits }),
            }),
        ],
      ]),
      figures: (head) => {
        const chain: BlockId[] = []
        for (let block = head; block !== genesis; block = blocks.parent(block)) chain.push(block)
        const accounts = new Set([2])
        return {
          test: {
            blocks: chain.length,
            most: Math.max(...chain.map((block) => blocks.payments(block).length)),
            gas: Math.max(...chain.map((block) => blocks.gas(block))),
            held: chain.filter((block) => holdsPaymentOf(block, accounts)).length,
            members: committee.size,
            observer: observers[0]!,
            ...paymentsOf(accounts),
          },
        }
      },
    }),
  }
}

const policy = { ...bitcoinPolicies.v31, relayRate: 4_000, incrementalRate: 4_000 }
const otherTraffic = { unitsPerBlock: 1_500, givesWay: true }

describe.each([
  ['the plain pool', { otherTraffic }],
  ['a pool by the rules of Bitcoin', { otherTraffic, bitcoin: { policy } }],
])('%s', (_name, rules) => {
  const figuresOf = (omits: BlockHeader['omits']) => {
    const chain = createTestChain({ model: leavingOut(omits), rules })
    // Two rounds of the eight accounts, each of which pays the next one; four fill a block.
    for (let k = 0; k < 16; k++) chain.pay({ from: k % 8 })
    chain.simulation.run({ until: seconds(10.5) })
    expect(chain.rail.conserved()).toBe(true)
    const states = Array.from({ length: 16 }, (_, k) => chain.payments.state(k))
    return { figures: chain.rail.blocks()!.attacks!['test']!, states }
  }
  const all = (state: string, but: number[] = []): string[] =>
    Array.from({ length: 16 }, (_, k) => (but.includes(k % 8) ? 'submitted' : state))

  test('default: nothing is left out', () => {
    const { states, figures } = figuresOf(undefined)
    expect(states).toEqual(all('final'))
    expect(figures).toMatchObject({ most: 4, members: 4, observer: 2, offered: 4, included: 4 })
    expect(figures['time_to_inclusion_ms']).toBeGreaterThan(1_000)
    expect(figures['held']).toBeGreaterThan(0)
  })

  test('behavior: payments from and to an account stay out, and others take their place', () => {
    const { states, figures } = figuresOf(new Set([2]))
    expect(states).toEqual(all('final', [1, 2]))
    expect(figures).toMatchObject({ most: 4, held: 0, offered: 4, included: 0 })
    expect(figures['time_to_inclusion_ms']).toBe(0)
    // Twelve payments in three full blocks: one second, two and three, and then no more.
    expect(figures['others_time_to_inclusion_ms']).toBeCloseTo(2_100, 6)
  })

  test('behavior: empty blocks hold nothing, not even what else there is', () => {
    const { states, figures } = figuresOf('everything')
    expect(states).toEqual(all('submitted'))
    expect(figures).toMatchObject({ blocks: 10, most: 0, gas: 0 })
  })
})

/** From account 0 to 1 at 1 s, from 2 to 3 at 2 s, and from 4 to 2 at 3 s. */
function createOrders() {
  const payments = createPayments()
  for (const [from, to] of [[0, 1], [2, 3], [4, 2]] as const) {
    const sentAt = seconds(payments.count() + 1)
    const intendedAt = sentAt - seconds(0.5)
    const payment = payments.add({ intendedAt, from, to, amount: 1, patience: seconds(60) })
    payments.submit(payment, 0, sentAt)
  }
  return payments
}

test('what a block leaves out: some accounts after the list, and all that came too late', () => {
  const payments = createOrders()
  const omittedBy = (header: Parameters<typeof omissionOf>[0]): number[] => {
    const omission = omissionOf(header, payments)
    return typeof omission === 'function' ? [0, 1, 2].filter(omission) : []
  }
  const omits = new Set([2])
  expect(omittedBy({ omits })).toEqual([1, 2])
  // A list holds what was sent up to its moment, and a block has to follow it.
  expect(omittedBy({ omits, listedUntil: seconds(2) - 1 })).toEqual([1, 2])
  expect(omittedBy({ omits, listedUntil: seconds(2) })).toEqual([2])
  expect(omittedBy({ settledAt: seconds(2) - 1 })).toEqual([1, 2])
  expect(omittedBy({ settledAt: seconds(2) })).toEqual([2])
  expect(omittedBy({ omits, settledAt: seconds(2) })).toEqual([1, 2])
  expect(omissionOf({}, payments)).toBeUndefined()
  expect(omissionOf({ omits: 'everything', settledAt: 0 }, payments)).toBe('everything')
})

test('payments of accounts count on the rail that has them, from when they were due', () => {
  const payments = createOrders()
  for (const payment of [0, 1]) payments.include(payment, seconds(4), 0)
  payments.submit(2, 1, seconds(3))
  let figures: object = {}
  const attacks: ConsensusModel['attacks'] = (_parameters, { paymentsOf }) => {
    figures = paymentsOf(new Set([2]))
    return undefined
  }
  const chain = {
    ...{ number: 0, payments, parameters: {}, validators: [], accessNodes: [], name: 'chain' },
    model: { attacks },
  } as unknown as ChainRailOptions
  plannedAttacksOf({} as never, chain, {} as never)
  expect(figures).toEqual({
    ...{ offered: 1, included: 1 },
    ...{ time_to_inclusion_ms: 2_500, others_time_to_inclusion_ms: 3_500 },
  })
})
