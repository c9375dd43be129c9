import { createSimulation } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createCompactBlocks } from './compact.ts'
import { relayParameters } from './parameters.ts'
import { linkOf, rowsOf } from './rows.ts'
import { createRelayRun } from './testing.ts'

test('behavior: a node checks one block after the other', () => {
  // Two blocks reach node 1 after three hops of 100 ms; a check takes it a second.
  const { network, simulation, arrived } = createRelayRun({
    ...{ size: 4, parameters: { mode: 'inv', checkMs: 1_000 } },
    edges: [
      [0, 1],
      [2, 1],
      [1, 3],
    ],
  })
  network.broadcast(0, 'one', 1_000)
  network.broadcast(2, 'other', 1_000)
  simulation.run()
  const last = ['one', 'other'].map((block) => arrived(block)![3]! / 1_000)
  expect(last.sort((one, two) => one - two)).toEqual([1_600, 2_600])
})

const compact = { highBandwidthPeers: 0, reconstruction: 1 }

test.each([
  ['inv', 4 * 61],
  ['sendHeaders', 2 * 61 + 2 * 200],
  ['headersFirst', 4 * 61 + 2 * (61 + 200)],
  // Those who push to nobody announce by headers (BIP 152).
  ['compact', 2 * 61 + 2 * 200],
] as const)('behavior: %s says on a line of three nodes so many bytes', (mode, bytes) => {
  const { network, simulation } = createRelayRun({
    ...{ size: 3, parameters: { mode, invBytes: 61, headersBytes: 200, compact } },
    edges: [
      [0, 1],
      [1, 2],
    ],
  })
  network.broadcast(0, 'block', 1_000)
  simulation.run()
  expect(network.broadcastCounters().controlBytes).toBe(bytes)
})

describe('compact blocks', () => {
  const everybody = rowsOf(undefined, 200)
  const open = (compact: { usage?: number; highBandwidthPeers?: number }) =>
    createCompactBlocks(
      createSimulation({ seed: 'compact' }),
      'relay',
      everybody,
      relayParameters.parse({ mode: 'compact', compact }),
    )
  const nodes = Array.from({ length: 200 }, (_, node) => node)

  test('behavior: both ends must speak them', () => {
    const { isSpoken } = open({ usage: 0.5 })
    const speaks = nodes.map((node) => isSpoken(node, node))
    const share = speaks.filter(Boolean).length / nodes.length
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
    for (const from of nodes) {
      for (const to of nodes) expect(isSpoken(from, to)).toBe(speaks[from]! && speaks[to]!)
    }
  })

  test('behavior: nobody lets those push who do not speak them, nor who does not itself', () => {
    const { isPushed, isSpoken, prefer } = open({ usage: 0.5, highBandwidthPeers: 3 })
    const speaker = nodes.find((node) => isSpoken(node, node))!
    const mute = nodes.find((node) => !isSpoken(node, node))!
    for (const [node, peer] of [[speaker, mute], [mute, speaker]] as const) prefer(node, peer)
    expect(isPushed.includes(1)).toBe(false)
    const other = nodes.find((node) => node !== speaker && isSpoken(node, node))!
    prefer(speaker, other)
    expect(isPushed[linkOf(everybody, other, speaker)]).toBe(1)
  })

  test('behavior: the three peers that delivered last push', () => {
    const { isPushed, prefer } = open({ usage: 1, highBandwidthPeers: 3 })
    const pushing = (): number[] =>
      nodes.filter((peer) => isPushed[linkOf(everybody, peer, 0)] === 1)
    for (const peer of [1, 2, 3]) prefer(0, peer)
    expect(pushing()).toEqual([1, 2, 3])
    prefer(0, 4)
    expect(pushing()).toEqual([2, 3, 4])
    // It had delivered before: now it is the latest, and nobody goes.
    prefer(0, 2)
    expect(pushing()).toEqual([2, 3, 4])
    prefer(0, 5)
    expect(pushing()).toEqual([2, 4, 5])
  })
})
