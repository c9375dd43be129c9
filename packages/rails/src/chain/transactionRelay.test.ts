import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createSimulation,
  createStream,
  exp,
  exponential,
  ms,
  seconds,
  type Time,
} from '@counterpoise/engine'
import {
  bitcoinTopology,
  constantLatency,
  distributedLatency,
  edgeTopology,
} from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { type RelaySchedule, relaySchedules } from './relaySchedule.ts'
import { createTransactionRelay, type TransactionRelay } from './transactionRelay.ts'

const root = join(import.meta.dirname, '../../../..')
const data = process.env['COUNTERPOISE_DATA'] ?? join(root, '../shared/data')
const file = join(data, 'kit-dsn-bitcoin/inv_propagation_hourly_N.csv')

const streamOf = (purpose: string) => createStream({ seed: 'relay', replication: 0, purpose })

/** Two nodes; when the second one gets each of many transactions that the first one has got. */
function delaysOverOneLink(schedule: RelaySchedule, count: number, name: string) {
  const simulation = createSimulation({ seed: name })
  const arrivals: Time[] = []
  const relay = createTransactionRelay(simulation, {
    name,
    topology: edgeTopology({ size: 2, edges: [[0, 1]] }),
    latency: constantLatency(ms(50)),
    schedule,
    isUp: () => true,
    receive: (node, id) => {
      if (node === 1) arrivals[id] = simulation.now() - seconds(100) * id
      return true
    },
  })
  for (let id = 0; id < count; id++) {
    simulation.run({ until: seconds(100) * id })
    relay.originate(0, id)
  }
  simulation.run()
  return arrivals
}

describe('faulty links', () => {
  const nodes = 4
  /** A ring of four; when each node got a transaction that the first one has from the start. */
  function arrivalsOf(prepare: (parts: {
    relay: TransactionRelay
    run: (until: Time) => void
  }) => void): (Time | undefined)[] {
    const simulation = createSimulation({ seed: 'faults' })
    const arrivals: (Time | undefined)[] = Array.from({ length: nodes })
    const relay = createTransactionRelay(simulation, {
      name: 'faults',
      topology: edgeTopology({ size: nodes, edges: [[0, 1], [1, 2], [2, 3], [0, 3]] }),
      latency: constantLatency(ms(50)),
      schedule: relaySchedules.v21,
      isUp: () => true,
      receive: (node) => {
        arrivals[node] = simulation.now()
        return true
      },
    })
    prepare({ relay, run: (until) => simulation.run({ until }) })
    simulation.run()
    return arrivals
  }

  test('default: a node that is cut off gets it when the cut is over, and passes it on', () => {
    const arrivals = arrivalsOf(({ relay, run }) => {
      const end = relay.addLinkFault({ cut: 'drop', between: [[0, 1], [2, 3]] })
      relay.originate(0, 7)
      run(seconds(500))
      expect([1, 2, 3].map((node) => relay.has(node, 7))).toEqual([true, false, false])
      end()
    })
    for (const node of [2, 3]) {
      expect(arrivals[node]).toBeGreaterThan(seconds(500))
      expect(arrivals[node]).toBeLessThan(seconds(560))
    }
  })

  test('behavior: it goes around a link that is cut', () => {
    const arrivals = arrivalsOf(({ relay }) => {
      relay.addLinkFault({ cut: 'hold', between: [[0], [1]] })
      relay.originate(0, 7)
    })
    expect(arrivals[1]).toBeGreaterThan(arrivals[2]!)
    expect(arrivals[2]).toBeGreaterThan(arrivals[3]!)
  })

  test('behavior: where messages are lost, they are sent again', () => {
    const arrivals = arrivalsOf(({ relay }) => {
      relay.addLinkFault({ loss: 0.8, from: [0, 1, 2, 3], bothWays: true })
      relay.originate(0, 7)
    })
    for (const node of [1, 2, 3]) expect(arrivals[node]).toBeGreaterThan(0)
  })

  test('behavior: a delay of links counts each of the three ways', () => {
    const arrivals = (extra: number): (Time | undefined)[] =>
      arrivalsOf(({ relay }) => {
        const delay = { kind: 'constant', value: extra } as const
        relay.addLinkFault({ delay, from: [0, 1, 2, 3], bothWays: true })
        relay.originate(0, 7)
      })
    // Who hears of it first is a neighbour.
    const first = (extra: number): Time => Math.min(...arrivals(extra).slice(1).map(Number))
    expect(first(40) - first(0)).toBe(ms(120))
  })
})

describe('over one link', () => {
  test('an exponential wait, three ways, and two seconds where the other side opened', () => {
    const delays = delaysOverOneLink(relaySchedules.v21, 4_000, 'link')
    expect(delays).toHaveLength(4_000)
    const least = Math.min(...delays)
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    // Whoever opened the connection announces every 2 s and is asked after 2 s; or it is 5 s and 0.
    const isOpener = least >= seconds(2)
    const [wait, fixed] = isOpener ? [2, 2.15] : [5, 0.15]
    expect(least / 1e6).toBeGreaterThanOrEqual(fixed)
    // The mean of 4,000 exponential waits is within 2.58 standard errors, of a 63rd each.
    expect(Math.abs(mean / 1e6 - fixed - wait)).toBeLessThan((2.58 * wait) / Math.sqrt(4_000))
    const early = delays.filter((delay) => delay / 1e6 - fixed < wait).length / delays.length
    expect(Math.abs(early - (1 - exp(-1)))).toBeLessThan(0.02)
  })

  test('behavior: what is handed over before a timer goes in one announcement', () => {
    const simulation = createSimulation({ seed: 'batch' })
    const arrivals: Time[] = []
    const relay = createTransactionRelay(simulation, {
      name: 'batch',
      topology: edgeTopology({ size: 2, edges: [[0, 1]] }),
      latency: constantLatency(ms(50)),
      schedule: relaySchedules.v21,
      isUp: () => true,
      receive: (node) => {
        if (node === 1) arrivals.push(simulation.now())
        return true
      },
    })
    for (let id = 0; id < 500; id++) relay.originate(0, id)
    simulation.run()
    expect(new Set(arrivals).size).toBe(1)
    expect(arrivals).toHaveLength(500)
    expect(simulation.events()).toBeLessThan(8)
  })
})

type Network = {
  size: number
  /** How many of the nodes accept connections. */
  listening: number
  count: number
  name: string
}

/**
 * Delays of transactions to the listening nodes, s: until they have them; and as a monitor that
 * is connected to each of them hears of them, by the timer for inbound peers, from the first time.
 */
function spread(schedule: RelaySchedule, { size, listening, count, name }: Network) {
  const simulation = createSimulation({ seed: name })
  const monitor = streamOf(`${name}/monitor`)
  const held: number[][] = Array.from({ length: count }, () => [])
  const relay = createTransactionRelay(simulation, {
    name,
    topology: bitcoinTopology({ size, listening, stream: streamOf(name) }).transactions,
    latency: distributedLatency({ kind: 'lognormal', median: 60, sigma: 0.6 }),
    schedule,
    isUp: () => true,
    receive: (node, id) => {
      if (node < listening) held[id]!.push(simulation.now() / 1e6 - 200 * id)
      return true
    },
  })
  for (let id = 0; id < count; id++) {
    simulation.run({ until: seconds(200) * id })
    relay.originate((id * 7) % size, id)
  }
  simulation.run()
  const mean = schedule.inboundInterval / 1e6
  const heard = held.flatMap((times) => {
    const all = times.map((time) =>
      monitor.chance(schedule.immediateShare) ? time : time + exponential(monitor, mean),
    )
    const first = Math.min(...all)
    return all.map((time) => time - first)
  })
  const quantileOf = (sample: number[]) => {
    const sorted = sample.sort((a, b) => a - b)
    return (share: number) => sorted[Math.floor(share * sorted.length)]!
  }
  const first = (times: number[]): number[] => times.map((time) => time - Math.min(...times))
  return {
    reached: held.map((times) => times.length),
    held: quantileOf(held.flatMap(first)),
    heard: quantileOf(heard),
  }
}

describe('over a network', () => {
  test('everybody gets every transaction, once', () => {
    const { reached } = spread(relaySchedules.v21, {
      ...{ size: 200, listening: 200, count: 10, name: 'all' },
    })
    expect(reached).toEqual(Array.from({ length: 10 }, () => 200))
  })

  // bitcoinstats.com on two days of 2014: p50 0.9 and 0.80 s, p75 1.5 and 1.39, p90 2.6 and 3.27.
  test('as measured in 2014', () => {
    const { heard } = spread(relaySchedules.v9, {
      ...{ size: 600, listening: 600, count: 20, name: '2014' },
    })
    expect(heard(0.5)).toBeGreaterThan(0.6)
    expect(heard(0.5)).toBeLessThan(1.1)
    expect(heard(0.75)).toBeGreaterThan(1.1)
    expect(heard(0.75)).toBeLessThan(1.9)
    expect(heard(0.9)).toBeGreaterThan(2)
    expect(heard(0.9)).toBeLessThan(3.3)
  })

  test('as measured from 2024 to 2025', ({ skip }) => {
    if (!existsSync(file)) skip(`No ${file}: set COUNTERPOISE_DATA to the data's folder.`)
    const [header, ...rows] = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    /** What nine of ten hours of the monitor at KIT have, s. */
    const rangeOf = (column: string): [number, number] => {
      const index = header!.indexOf(column)
      const values = rows.map((row) => Number(row[index]) / 1e3).sort((a, b) => a - b)
      const at = (share: number): number => values[Math.floor(values.length * share)]!
      return [at(0.05), at(0.95)]
    }
    // Five nodes that accept no connections for each one that does: assumed.
    const { heard } = spread(relaySchedules.v21, {
      ...{ size: 1_800, listening: 300, count: 12, name: '2025' },
    })
    const columns = { tx_p50_ms: 0.5, tx_p90_ms: 0.9, tx_p99_ms: 0.99 }
    for (const [column, share] of Object.entries(columns)) {
      const [low, high] = rangeOf(column)
      expect(heard(share)).toBeGreaterThan(low)
      expect(heard(share)).toBeLessThan(high)
    }
  })

  test('behavior: a node that is down gets nothing and passes nothing on', () => {
    const simulation = createSimulation({ seed: 'down' })
    const got: number[] = []
    const relay = createTransactionRelay(simulation, {
      name: 'down',
      topology: edgeTopology({ size: 3, edges: [[0, 1], [1, 2]] }),
      latency: constantLatency(ms(50)),
      schedule: relaySchedules.v21,
      isUp: (node) => node !== 1,
      receive: (node) => got.push(node) > 0,
    })
    relay.originate(0, 0)
    simulation.run()
    expect([got, relay.has(1, 0)]).toEqual([[0], false])
  })

  test('behavior: what a node does not pass on stays there', () => {
    const simulation = createSimulation({ seed: 'stays' })
    const relay = createTransactionRelay(simulation, {
      name: 'stays',
      topology: edgeTopology({ size: 3, edges: [[0, 1], [1, 2]] }),
      latency: constantLatency(ms(50)),
      schedule: relaySchedules.v21,
      isUp: () => true,
      receive: (node) => node !== 1,
    })
    relay.originate(0, 0)
    simulation.run()
    expect([relay.has(1, 0), relay.has(2, 0)]).toEqual([true, false])
  })
})
