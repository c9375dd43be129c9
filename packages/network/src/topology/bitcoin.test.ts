import { fuzzParameters } from '@counterpoise/dev'
import { createStream, type Stream } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simBlockOutgoing } from '../calibration/degreeHistograms.ts'
import { bitcoinTopology, type BitcoinTopologyOptions } from './bitcoin.ts'
import { degreesOf } from './degrees.ts'
import { topologyStatistics } from './statistics.ts'

const streamOf = (seed: string): Stream => createStream({ seed, replication: 0, purpose: 'links' })
const make = (options: Omit<BitcoinTopologyOptions, 'stream'>, seed = 'b') =>
  bitcoinTopology({ ...options, stream: streamOf(seed) })

describe('bitcoinTopology', () => {
  test('opens 8 and 2, and keeps to the limits', () => {
    const graph = make({ size: 2_000 })
    const all = topologyStatistics(graph)
    expect(all.links).toBe(20_000)
    expect(all.components).toEqual([2_000])
    expect(all.degree.least).toBeGreaterThanOrEqual(10)
    expect(all.degree.most).toBeLessThanOrEqual(125)
    const carrying = topologyStatistics(graph.transactions)
    expect(carrying.links).toBe(16_000)
    expect(carrying.components).toEqual([2_000])
    // Inbound connections are nearly Poisson: the mean is 10, and so is the variance.
    const inbound = Array.from(graph.outbound, (own, node) => graph.neighbours(node).length - own)
    const variance = inbound.reduce((sum, count) => sum + (count - 10) * (count - 10), 0) / 2_000
    expect(variance).toBeGreaterThan(8)
    expect(variance).toBeLessThan(12)
  })

  test('few that listen take many, up to the limit', () => {
    const graph = make({ size: 1_000, listening: 100, mostInbound: 105 })
    for (let node = 0; node < 1_000; node++) {
      const inbound = graph.neighbours(node).length - 10
      expect(inbound).toBeLessThanOrEqual(node < 100 ? 105 : 0)
    }
    expect(topologyStatistics(graph).degree.most).toBe(115)
  })

  test('who opens few still accepts no more than 117', () => {
    // Three that listen, and next to no room left.
    const graph = make({ size: 350, outgoing: 1, blockRelayOnly: 0, listening: 3 }, 'inbound')
    const inbound = [0, 1, 2].map((node) => graph.neighbours(node).length - 1)
    expect(inbound.reduce((sum, count) => sum + count, 0)).toBe(350)
    expect(Math.max(...inbound)).toBe(117)
  })

  test('each node may open as many as it likes', () => {
    const outgoing = degreesOf(simBlockOutgoing, 500, streamOf('o'))
    const graph = make({ size: 500, outgoing, blockRelayOnly: 0, mostInbound: 30 })
    expect([...graph.outbound]).toEqual([...outgoing])
    expect(topologyStatistics(graph).links).toBe(outgoing.reduce((a, b) => a + b, 0))
    expect(topologyStatistics(graph).components).toEqual([500])
    expect([...graph.targets]).toEqual([...graph.transactions.targets])
  })

  test('property: limits, no link twice, in one piece', () => {
    const some = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(fc.nat({ max: 60 }), some, some, fc.string(), (more, outgoing, room, seed) => {
        const size = 30 + more
        const options = { size, outgoing, blockRelayOnly: 1, mostInbound: outgoing + 1 + room }
        const graph = make(options, seed)
        const { components, links, degree } = topologyStatistics(graph)
        expect(components).toEqual([size])
        expect(topologyStatistics(graph.transactions).components).toEqual([size])
        // A link that two nodes had opened to each other would count once.
        expect(links).toBe(size * (outgoing + 1))
        expect(degree.most).toBeLessThanOrEqual(options.mostInbound + outgoing + 1)
        expect(degree.least).toBeGreaterThanOrEqual(outgoing + 1)
      }),
      fuzzParameters(60),
    )
  })

  test('the same stream gives the same graph', () => {
    const rows = (seed: string): number[] => [...make({ size: 200 }, seed).targets]
    expect(rows('a')).toEqual(rows('a'))
    expect(rows('a')).not.toEqual(rows('b'))
  })

  test.each([
    [{ size: 100, listening: 8 }, /1000 connections are opened, but only 920 are accepted/],
    [{ size: 10, mostInbound: 20 }, /finds nobody for its connection/],
    [{ size: 100, outgoing: 130 }, /opens 132 connections, but may have 125 in all/],
    [{ size: 3, outgoing: [1, 1] }, /'outgoing'[^]*It is that of node 2/],
    [{ size: 1 }, /'size' of at least 2/],
  ])('error: %j', (options, message) => {
    expect(() => make(options)).toThrow(message)
  })
})
