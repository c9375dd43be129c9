import { createSimulation, ms, seconds, type Simulation } from '@counterpoise/engine'
import { describe, expect, test, vi } from 'vitest'
import { awsLatency } from './calibration/awsLatency.ts'
import { constantLatency, distributedLatency, matrixLatency } from './latency.ts'
import { createNetwork, type Network, type NetworkOptions } from './network.ts'
import type { Place } from './places.ts'

type Arrival = { at: number; to: number; from: number; message: string }
type Bench = { simulation: Simulation; network: Network<string>; arrivals: Arrival[] }

const placesOf = (count: number, uplinkBytesPerSecond?: number): Place[] =>
  Array.from({ length: count }, (_, node) => ({
    name: `node ${node}`,
    attributes: { region: 'somewhere', operator: 'o' },
    uplinkBytesPerSecond,
  }))

/** A network that writes down what arrives. Links take 10 ms unless told otherwise. */
function createBench(options: Partial<NetworkOptions<string>> = {}, seed = 'net'): Bench {
  const simulation = createSimulation({ seed })
  const arrivals: Arrival[] = []
  const network = createNetwork<string>(simulation, {
    name: 'net',
    places: placesOf(4),
    latency: constantLatency(ms(10)),
    deliver: (to, from, message) => arrivals.push({ at: simulation.now(), to, from, message }),
    ...options,
  })
  return { simulation, network, arrivals }
}

describe('one to one and to everybody', () => {
  test('default', () => {
    const { simulation, network, arrivals } = createBench()
    network.send(0, 2, 'hello', 100)
    network.broadcast(3, 'all', 10)
    simulation.run()
    expect(arrivals).toEqual([
      { at: ms(10), to: 2, from: 0, message: 'hello' },
      { at: ms(10), to: 0, from: 3, message: 'all' },
      { at: ms(10), to: 1, from: 3, message: 'all' },
      { at: ms(10), to: 2, from: 3, message: 'all' },
    ])
    expect(network.counters()).toEqual({
      sent: 4,
      delivered: 4,
      dropped: 0,
      duplicates: 0,
      bytes: 130,
    })
    expect(network.typicalLatency(0, 1)).toBe(ms(10))
  })

  test('a message is delivered by reference', () => {
    const simulation = createSimulation({ seed: 'reference' })
    const seen: object[] = []
    const network = createNetwork<object>(simulation, {
      name: 'net',
      places: placesOf(3),
      latency: constantLatency(1),
      deliver: (_to, _from, message) => seen.push(message),
    })
    const message = Object.freeze({ text: 'one object' })
    network.broadcast(0, message, 1)
    simulation.run()
    expect(seen).toHaveLength(2)
    for (const each of seen) expect(each).toBe(message)
  })
})

describe('order', () => {
  const latency = distributedLatency({ kind: 'exponential', mean: 50 })
  const order = (fifo: boolean): number[] => {
    const { simulation, network, arrivals } = createBench({ latency, fifo })
    for (let index = 0; index < 200; index++) {
      simulation.run({ until: ms(index) })
      network.send(0, 1, `${index}`, 1)
    }
    simulation.run()
    return arrivals.map(({ message }) => Number(message))
  }
  const sorted = Array.from({ length: 200 }, (_, index) => index)

  test('without `fifo`, messages overtake each other', () => {
    expect(order(false)).not.toEqual(sorted)
    expect(order(false).sort((one, other) => one - other)).toEqual(sorted)
  })

  test('with `fifo`, they arrive as they were sent, none earlier than alone', () => {
    expect(order(true)).toEqual(sorted)
  })

  test('`fifo` holds per pair: another sender is not held up', () => {
    const delays = [ms(100), ms(1), ms(1)]
    const slowFirst = { sample: () => delays.shift()!, typical: () => 0 }
    const { simulation, network, arrivals } = createBench({ latency: slowFirst, fifo: true })
    network.send(0, 1, 'slow', 1)
    network.send(0, 1, 'behind', 1)
    network.send(2, 1, 'other', 1)
    simulation.run()
    expect(arrivals.map(({ at, message }) => [at, message])).toEqual([
      [ms(1), 'other'],
      [ms(100), 'slow'],
      [ms(100), 'behind'],
    ])
  })
})

describe('bandwidth', () => {
  test('store and forward: copy k of B bytes at rate C arrives at k · B / C + latency', () => {
    const { simulation, network, arrivals } = createBench({ places: placesOf(4, 1_000_000) })
    network.broadcast(0, 'block', 250_000)
    simulation.run()
    const transmission = ms(250)
    expect(arrivals.map(({ at, to }) => [to, at])).toEqual([
      [1, transmission + ms(10)],
      [2, 2 * transmission + ms(10)],
      [3, 3 * transmission + ms(10)],
    ])
  })

  test('the uplink is free again when the queue is empty', () => {
    const { simulation, network, arrivals } = createBench({ places: placesOf(2, 1_000) })
    network.send(0, 1, 'first', 100)
    simulation.run({ until: ms(50) })
    network.send(0, 1, 'second', 100)
    simulation.run({ until: seconds(1) })
    network.send(0, 1, 'third', 3)
    network.send(1, 0, 'back', 3)
    simulation.run()
    expect(arrivals.map(({ at }) => at)).toEqual([ms(110), ms(210), ms(1_013), ms(1_013)])
  })

  test('a transmission takes a whole number of µs, rounded up', () => {
    const { simulation, network, arrivals } = createBench({ places: placesOf(2, 3_000_000) })
    network.send(0, 1, 'one byte', 1)
    simulation.run()
    expect(arrivals[0]!.at).toBe(ms(10) + 1)
  })
})

describe('loss', () => {
  test('a link loses the share that it is told to', () => {
    const { simulation, network, arrivals } = createBench({ lossProbability: 0.2 })
    const count = 20_000
    for (let index = 0; index < count; index++) network.send(0, 1, 'x', 1)
    simulation.run()
    const lost = count - arrivals.length
    expect(Math.abs(lost / count - 0.2)).toBeLessThan(2.576 * Math.sqrt((0.2 * 0.8) / count))
    const delivered = count - lost
    expect(network.counters()).toMatchObject({ sent: count, dropped: lost, delivered })
    network.setLossProbability(0)
    for (let index = 0; index < 100; index++) network.send(0, 1, 'x', 1)
    simulation.run()
    expect(arrivals.length).toBe(delivered + 100)
  })
})

describe('nodes that are down', () => {
  test('neither send nor receive', () => {
    const onChange = vi.fn<(node: number, up: boolean) => void>()
    const { simulation, network, arrivals } = createBench({ onChange })
    network.takeDown(1)
    expect(network.isUp(1)).toBe(false)
    network.send(1, 0, 'from', 1)
    network.send(0, 1, 'to', 1)
    simulation.run()
    expect(arrivals).toEqual([])
    // What a node that is down would send is not sent.
    expect(network.counters()).toMatchObject({ sent: 1, bytes: 1, dropped: 1, delivered: 0 })
    network.bringUp(1)
    network.send(0, 1, 'again', 1)
    simulation.run()
    expect(arrivals.map(({ message }) => message)).toEqual(['again'])
    expect(onChange.mock.calls).toEqual([
      [1, false],
      [1, true],
    ])
  })

  test('a change that is none is not announced', () => {
    const onChange = vi.fn<(node: number, up: boolean) => void>()
    const { network } = createBench({ onChange })
    network.bringUp(0)
    network.takeDown(0)
    network.takeDown(0)
    expect(onChange.mock.calls).toEqual([[0, false]])
  })

  test('what is on its way arrives if the receiver is up by then', () => {
    const { simulation, network, arrivals } = createBench()
    network.send(0, 1, 'lost', 1)
    network.takeDown(1)
    simulation.run({ until: ms(15) })
    network.send(0, 1, 'kept', 1)
    network.bringUp(1)
    simulation.run()
    expect(arrivals.map(({ message }) => message)).toEqual(['kept'])
  })
})

describe('groups', () => {
  test('messages between groups are dropped until they are one again', () => {
    const { simulation, network, arrivals } = createBench()
    network.assignGroup(2, 1)
    network.assignGroup(3, 1)
    for (const from of [0, 1, 2, 3]) network.broadcast(from, `${from}`, 1)
    simulation.run()
    expect(arrivals.map(({ to, from }) => [from, to])).toEqual([
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ])
    expect(network.counters()).toMatchObject({ delivered: 4, dropped: 8 })
    network.assignGroup(2, 0)
    network.send(0, 2, 'again', 1)
    simulation.run()
    expect(arrivals.at(-1)!.message).toBe('again')
  })
})

describe('a run', () => {
  const places = awsLatency.regions.map((region) => ({
    name: region,
    attributes: { region, operator: 'o' },
  }))
  const run = (seed: string): { digest: string; arrivals: Arrival[] } => {
    const latency = matrixLatency({ places, matrix: awsLatency })
    const { simulation, network, arrivals } = createBench(
      { places, latency, lossProbability: 0.05 },
      seed,
    )
    for (let from = 0; from < places.length; from++) network.broadcast(from, `${from}`, 10)
    simulation.run()
    return { digest: simulation.digest(), arrivals }
  }

  test('the same seed gives the same run, another seed another', () => {
    expect(run('a')).toEqual(run('a'))
    expect(run('a').digest).not.toBe(run('b').digest)
  })
})
