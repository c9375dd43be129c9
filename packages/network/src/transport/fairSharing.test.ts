import { fuzzParameters } from '@counterpoise/dev'
import { ms } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTestNetwork, placesOf } from '../testing/testNetwork.ts'

/** 1 MB/s: a byte takes 1 µs. */
const rate = 1_000_000
const fair = { bandwidth: 'fair' } as const

describe('closed forms', () => {
  test('k equal flows over one uplink all end after k · bytes / rate', () => {
    const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(5, rate) })
    network.broadcast(0, 1, 1_000)
    simulation.run()
    expect(log()).toEqual([1, 2, 3, 4].map((to) => [1, to, ms(14)]))
  })

  test('queue and fair sharing: the same last byte, the same mean only in the end', () => {
    const last = (['queue', 'fair'] as const).map((bandwidth) => {
      const { simulation, network, arrivals } = createTestNetwork({
        bandwidth,
        places: placesOf(4, rate),
      })
      network.broadcast(0, 1, 3_000)
      simulation.run()
      return arrivals.map(({ at }) => at - ms(10))
    })
    expect(last).toEqual([
      [3_000, 6_000, 9_000],
      [9_000, 9_000, 9_000],
    ])
  })

  test('a short flow gets its share at once; the long one speeds up again', () => {
    const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(3, rate) })
    network.send(0, 1, 1, 10_000)
    simulation.run({ until: ms(4) })
    network.send(0, 2, 2, 1_000)
    simulation.run()
    // From 4 ms to 6 ms both have half; the long one has sent 5 kB by then.
    expect(log()).toEqual([
      [2, 2, ms(16)],
      [1, 1, ms(21)],
    ])
  })

  test('a receiver that is slower than its share leaves the rest to the others', () => {
    const places = placesOf(3)
    places[0]!.uplinkBytesPerSecond = rate
    places[1]!.downlinkBytesPerSecond = rate / 4
    const { simulation, network, log } = createTestNetwork({ ...fair, places })
    network.broadcast(0, 1, 3_000)
    simulation.run()
    expect(log()).toEqual([
      [1, 2, ms(14)],
      [1, 1, ms(22)],
    ])
  })

  test('several senders share a receiver', () => {
    const places = placesOf(4, rate, rate)
    const { simulation, network, log } = createTestNetwork({ ...fair, places })
    for (const from of [1, 2, 3]) network.send(from, 0, from, 1_000)
    simulation.run()
    expect(log()).toEqual([1, 2, 3].map((from) => [from, 0, ms(13)]))
  })

  test.each(['queue', 'fair'] as const)('the last µs is taken whole: %s', (bandwidth) => {
    const places = placesOf(2, 3 * rate)
    const { simulation, network, log } = createTestNetwork({ bandwidth, places })
    network.send(0, 1, 1, 1_000)
    simulation.run({ until: ms(5) })
    network.send(0, 1, 2, 1_001)
    simulation.run()
    // A third and two thirds of a µs more.
    expect(log()).toEqual([
      [1, 1, ms(10) + 334],
      [2, 1, ms(15) + 334],
    ])
  })

  test('a flow that begins as another ends takes its own time', () => {
    const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(3, rate) })
    const next = simulation.define('next', () => network.send(0, 2, 2, 3_000))
    network.send(0, 1, 1, 1_000)
    simulation.at(ms(1), next)
    simulation.run()
    expect(log()).toEqual([
      [1, 1, ms(11)],
      [2, 2, ms(14)],
    ])
  })

  test('copies of one sender to one receiver go one after the other', () => {
    const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(2, rate) })
    for (const message of [1, 2, 3]) network.send(0, 1, message, 1_000)
    simulation.run()
    expect(log()).toEqual([1, 2, 3].map((message) => [message, 1, ms(10 + message)]))
  })

  test('a throttled link has its part of the bandwidth, the others the rest', () => {
    const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(3, rate) })
    network.addLinkFault({ from: [0], to: [1], throttle: 0.25 })
    network.broadcast(0, 1, 3_000)
    simulation.run()
    expect(log()).toEqual([
      [1, 2, ms(14)],
      [1, 1, ms(22)],
    ])
  })
})

test.each([
  // What is left of the sender's 1 MB/s is more than the receiver takes, or less.
  ['faster than the receiver', rate, rate / 4, 0.5, 12],
  ['slower than the receiver', rate, rate / 4, 0.2, 15],
  ['to a receiver that takes more', rate, rate * 8, 0.5, 6],
  ['with no limit but that of the receiver', undefined, rate / 4, 0.5, 24],
])('a throttled link %s', (_, up, down, throttle, expected) => {
  const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(2, up, down) })
  network.addLinkFault({ throttle })
  network.send(0, 1, 1, 3_000)
  simulation.run()
  expect(log()).toEqual([[1, 1, ms(10 + expected)]])
})

test('a node that goes down ends its flows, in both directions; the others speed up', () => {
  const places = placesOf(4, rate, rate)
  const { simulation, network, log } = createTestNetwork({ ...fair, places })
  network.send(0, 3, 1, 4_000)
  network.send(1, 3, 2, 4_000)
  network.send(1, 3, 3, 4_000)
  network.send(2, 1, 4, 9_000)
  simulation.run({ until: ms(4) })
  network.takeDown(1)
  simulation.run()
  // Until 4 ms node 0 had half of the receiver: 2 kB are left.
  expect(log()).toEqual([[1, 3, ms(16)]])
  expect(network.counters()).toMatchObject({ sent: 4, delivered: 1, dropped: 3 })
  network.bringUp(1)
  network.send(1, 3, 5, 1_000)
  simulation.run()
  expect(log().at(-1)).toEqual([5, 3, ms(16 + 11)])
})

test('a receiver that goes down loses what is on its way to it, also what waits its turn', () => {
  const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(3, rate) })
  for (const message of [1, 2, 3]) network.send(0, 1, message, 2_000)
  network.send(0, 2, 4, 2_000)
  simulation.run({ until: ms(2) })
  network.takeDown(1)
  network.bringUp(1)
  network.send(0, 1, 5, 1_000)
  simulation.run()
  // Half of message 4 had left by 2 ms, and message 5 takes half of the uplink.
  expect(log()).toEqual([
    [4, 2, ms(14)],
    [5, 1, ms(14)],
  ])
  expect(network.counters()).toMatchObject({ sent: 5, delivered: 2, dropped: 3 })
})

test('a lost copy has taken its share of the uplink, and does not arrive', () => {
  const { simulation, network, log } = createTestNetwork({ ...fair, places: placesOf(3, rate) })
  network.setLossProbability(1)
  network.send(0, 1, 1, 1_000)
  network.setLossProbability(0)
  network.send(0, 1, 2, 1_000)
  network.send(0, 2, 3, 1_000)
  simulation.run()
  // Up to 2 ms with what is lost, then with what waited for that.
  expect(log()).toEqual([
    [3, 2, ms(12)],
    [2, 1, ms(13)],
  ])
  expect(network.counters()).toMatchObject({ sent: 3, delivered: 2, dropped: 1 })
})

test('property: all that is sent arrives once, and no end carries more than it can', () => {
  const sends = fc.array(
    fc.record({ from: fc.nat(3), to: fc.nat(3), bytes: fc.nat(5_000), after: fc.nat(3_000) }),
    { minLength: 1, maxLength: 30 },
  )
  fc.assert(
    fc.property(sends, (steps) => {
      const places = placesOf(4, rate, rate * 2)
      const { simulation, network, arrivals } = createTestNetwork({ ...fair, places })
      const sent = steps.map(({ from, to, bytes, after }, message) => {
        simulation.run({ until: simulation.now() + after })
        network.send(from, to, message, bytes)
        return simulation.now()
      })
      simulation.run()
      const messages = arrivals.map(({ message }) => message).sort((one, other) => one - other)
      expect(messages).toEqual(steps.map((_, message) => message))
      const total = [0, 0, 0, 0]
      for (const { message, at } of arrivals) {
        const { from, bytes } = steps[message]!
        total[from] = total[from]! + bytes
        expect(at - sent[message]! - ms(10)).toBeGreaterThanOrEqual(bytes)
      }
      const end = Math.max(...arrivals.map(({ at }) => at)) - ms(10)
      for (const bytes of total) expect(end).toBeGreaterThanOrEqual(bytes)
      // Nobody idles with something to send: by the sum of all there is nothing left.
      const all = steps.reduce((sum, { bytes }) => sum + bytes, 0)
      expect(end).toBeLessThanOrEqual(Math.max(...sent) + all + 2 * steps.length)
    }),
    fuzzParameters(100),
  )
})
