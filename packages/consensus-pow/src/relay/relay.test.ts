import { fuzzParameters } from '@counterpoise/dev'
import { createStream } from '@counterpoise/engine'
import { type Latency, randomTopology } from '@counterpoise/network'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRelayRun } from './testing.ts'

const megabyte = 1_000_000
const line: [number, number][] = [
  [0, 1],
  [1, 2],
]

/** Everything in ms: a link takes 100, a megabyte 1,000 up and 500 down. */
const run = (parameters: Parameters<typeof createRelayRun>[0]['parameters'], bytes = megabyte) => {
  const relay = createRelayRun({
    size: 3,
    edges: line,
    parameters,
    up: megabyte,
    down: 2 * megabyte,
  })
  relay.network.broadcast(0, 'block', bytes)
  relay.simulation.run()
  const arrived = relay.arrived('block')!.map((time) => time / 1_000)
  return { ...relay, times: arrived, counters: relay.network.broadcastCounters() }
}

describe('along a line, to the microsecond', () => {
  test('inv: 1.5 round trips, uplink and downlink for each hop', () => {
    expect(run({ mode: 'inv' }).times).toEqual([0, 1_800, 3_600])
  })

  test('headersFirst: one round trip more', () => {
    expect(run({ mode: 'headersFirst' }).times).toEqual([0, 2_000, 4_000])
  })

  test('sendHeaders: as many as inv', () => {
    expect(run({ mode: 'sendHeaders' }).times).toEqual([0, 1_800, 3_600])
  })

  test('push by the miner: half a round trip for the first hop', () => {
    expect(run({ mode: 'push' }).times).toEqual([0, 1_600, 3_400])
  })

  test('push by everybody: for every hop', () => {
    expect(run({ mode: 'push', pushBy: 'everybody' }).times).toEqual([0, 1_600, 3_200])
  })

  test('checks delay what comes after', () => {
    expect(run({ mode: 'inv', checkMs: 10, checkMsPerMegabyte: 30 }).times).toEqual([
      0, 1_800, 3_640,
    ])
  })

  test('cut through: the slower end counts, once', () => {
    expect(run({ mode: 'inv', transfer: 'cutThrough' }).times).toEqual([0, 1_300, 2_600])
    expect(run({ mode: 'inv', transfer: 'cutThrough', sendMs: 2 }).times).toEqual([
      0, 1_302, 2_604,
    ])
  })

  const compact = { bytes: 20_000, reconstruction: 1, highBandwidthPeers: 0 }

  test('compact, low bandwidth: 1.5 round trips, 20 + 10 ms of transfer', () => {
    const { times } = run({ mode: 'compact', compact })
    expect(times).toEqual([0, 330, 660])
  })

  test('compact, all transactions missing: one round trip and the block more', () => {
    const missing = { ...compact, reconstruction: 0, missingShare: [[0, 0.5] as [number, number]] }
    // 330, then 100 there, 500 up, 100 back, 250 down.
    expect(run({ mode: 'compact', compact: missing }).times).toEqual([0, 1_280, 2_560])
  })

  test('compact, high bandwidth: from the second block on half a round trip, before checks', () => {
    const parameters = {
      mode: 'compact' as const,
      compact: { ...compact, highBandwidthPeers: 3 },
      checkMs: 1_000,
    }
    const { times, network, simulation, arrived } = run(parameters)
    expect(times).toEqual([0, 330, 1_660])
    const start = simulation.now()
    network.broadcast(0, 'second', megabyte)
    simulation.run()
    expect(arrived('second')!.map((time) => (time - start) / 1_000)).toEqual([0, 130, 260])
  })

  test('nodes that know no compact blocks get whole ones', () => {
    const { times } = run({ mode: 'compact', compact: { ...compact, usage: 0 } })
    expect(times).toEqual([0, 1_800, 3_600])
  })

  test('an overlay among miners: past the checks of those between', () => {
    const relay = createRelayRun({
      size: 3,
      edges: line,
      miners: [0, 2],
      parameters: {
        mode: 'inv',
        overlay: { latencyFactor: 0.5, extraMs: 1, bytesFixed: 1_000, bytesPerTransaction: 0 },
      },
      up: megabyte,
      down: megabyte,
    })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    // 1 ms up, 50 + 1 on its way, 1 down; the uplink is free for node 1 long before it asks.
    expect(relay.arrived('block')![2]).toBe(53_000)
    expect(relay.arrived('block')![1]).toBe(2_300_000)
  })
})

test('bytes: what is sent is what the modes say', () => {
  const { counters } = run({ mode: 'inv' })
  // Two announcements, two requests; two blocks.
  expect(counters).toMatchObject({ published: 1, delivered: 2, duplicates: 0 })
  expect(counters.controlBytes).toBe(4 * 61)
  expect(counters.bytes).toBe(2 * megabyte + 4 * 61)
})

test('an uplink sends one block after the other, in the order of the requests', () => {
  const star: [number, number][] = [1, 2, 3].map((node) => [0, node])
  const relay = createRelayRun({ size: 4, edges: star, parameters: { mode: 'inv' }, up: megabyte })
  relay.network.broadcast(0, 'block', megabyte)
  relay.simulation.run()
  expect(relay.arrived('block')).toEqual([0, 1_300_000, 2_300_000, 3_300_000])
})

test('a downlink takes in one block after the other, in the order of their arrival', () => {
  const edges: [number, number][] = [
    [0, 2],
    [1, 2],
  ]
  const relay = createRelayRun({ size: 3, edges, parameters: { mode: 'inv' }, down: megabyte })
  relay.network.broadcast(0, 'large', 5 * megabyte)
  relay.simulation.run({ until: 50_000 })
  relay.network.broadcast(1, 'small', megabyte)
  relay.simulation.run()
  expect(relay.arrived('large')![2]).toBe(5_300_000)
  expect(relay.arrived('small')![2]).toBe(6_300_000)
})

/** A straight-line reference: Dijkstra's algorithm over hops of given lengths. */
function shortest(size: number, hop: (from: number, to: number) => number | undefined): number[] {
  const times = Array.from({ length: size }, (_, node) => (node === 0 ? 0 : Infinity))
  const isDone = Array.from({ length: size }, () => false)
  for (let round = 0; round < size; round++) {
    let nearest = -1
    times.forEach((time, node) => {
      if (!isDone[node] && (nearest === -1 || time < times[nearest]!)) nearest = node
    })
    isDone[nearest] = true
    for (let to = 0; to < size; to++) {
      const length = hop(nearest, to)
      if (length !== undefined) times[to] = Math.min(times[to]!, times[nearest]! + length)
    }
  }
  return times
}

test('property: with unlimited bandwidth, blocks take the shortest ways', () => {
  const modes = { push: 1, inv: 3, headersFirst: 5 } as const
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.constantFrom<keyof typeof modes>('push', 'inv', 'headersFirst'),
      (size, outgoing, seed, mode) => {
        const stream = createStream({ seed: `${seed}`, replication: 0, purpose: 'links' })
        const degree = Math.min(outgoing, size - 1)
        const topology = randomTopology({ size, outgoing: degree, stream })
        const lengths = Array.from({ length: size * size }, () => 1_000 + stream.below(200_000))
        // The same both ways: an announcement that comes first then brings the block first.
        const length = (from: number, to: number): number =>
          lengths[Math.min(from, to) * size + Math.max(from, to)]!
        const latency: Latency = { sample: length, typical: length, least: () => 1_000 }
        const relay = createRelayRun({
          size,
          topology,
          latency,
          parameters: { mode, pushBy: 'everybody', checkMs: 7 },
        })
        relay.network.broadcast(0, 'block', megabyte)
        relay.simulation.run()
        // Who hears first asks first: the way of announcements is the way of blocks.
        const announced = Array.from({ length: size }, () => Infinity)
        const had = Array.from({ length: size }, () => Infinity)
        if (mode === 'push') {
          const hop = (from: number, to: number): number | undefined =>
            topology.neighbours(from).includes(to)
              ? length(from, to) + (from === 0 ? 0 : 7_000)
              : undefined
          expect(relay.arrived('block')).toEqual(shortest(size, hop))
          return
        }
        had[0] = 0
        const asked = new Set<number>([0])
        const passed = new Set<number>()
        const sources = Array.from({ length: size }, () => -1)
        // Straight line: the next thing that happens is an announcement or a pass-on.
        for (;;) {
          let next: { at: number; node: number; what: 'hear' | 'pass' } | undefined
          for (let node = 0; node < size; node++) {
            const ready = had[node]! + (node === 0 ? 0 : 7_000)
            const hear = asked.has(node) ? Infinity : announced[node]!
            const pass = passed.has(node) ? Infinity : ready
            if (pass < (next?.at ?? Infinity)) next = { at: pass, node, what: 'pass' }
            if (hear < (next?.at ?? Infinity)) next = { at: hear, node, what: 'hear' }
          }
          if (next === undefined) break
          const { at, node, what } = next
          if (what === 'pass') {
            passed.add(node)
            for (const to of topology.neighbours(node)) {
              if (at + length(node, to) >= announced[to]!) continue
              announced[to] = at + length(node, to)
              sources[to] = node
            }
          } else {
            asked.add(node)
            had[node] = at + (modes[mode] - 1) * length(node, sources[node]!)
          }
        }
        expect(relay.arrived('block')).toEqual(had)
      },
    ),
    fuzzParameters(60),
  )
})

test('behind Tor: messages take longer, those of miners do not', () => {
  const relay = createRelayRun({
    size: 3,
    edges: line,
    miners: [0, 1],
    parameters: { mode: 'inv', tor: { share: 1, extraMs: 300 } },
  })
  relay.network.broadcast(0, 'block', megabyte)
  relay.simulation.run()
  const [, near, far] = relay.arrived('block')!
  expect(near).toBe(300_000)
  expect(far).toBeGreaterThan(600_001)
})
