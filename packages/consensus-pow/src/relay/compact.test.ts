import { createSimulation } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createCompactBlocks } from './compact.ts'
import { relayParameters } from './parameters.ts'
import { rowsOf } from './rows.ts'
import { createRelayRun } from './testing.ts'

type Compact = NonNullable<Parameters<typeof relayParameters.parse>[0]>
const size = 400
const nodes = Array.from({ length: size }, (_, node) => node)
const open = (compact: object): ReturnType<typeof createCompactBlocks> =>
  createCompactBlocks(
    createSimulation({ seed: 'compact' }),
    'relay',
    rowsOf(undefined, size),
    relayParameters.parse({ mode: 'compact', compact } as Compact),
  )

describe('what a compact block is', () => {
  test('its size: a header and six bytes a transaction, at most the block', () => {
    const { bytes } = open({})
    expect(bytes(522_400)).toBe(391 + 6_000)
    expect(bytes(100)).toBe(391)
    const fixed = open({ bytes: 18_000 })
    expect(fixed.bytes(1_000_000)).toBe(18_000)
    expect(fixed.bytes(1_000)).toBe(1_000)
  })

  test('how much is missing does not depend on how seldom something is', () => {
    const missingShare = [
      [0, 0.1],
      [0.5, 0.1],
      [0.5, 0.3],
      [1, 0.3],
    ]
    const { missingBytes, reconstructs } = open({ reconstruction: 0.75, missingShare })
    const sizes = Array.from({ length: 20 }, (_, block) => block).flatMap((block) =>
      nodes.flatMap((node) => (reconstructs(node, block) ? [] : [missingBytes(node, block, 10)])),
    )
    const few = sizes.filter((bytes) => bytes === 1).length
    expect(new Set(sizes)).toEqual(new Set([1, 3]))
    // A quarter of 8,000, and half of these; 99 %.
    expect(Math.abs(sizes.length - 2_000)).toBeLessThan(2.576 * Math.sqrt(8_000 * 0.25 * 0.75))
    expect(Math.abs(few / sizes.length - 0.5)).toBeLessThan((2.576 * 0.5) / Math.sqrt(sizes.length))
  })

  test('what is missing lies on lines between the quantiles', () => {
    const missingShare = [
      [0, 0.2],
      [1, 0.6],
    ]
    const { missingBytes } = open({ missingShare })
    const sizes = nodes.map((node) => missingBytes(node, 7, 10_000))
    expect(Math.min(...sizes)).toBeLessThan(2_200)
    expect(Math.max(...sizes)).toBeGreaterThan(5_800)
    const mean = sizes.reduce((sum, each) => sum + each, 0) / size
    // Evenly between 2,000 and 6,000: a deviation of 1,155.
    expect(Math.abs(mean - 4_000)).toBeLessThan((2.576 * 1_155) / Math.sqrt(size))
  })

  test('unreliable nodes reconstruct less often', () => {
    const { reconstructs } = open({
      ...{ reconstruction: 1, unreliableShare: 0.5, unreliableReconstruction: 0 },
    })
    const reliable = nodes.filter((node) => reconstructs(node, 1))
    expect(Math.abs(reliable.length / size - 0.5)).toBeLessThan(2.576 * Math.sqrt(0.25 / size))
    expect(nodes.filter((node) => reconstructs(node, 2))).toEqual(reliable)
  })
})

test('behavior: missing transactions that never come are asked for elsewhere', () => {
  const megabyte = 1_000_000
  const relay = createRelayRun({
    size: 3,
    edges: [
      [0, 1],
      [0, 2],
      [1, 2],
    ],
    parameters: {
      mode: 'compact',
      requestTimeoutMs: 5_000,
      compact: { bytes: 1_000, reconstruction: 0, missingShare: [[0, 0.5]] },
    },
  })
  const { network, simulation } = relay
  // From now on nodes 1 and 2 let node 0 push to them.
  network.broadcast(0, 'first', megabyte)
  simulation.run()
  const start = simulation.now()
  network.addLinkFault({ from: [1], to: [0], cut: 'drop' })
  network.broadcast(0, 'second', megabyte)
  simulation.run()
  const [, late, early] = relay.arrived('second')!.map((time) => time - start)
  // Pushed at 100 ms, asked, answered. Node 1 asks node 2 after 5 s, for the block and the rest.
  expect(early).toBe(300_000)
  expect(late).toBe(5_400_000)
})

test('behavior: an overlay does not wait behind blocks in the uplink', () => {
  const megabyte = 1_000_000
  const relay = createRelayRun({
    size: 3,
    edges: [[0, 2]],
    miners: [0, 1],
    up: megabyte,
    parameters: { mode: 'push', overlay: { bytesFixed: 1_000, bytesPerTransaction: 0 } },
  })
  const { network, simulation } = relay
  network.broadcast(0, 'first', megabyte)
  simulation.run({ until: 500_000 })
  network.broadcast(0, 'second', megabyte)
  simulation.run()
  // Half of the first block is still to be sent to node 2.
  expect(relay.arrived('second')).toEqual([500_000, 601_000, 2_100_000])
})

test('behavior: an overlay passes on what has come from outside, and no more', () => {
  const relay = createRelayRun({
    size: 3,
    edges: [],
    miners: [0, 1, 2],
    parameters: { mode: 'inv', overlay: { bytesFixed: 1_000, bytesPerTransaction: 0 } },
  })
  relay.network.broadcast(0, 'block', 1_000_000)
  relay.simulation.run()
  expect(relay.network.broadcastCounters()).toMatchObject({ delivered: 2, bytes: 2_000 })
})
