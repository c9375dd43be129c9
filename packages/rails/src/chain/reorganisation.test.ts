import { ms, seconds } from '@counterpoise/engine'
import { genesis, usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createScript, createTestChain, type TestChain } from './testing.ts'

/** The access nodes of even and odd payers. */
const [even, odd] = [2, 3]

const afterArrival = (chain: TestChain): void =>
  void chain.simulation.run({ until: chain.simulation.now() + ms(50) })

const timesOf = (chain: TestChain): string[] =>
  chain.told.map(({ payment, what, at }) => `${payment} ${what} at ${at / 1_000} ms`)

describe('confirmations', () => {
  test('default: final when three blocks stand, its own included', () => {
    const script = createScript()
    const chain = createTestChain({ model: script.model })
    const payment = chain.pay()
    afterArrival(chain)
    let head = genesis
    for (const [index, state] of ['included', 'included', 'final', 'final'].entries()) {
      chain.simulation.run({ until: seconds(index + 1) })
      head = script.build(0, head)
      script.show(even, head)
      expect(chain.payments.state(payment)).toBe(state)
    }
    expect(timesOf(chain)).toEqual(['0 included at 1000 ms', '0 final at 3000 ms'])
    expect([chain.rail.inFlight(), chain.book.inFlight()]).toEqual([0, 0])
  })

  test('behavior: each payer believes its own access node only', () => {
    const script = createScript()
    const chain = createTestChain({ model: script.model })
    const [one, other] = [chain.pay({ from: 0 }), chain.pay({ from: 1 })]
    afterArrival(chain)
    const block = script.build(0, genesis)
    script.show(odd, block)
    expect(chain.payments.state(one)).toBe('submitted')
    expect(chain.payments.state(other)).toBe('included')
    expect([chain.rail.waiting(), chain.rail.inFlight()]).toEqual([1, 2])
  })

  test('behavior: a model of its own finality needs no confirmations, and heads make none', () => {
    const script = createScript('deterministic')
    const chain = createTestChain({ model: script.model })
    const payment = chain.pay()
    afterArrival(chain)
    const blocks = [script.build(0, genesis)]
    for (let index = 0; index < 5; index++) blocks.push(script.build(0, blocks.at(-1)!))
    script.finalise(even, blocks[2]!)
    // Final before its head moved: included and final at once, and no violation when it follows.
    expect(timesOf(chain)).toEqual(['0 included at 50 ms', '0 final at 50 ms'])
    for (const block of blocks) script.show(even, block)
    expect(chain.payments.state(payment)).toBe('final')
    expect(chain.rail.violations()).toEqual([])
  })
})

describe('reorganisations', () => {
  test('default: payments leave with their block and come in with another', () => {
    const script = createScript()
    const chain = createTestChain({ model: script.model })
    const payment = chain.pay()
    afterArrival(chain)
    const loser = script.build(0, genesis)
    script.show(even, loser)
    expect(chain.payments.state(payment)).toBe('included')

    chain.simulation.run({ until: seconds(5) })
    const rival = script.build(1, genesis)
    const winner = script.build(1, rival)
    script.show(even, winner)
    expect(timesOf(chain)).toEqual(['0 included at 50 ms', '0 included at 5000 ms'])
    expect(chain.payments.includedAt(payment)).toBe(seconds(5))

    script.show(even, script.build(1, winner))
    expect(chain.payments.state(payment)).toBe('final')
    expect([chain.rail.inFlight(), chain.rail.conserved()]).toEqual([0, true])
    expect(chain.rail.violations()).toEqual([])
    expect(chain.rail.blocks()!.stale).toBe(1)
  })

  test('behavior: a payment waits again when the new chain does not hold it', () => {
    const script = createScript()
    const chain = createTestChain({ model: script.model })
    const rival = script.build(1, genesis)
    const payment = chain.pay()
    afterArrival(chain)
    script.show(even, script.build(0, genesis))
    expect([chain.rail.waiting(), chain.rail.inFlight()]).toEqual([0, 1])
    const next = script.build(1, rival)
    script.show(even, rival)
    expect(chain.payments.state(payment)).toBe('submitted')
    expect([chain.rail.waiting(), chain.rail.inFlight()]).toEqual([1, 1])
    script.show(even, next)
    expect(chain.payments.state(payment)).toBe('included')
  })

  /** Payment 0 stands in a block; others bid more, so a rival block on `empty` leaves it out. */
  const outbid = (mempoolUnits: number) => {
    const script = createScript()
    const rules = { unitsLimit: 1_000, mempoolUnits }
    const chain = createTestChain({ model: script.model, rules })
    const empty = script.build(1, genesis)
    const payments = [chain.pay({ patience: seconds(2) })]
    afterArrival(chain)
    const first = script.build(0, genesis)
    const payMore = (count: number): void => {
      for (let index = 0; index < count; index++) {
        payments.push(chain.pay())
        // One after the other: who comes fourth sees three before it, and bids more.
        afterArrival(chain)
      }
    }
    payMore(4)
    const buildRival = () => script.build(1, empty)
    return { chain, script, first, buildRival, payMore, stateOf: chain.payments.state }
  }

  test('behavior: patience that ended in a block ends the payment when the block is lost', () => {
    const { chain, script, first, buildRival, stateOf } = outbid(100_000)
    script.show(even, first)
    const rival = buildRival()
    chain.simulation.run({ until: seconds(10) })
    expect([stateOf(0), stateOf(4)]).toEqual(['included', 'submitted'])
    script.show(even, rival)
    expect([stateOf(0), stateOf(4)]).toEqual(['submitted', 'included'])
    chain.simulation.run({ until: seconds(11) })
    expect(stateOf(0)).toBe('expired')
    expect(timesOf(chain).at(-1)).toBe('0 timed out at 10000 ms')
    expect([chain.rail.waiting(), chain.rail.inFlight()]).toEqual([3, 4])
    expect(chain.rail.conserved()).toBe(true)
    // Nor does it come back to the pool, where it would be first in line, with its old block.
    script.build(0, first)
    script.show(even, script.build(1, rival))
    expect([stateOf(0), stateOf(1)]).toEqual(['expired', 'included'])
  })

  test('behavior: what the pool dropped while a block held it fails when the block is lost', () => {
    const { chain, script, first, buildRival, payMore, stateOf } = outbid(4_000)
    script.show(even, first)
    const rival = buildRival()
    payMore(4)
    const dropped = [1, 2, 3].map(stateOf)
    expect([stateOf(0), ...dropped]).toEqual(['included', 'failed', 'failed', 'failed'])
    script.show(even, rival)
    expect(stateOf(0)).toBe('submitted')
    chain.simulation.run({ until: seconds(1) })
    expect([stateOf(0), chain.payments.reason(0)]).toEqual(['failed', 'evicted'])
    expect([chain.rail.waiting(), chain.rail.inFlight()]).toEqual([4, 5])
  })

  test('behavior: in a block that its payer does not see, a payment outlasts its patience', () => {
    const script = createScript()
    const chain = createTestChain({ model: script.model })
    const payment = chain.pay({ patience: seconds(2) })
    afterArrival(chain)
    const block = script.build(0, genesis)
    chain.simulation.run({ until: seconds(9) })
    expect([chain.payments.state(payment), chain.rail.waiting()]).toEqual(['submitted', 1])
    script.show(even, block)
    expect([chain.payments.state(payment), chain.rail.waiting()]).toEqual(['included', 0])
  })

  test('behavior: … and ends when that block is lost without having been seen', () => {
    const { chain, buildRival, stateOf } = outbid(100_000)
    chain.simulation.run({ until: ms(9_900) })
    expect(stateOf(0)).toBe('submitted')
    buildRival()
    chain.simulation.run({ until: seconds(11) })
    expect(timesOf(chain)).toEqual(['0 timed out at 10000 ms'])
    expect(chain.rail.waiting()).toBe(4)
  })

  test('behavior: one deeper than the confirmations is a violation, told once', () => {
    const script = createScript()
    const chain = createTestChain({ model: script.model, access: { confirmations: 2 } })
    const payment = chain.pay()
    afterArrival(chain)
    const first = script.build(0, genesis)
    script.show(even, script.build(0, first))
    expect(chain.payments.state(payment)).toBe('final')
    expect(chain.rail.violations()).toEqual([])

    let rival = script.build(1, genesis)
    for (let index = 0; index < 3; index++) rival = script.build(1, rival)
    script.show(even, rival)
    const violation = `a reorganisation at a0 left final block ${first} behind`
    expect(chain.rail.violations()).toEqual([violation])
    expect(chain.payments.state(payment)).toBe('final')
    expect(chain.book.balance(1)).toBe(usd(101))

    // Life goes on along the new chain.
    const later = chain.pay()
    afterArrival(chain)
    for (let index = 0; index < 2; index++) script.show(even, (rival = script.build(1, rival)))
    expect(chain.payments.state(later)).toBe('final')
    expect([chain.rail.violations(), chain.rail.inFlight()]).toEqual([[violation], 0])
    expect(chain.rail.conserved()).toBe(true)
  })

  test('behavior: two final blocks that contradict each other are violations', () => {
    const script = createScript('deterministic')
    const chain = createTestChain({ model: script.model })
    chain.simulation.run({ until: seconds(1) })
    const [one, other] = [script.build(0, genesis), script.build(1, genesis)]
    script.finalise(even, one)
    script.finalise(odd, other)
    expect(chain.rail.violations()).toEqual([`final blocks ${other} and ${one} conflict`])
    script.finalise(even, other)
    const atOneNode = `block ${other} is final at a0 beside final block ${one}`
    expect(chain.rail.violations()).toContain(atOneNode)
  })
})
