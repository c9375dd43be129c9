import type { BlockHeader, ConsensusModel } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { bitcoinPolicies, type BlockId, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
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
