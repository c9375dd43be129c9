import type { ConsensusModel } from '@counterpoise/consensus'
import { days, ms } from '@counterpoise/engine'
import { constantLatency, type Place } from '@counterpoise/network'
import { comparedProtocols } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { measureProtocol, type ProtocolFigures, type ProtocolOptions } from './measureProtocol.ts'
import { leadersLacking, ProtocolUndecidedError } from './undecided.ts'

const anywhere = (count: number): Place[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `member-${index}`,
    attributes: { region: 'anywhere', operator: `operator-${index}` },
  }))

type Changes = Partial<ProtocolOptions> & { nodes: number; lambdaMs?: number; hopMs?: number }

/** One replication of a chain of three decisions, which knows how to ask for other timeouts. */
function measure(name: string, { nodes, lambdaMs, hopMs = 40, ...rest }: Changes): ProtocolFigures {
  const { model, parameters } = comparedProtocols[name]!
  const withTimeout = (timeoutMs?: number): unknown => model.parameters.parse(parameters(timeoutMs))
  return measureProtocol({
    ...{ model, parameters: withTimeout(lambdaMs), withTimeout, places: anywhere(nodes) },
    ...{ latency: () => constantLatency(ms(hopMs)), replications: 1, decisions: 3, ...rest },
  })
}

function undecided(take: () => unknown): ProtocolUndecidedError {
  try {
    take()
  } catch (cause) {
    if (cause instanceof ProtocolUndecidedError) return cause
    throw cause
  }
  throw new Error('It was decided.')
}

describe('a search that is cut off', () => {
  test('default: says what was searched, which limit ended it, and which timeout helps', () => {
    const error = undecided(() => measure('simplex', { nodes: 4, hopMs: 86_400_000 }))
    expect(error).toMatchObject({ isStandstill: false, helpfulTimeout: days(10) })
    expect(error.message).toMatchInlineSnapshot(`
      "The search was cut off: 'simplex' had taken no decision.
      Members up: 4 of 4
      Searched: 34,962 events, 1000d of simulated time
      Cut off by: the limit of 1000d without a decision
      What helps: a timeout of 10d, which was tried; messages take about 1d."
    `)
  })

  test('behavior: the timeout that is said to help does', () => {
    const { helpfulTimeout } = undecided(() => measure('minimmit', { nodes: 6, lambdaMs: 1 }))
    expect(helpfulTimeout).toBe(ms(400))
    expect(measure('minimmit', { nodes: 6, lambdaMs: 400 }).views_per_decision).toBe(1)
  })

  test('behavior: timeouts of a millisecond use the events up long before the hour', () => {
    const { message } = undecided(() => measure('simplex', { nodes: 4, lambdaMs: 1 }))
    expect(message).toMatch(/Searched: 116,000 events, \d+m/)
    expect(message).toContain('Cut off by: the limit of 116,000 events without a decision')
  })

  test('behavior: who waits too long for a leader is told of a shorter timeout', () => {
    const error = undecided(() => measure('pbft', { nodes: 4, crashed: 1, lambdaMs: 10_800_000 }))
    expect(error).toMatchObject({ isStandstill: false, helpfulTimeout: ms(400) })
    expect(error.message).toContain('Cut off by: the limit of 1h without a decision')
  })

  test('behavior: more than f crashed are named, and no timeout is tried', () => {
    const error = undecided(() => measure('simplex', { nodes: 4, crashed: 2 }))
    expect(error).toMatchObject({ isStandstill: false, helpfulTimeout: undefined })
    expect(error.message).toContain('Members up: 2 of 4')
    expect(error.message).toContain('Crash at most 1: the protocol promises no decision with more')
  })

  test('behavior: without other parameters to try, the delay is what is known', () => {
    const run = () => measure('simplex', { nodes: 4, lambdaMs: 1, withTimeout: undefined })
    expect(undecided(run).message).toMatch(/Give it a timeout of several delays: .* 40ms\.$/)
  })

  test('behavior: nobody repeats what cannot be lost, however long it takes', () => {
    const slow = { nodes: 6, crashed: 1, hopMs: 86_400_000, lambdaMs: 864_000_000 }
    expect(measure('simplex', slow).stages['received']!.median_ms).toBe(slow.hopMs)
  })

  test('behavior: a long chain goes on as long as decisions come', () => {
    const figures = measure('pbft', { nodes: 4, hopMs: 600_000, lambdaMs: 6e6, decisions: 600 })
    expect(figures.decision_ms.mean * 600).toBeGreaterThan(1_000 * 600_000)
  })

  test('behavior: where timeouts double, the search ends before time does', () => {
    const hopMs = 100 * 86_400_000
    const asked = { nodes: 4, hopMs, crashed: 1, lambdaMs: hopMs }
    expect(undecided(() => measure('hotstuff', asked)).isStandstill).toBe(true)
  })
})

describe('a standstill', () => {
  /** Members that never do anything. */
  const mute: ConsensusModel = {
    ...comparedProtocols['pbft']!.model,
    createReplica: () => ({ start() {}, receive() {}, expire() {}, recover() {} }),
  }

  const changed = (some: object): { parameters: unknown } => {
    const { model, parameters } = comparedProtocols['hotstuff']!
    return { parameters: model.parameters.parse({ ...parameters(), ...some }) }
  }

  test('default: nothing is left to happen', () => {
    const error = undecided(() => measure('pbft', { nodes: 4, model: mute }))
    expect(error.isStandstill).toBe(true)
    expect(error.message).toMatchInlineSnapshot(`
      "'pbft' came to a standstill with no decision.
      Members up: 4 of 4
      Searched: 4 events, 1h of simulated time
      Ended by: nothing is left to happen, no message and no timer
      No timeout is known to help: 400ms and 4s were tried; messages take about 40ms."
    `)
  })

  test('behavior: leaders in turn that never have enough good ones in a row are the cause', () => {
    const error = undecided(() => measure('hotstuff', { nodes: 4, crashed: 1 }))
    expect(error).toMatchObject({ isStandstill: true, helpfulTimeout: undefined })
    expect(error.message).toMatchInlineSnapshot(`
      "'hotstuff' came to a standstill with no decision.
      Members up: 3 of 4
      Searched: 152 events, 1h of simulated time
      Cause: a decision takes 4 rounds in a row whose leaders are up. Members lead in
      turn: with 1 of 4 down there are never more than 3, whatever the timeout.
      What helps: more members, or fewer of them crashed."
    `)
  })

  test('behavior: what is said to help there does', () => {
    expect(measure('hotstuff', { nodes: 5, crashed: 1 }).crashed).toBe(1)
    expect(measure('jolteon', { nodes: 4, crashed: 1 }).crashed).toBe(1)
    const longer = { nodes: 4, crashed: 1, ...changed({ contiguousRounds: 2 }) }
    expect(measure('hotstuff', longer).crashed).toBe(1)
  })

  test('behavior: reputation is nothing to go by before the first decision', () => {
    const asked = { nodes: 4, crashed: 1, ...changed({ leaders: 'reputation' }) }
    expect(undecided(() => measure('hotstuff', asked)).isStandstill).toBe(true)
  })
})

test('leaders in turn: a row as long as a decision takes is enough', () => {
  const lacks = (needed: number, each = 1): boolean => {
    const model = { name: 'turns', leadersInTurn: () => ({ each, needed }) } as never
    return leadersLacking({ model, parameters: {}, n: 7, crashed: 3 }) !== undefined
  }
  // Four in a row are up, each of whom may lead once or twice.
  expect([lacks(3), lacks(4), lacks(5)]).toEqual([false, false, true])
  expect([lacks(8, 2), lacks(9, 2)]).toEqual([false, true])
})
