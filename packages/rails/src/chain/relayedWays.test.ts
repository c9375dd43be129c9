import { createSimulation, ms, seconds, type Time } from '@counterpoise/engine'
import { edgeTopology, type NodeId } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { type RelaySchedule, relaySchedules } from './relaySchedule.ts'
import { createLog } from './relayLinks.ts'
import { createTransactionRelay } from './transactionRelay.ts'

/** Timers of about a millisecond, and nobody waits before it asks. */
const prompt: RelaySchedule = {
  ...{ inboundInterval: ms(1), outboundInterval: ms(1), immediateShare: 0 },
  ...{ inboundRequestDelay: 0, busyRequestDelay: 0, inFlightMax: 1_000 },
}

type Way = { at: Time; from: NodeId; to: NodeId }

/** A relay whose announcements, requests and answers are written down. */
function createRecord(
  edges: readonly (readonly [NodeId, NodeId])[],
  given: Partial<RelaySchedule> = {},
  delay = ms(50),
) {
  const simulation = createSimulation({ seed: 'ways' })
  const size = Math.max(...edges.flat()) + 1
  const ways: Way[] = []
  const down = new Set<NodeId>()
  const received: { node: NodeId; id: number; at: Time }[] = []
  const relay = createTransactionRelay(simulation, {
    name: 'ways',
    topology: edgeTopology({ size, edges }),
    latency: {
      sample: (from, to) => {
        ways.push({ at: simulation.now(), from, to })
        return delay
      },
      typical: () => delay,
    },
    schedule: { ...prompt, ...given },
    isUp: (node) => !down.has(node),
    receive: (node, id) => received.push({ node, id, at: simulation.now() }) > 0,
  })
  const run = (until: Time): void => void simulation.run({ until })
  /** The ways of a request and its answer are drawn at once, one after the other. */
  const isRequest = ({ at, from, to }: Way, index: number): boolean => {
    const next = ways[index + 1]
    return next !== undefined && next.at === at && next.from === to && next.to === from
  }
  return {
    ...{ down, received, relay, run, simulation, ways },
    requests: (): Way[] => ways.filter(isRequest),
    announcements: (): Way[] =>
      ways.filter((way, index) => {
        const isAnswer = index > 0 && isRequest(ways[index - 1]!, index - 1)
        return !isRequest(way, index) && !isAnswer
      }),
  }
}

const pair = [[0, 1]] as const
const diamond = [[0, 1], [0, 2], [1, 3], [2, 3]] as const

describe('what goes over the links', () => {
  test('behavior: a request that a cut has swallowed is made again after a minute', () => {
    const { received, relay, run, simulation, ways } = createRecord(pair)
    relay.originate(0, 7)
    while (ways.length === 0) run(simulation.now() + ms(1))
    const heardAt = ways[0]!.at + ms(50)
    // The announcement is under way; what is answered to it is not.
    const end = relay.addLinkFault({ from: [0], to: [1], bothWays: true, cut: 'drop' })
    run(heardAt + ms(1))
    end()
    simulation.run()
    const times = received.map(({ node, at }) => [node, at])
    expect(times).toEqual([[0, 0], [1, heardAt + seconds(60) + ms(100)]])
  })

  test('default: an announcement, a request and the transaction, and nothing goes back', () => {
    const slow = { inboundInterval: seconds(1_000), outboundInterval: seconds(1_000) }
    for (const given of [{}, { ...slow, immediateShare: 1 }]) {
      const { relay, simulation, ways } = createRecord(pair, given)
      relay.originate(0, 7)
      simulation.run()
      expect(ways.map(({ from, to }) => [from, to])).toEqual([[0, 1], [1, 0], [0, 1]])
    }
  })

  test('behavior: a share of the announcements waits for no timer', () => {
    const slow = { inboundInterval: seconds(1e6), outboundInterval: seconds(1e6) }
    const { received, relay, run } = createRecord(pair, { ...slow, immediateShare: 1 / 4 })
    for (let id = 0; id < 400; id++) relay.originate(0, id)
    run(seconds(1))
    const heard = received.filter(({ node }) => node === 1).length
    // A hundred, and five deviations of 8.7.
    expect(Math.abs(heard - 100)).toBeLessThan(44)
  })

  test('behavior: everybody asks once, of however many it hears', () => {
    // As much time between two announcements as the ways take: some come before the answer, others
    // after it.
    const interval = { inboundInterval: ms(40), outboundInterval: ms(40) }
    const record = createRecord(diamond, interval)
    const { announcements, received, relay, requests, run, simulation } = record
    const count = 200
    for (let id = 0; id < count; id++) {
      run(seconds(2) * id)
      relay.originate(0, id)
    }
    simulation.run()
    expect(received).toHaveLength(4 * count)
    expect(requests()).toHaveLength(3 * count)
    expect(announcements().length).toBeGreaterThan(3.5 * count)
  })

  test('behavior: those who opened a connection are told together, the others one by one', () => {
    const leaves = Array.from({ length: 40 }, (_, leaf) => [0, leaf + 1] as const)
    const { announcements, relay, simulation } = createRecord(leaves, {
      ...{ inboundInterval: seconds(1), outboundInterval: seconds(1_000) },
    })
    relay.originate(0, 7)
    simulation.run()
    const times = announcements().map(({ at }) => at)
    expect(times).toHaveLength(40)
    const counts = [...new Set(times)].map((time) => times.filter((at) => at === time).length)
    const [together, ...alone] = counts.sort((one, other) => other - one)
    expect(together).toBeGreaterThan(10)
    expect(together).toBeLessThan(30)
    expect(new Set(alone)).toEqual(new Set([1]))
  })
})

test('a peer of which much is asked for already is asked later', () => {
  const given = { inFlightMax: 1, busyRequestDelay: seconds(7) }
  const { received, relay, run, simulation } = createRecord(pair, given, seconds(1))
  // Heard of a second later: two under way are no more than what may be, a third one is.
  for (const [id, at] of [0, 100, 200, 5_000].entries()) {
    run(ms(at))
    relay.originate(0, id)
  }
  simulation.run()
  const times: number[] = []
  for (const { node, id, at } of received) if (node === 1) times[id] = Math.round(at / ms(100))
  expect(times).toEqual([30, 31, 102, 80])
})

describe('who is down', () => {
  test('does not announce what it got before', () => {
    const { down, relay, simulation, ways } = createRecord(pair)
    relay.originate(0, 7)
    down.add(0)
    simulation.run()
    expect(ways).toEqual([])
  })

  test('does not hear of what is announced, nor does it ask later', () => {
    // Announced by 20 ms, heard of by 70 ms, asked for two seconds later.
    for (const at of [ms(40), ms(500)]) {
      const given = { inFlightMax: -1, busyRequestDelay: seconds(2) }
      const { down, relay, requests, run, simulation, ways } = createRecord(pair, given)
      relay.originate(0, 7)
      run(at)
      expect(ways).toHaveLength(1)
      down.add(1)
      simulation.run()
      expect(requests()).toEqual([])
    }
    const { down, relay, requests, run, simulation } = createRecord(pair)
    relay.originate(0, 7)
    run(ms(40))
    down.add(1)
    simulation.run()
    expect(requests()).toEqual([])
  })

  test('behavior: and asks again, once it is back, for what it did not get', () => {
    const interval = { inboundInterval: seconds(10), outboundInterval: seconds(10) }
    const { down, relay, requests, run, simulation } = createRecord(diamond, interval)
    relay.originate(0, 7)
    const isAsked = (): boolean => requests().some(({ from }) => from === 3)
    for (let step = 0; step < 10_000 && !isAsked(); step++) run(simulation.now() + ms(10))
    down.add(3)
    run(simulation.now() + ms(200))
    down.delete(3)
    expect(relay.has(3, 7)).toBe(false)
    simulation.run()
    expect(relay.has(3, 7)).toBe(true)
    expect(requests().filter(({ from }) => from === 3)).toHaveLength(2)
  })
})

describe('links that are cut', () => {
  test('one way, carry nothing in either', () => {
    for (const [from, to] of [[0, 1], [1, 0]]) {
      const { relay, run, simulation, ways } = createRecord(pair)
      const heal = relay.addLinkFault({ cut: 'drop', from: [from!], to: [to!] })
      relay.originate(0, 7)
      run(seconds(5))
      expect(ways).toEqual([])
      heal()
      simulation.run()
      expect(relay.has(1, 7)).toBe(true)
      // Where everybody has been told of everything, nothing follows from a change.
      const events = simulation.events()
      relay.addLinkFault({ cut: 'drop', from: [0] })()
      simulation.run()
      expect(simulation.events()).toBe(events)
    }
  })

  test.each([1, 2])('behavior: who was cut off for long is told all of it (peer %i)', (peer) => {
    const { announcements, relay, run, simulation } = createRecord([[0, 1], [0, 2]])
    const heal = relay.addLinkFault({ cut: 'drop', between: [[0], [peer]] })
    const count = 1_500
    for (let id = 0; id < count; id++) {
      run(ms(20) * id)
      relay.originate(0, id)
    }
    run(seconds(60))
    const before = announcements().length
    expect(relay.has(3 - peer, count - 1)).toBe(true)
    heal()
    simulation.run()
    const ids = Array.from({ length: count }, (_, id) => id)
    expect(ids.every((id) => relay.has(peer, id))).toBe(true)
    // In one announcement.
    expect(announcements().length).toBe(before + 1)
  })
})

test('the schedules are those of Bitcoin Core', () => {
  expect(relaySchedules.v21).toEqual({
    ...{ inboundInterval: seconds(5), outboundInterval: seconds(2), immediateShare: 0 },
    // NONPREF_PEER_TX_DELAY, OVERLOADED_PEER_TX_DELAY, MAX_PEER_TX_REQUEST_IN_FLIGHT.
    ...{ inboundRequestDelay: seconds(2), busyRequestDelay: seconds(2), inFlightMax: 100 },
  })
  // Ten peers, of whom one is told every 100 ms, and a quarter of all at once.
  const { inboundInterval, outboundInterval, ...older } = relaySchedules.v9
  expect([inboundInterval, outboundInterval]).toEqual([10 * ms(100), 10 * ms(100)])
  expect(older).toMatchObject({ immediateShare: 1 / 4, inboundRequestDelay: 0 })
})

test('a log keeps what somebody has yet to hear of, with its number', () => {
  const log = createLog()
  for (let id = 0; id < 5_000; id++) log.push(3 * id)
  for (const below of [10, 1_500, 1_600, 4_000]) log.trim(below)
  log.push(99)
  expect(log.end()).toBe(5_001)
  expect([4_000, 4_001, 4_999, 5_000].map(log.at)).toEqual([12_000, 12_003, 14_997, 99])
})
