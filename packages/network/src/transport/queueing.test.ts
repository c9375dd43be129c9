import { fuzzParameters } from '@counterpoise/dev'
import { createStream, exponential, ms, seconds } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantLatency } from '../latency.ts'
import { createTestNetwork, placesOf } from '../testing/testNetwork.ts'

/** 1 MB/s: a byte takes 1 µs. */
const rate = 1_000_000

describe('downlinks', () => {
  test('what comes from several senders comes in one after the other', () => {
    const places = placesOf(4, undefined, rate)
    const { simulation, network, log } = createTestNetwork({ places })
    for (const from of [1, 2, 3]) network.send(from, 0, from, 1_000)
    simulation.run()
    expect(log()).toEqual([
      [1, 0, ms(11)],
      [2, 0, ms(12)],
      [3, 0, ms(13)],
    ])
  })

  test('store and forward: both ends take their time', () => {
    const { simulation, network, log } = createTestNetwork({ places: placesOf(2, rate, rate / 4) })
    network.send(0, 1, 1, 1_000)
    network.send(0, 1, 2, 1_000)
    simulation.run()
    // 1 ms to leave, 10 ms on the way, 4 ms to come in; the second waits for the first.
    expect(log()).toEqual([
      [1, 1, ms(15)],
      [2, 1, ms(19)],
    ])
  })

  test('a node that goes down loses what is coming in', () => {
    const { simulation, network, log } = createTestNetwork({ places: placesOf(2, undefined, rate) })
    network.send(0, 1, 1, 5_000)
    network.send(0, 1, 2, 5_000)
    simulation.run({ until: ms(16) })
    network.takeDown(1)
    network.bringUp(1)
    network.send(0, 1, 3, 1_000)
    simulation.run()
    expect(log()).toEqual([
      [1, 1, ms(15)],
      [3, 1, ms(27)],
    ])
    expect(network.counters()).toMatchObject({ sent: 3, delivered: 2, dropped: 1 })
  })
})

test('what reaches a node that is down is lost, and nothing waits behind it', () => {
  const { simulation, network, log } = createTestNetwork({ places: placesOf(2, undefined, rate) })
  network.takeDown(1)
  network.send(0, 1, 1, 5_000)
  simulation.run({ until: ms(10) })
  // It would have been in by 15 ms.
  network.bringUp(1)
  network.send(0, 1, 2, 1_000)
  simulation.run({ until: ms(30) })
  expect(log()).toEqual([[2, 1, ms(21)]])
  network.takeDown(1)
  network.send(0, 1, 3, 50_000)
  simulation.run({ until: ms(40) })
  network.bringUp(1)
  network.send(0, 1, 4, 1_000)
  simulation.run()
  expect(log().slice(1)).toEqual([[4, 1, ms(51)]])
  expect(network.counters()).toMatchObject({ delivered: 2, dropped: 2 })
})

describe('uplinks', () => {
  test('a node that goes down has sent what has left, and nothing of the rest', () => {
    const { simulation, network, log } = createTestNetwork({ places: placesOf(5, rate) })
    network.multicast(0, [1, 2, 3, 4], 1, 1_000)
    simulation.run({ until: ms(2) })
    network.takeDown(0)
    network.bringUp(0)
    network.send(0, 4, 2, 1_000)
    simulation.run()
    expect(log()).toEqual([
      [1, 1, ms(11)],
      [1, 2, ms(12)],
      [2, 4, ms(13)],
    ])
    expect(network.counters()).toMatchObject({ sent: 5, delivered: 3, dropped: 2 })
  })

  test('property: what leaves and what is lost, as a list of what waits says', () => {
    const step = fc.record({
      wait: fc.nat(6_000),
      copies: fc.nat(25),
      bytes: fc.nat(400),
      isDown: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const places = placesOf(2, 700_000)
        const { simulation, network, log } = createTestNetwork({ places })
        let free = 0
        let waiting: [message: number, to: number, leavesAt: number][] = []
        const left: typeof waiting = []
        let message = 0
        for (const { wait, copies, bytes, isDown } of steps) {
          simulation.run({ until: simulation.now() + wait })
          const now = simulation.now()
          left.push(...waiting.filter(([, , leavesAt]) => leavesAt <= now))
          waiting = waiting.filter(([, , leavesAt]) => leavesAt > now)
          if (isDown) {
            network.takeDown(0)
            network.bringUp(0)
            waiting = []
            free = now
          }
          for (let copy = 0; copy < copies; copy++) {
            // 10 bytes of a link of 0.7 MB/s take 100 / 7 µs, and the last µs is taken whole.
            free = Math.max(free, now) + Math.ceil((bytes * 10) / 7)
            waiting.push([message, 1, free])
            network.send(0, 1, message++, bytes)
          }
        }
        simulation.run()
        left.push(...waiting)
        expect(log()).toEqual(left.map(([sent, to, at]) => [sent, to, at + ms(10)]))
        const { delivered, dropped } = network.counters()
        expect([delivered, dropped]).toEqual([left.length, message - left.length])
      }),
      fuzzParameters(100),
    )
  })

  test('a lost copy has taken its time on the uplink', () => {
    const { simulation, network, log } = createTestNetwork({ places: placesOf(2, rate) })
    network.setLossProbability(1)
    network.send(0, 1, 1, 1_000)
    network.setLossProbability(0)
    network.send(0, 1, 2, 1_000)
    simulation.run()
    expect(log()).toEqual([[2, 1, ms(12)]])
  })

  test('a long queue is forgotten as it is worked off', () => {
    const { simulation, network, arrivals } = createTestNetwork({ places: placesOf(2, rate) })
    for (let index = 0; index < 1_000; index++) {
      network.send(0, 1, index, 1_000)
      simulation.run({ until: ms(index) })
    }
    network.takeDown(0)
    simulation.run()
    // At 999 ms exactly 999 have left.
    expect(arrivals).toHaveLength(999)
  })
})

/** The mean wait in an uplink's queue and its standard error by batch means, µs. */
function measureWait(load: number, seed: string): { mean: number; error: number } {
  const service = 1_000
  const { simulation, network, arrivals } = createTestNetwork(
    { places: placesOf(2, rate), latency: constantLatency(0) },
    seed,
  )
  const stream = createStream({ seed, replication: 0, purpose: 'arrivals' })
  const [batches, batchSize] = [50, 3_000]
  const sentAt: number[] = []
  let time = 0
  for (let index = 0; index < batches * batchSize; index++) {
    time += Math.round(exponential(stream, service / load))
    sentAt.push(time)
  }
  const sendKind = simulation.define('send', (index) => network.send(0, 1, index, service))
  sentAt.forEach((at, index) => simulation.at(at, sendKind, index))
  simulation.run()
  const means = Array.from({ length: batches }, () => 0)
  for (const { message, at } of arrivals) {
    const batch = Math.floor(message / batchSize)
    means[batch] = means[batch]! + (at - sentAt[message]! - service) / batchSize
  }
  const mean = means.reduce((sum, value) => sum + value, 0) / batches
  const squares = means.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return { mean, error: Math.sqrt(squares / (batches - 1) / batches) }
}

test.each([0.5, 0.8])('M/D/1: the wait at load %d is load · service / (2 · (1 − load))', (load) => {
  const { mean, error } = measureWait(load, 'm/d/1')
  const expected = (load * 1_000) / (2 * (1 - load))
  expect(Math.abs(mean - expected)).toBeLessThan(3.29 * error)
  expect(error).toBeLessThan(0.03 * expected)
})

test('the queue is long enough for a burst of seconds', () => {
  const { simulation, network, log } = createTestNetwork({ places: placesOf(2, rate) })
  for (let index = 0; index < 10; index++) network.send(0, 1, index, rate)
  simulation.run()
  expect(log().at(-1)).toEqual([9, 1, seconds(10) + ms(10)])
})
