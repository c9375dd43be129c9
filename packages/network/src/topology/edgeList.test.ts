import { fuzzParameters } from '@counterpoise/dev'
import { createStream } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomTopology } from '../topology.ts'
import { edgeTopology, formatTopology, readTopology } from './edgeList.ts'
import type { Graph } from './links.ts'
import { topologyStatistics } from './statistics.ts'

const rowsOf = ({ size, neighbours }: Graph): number[][] =>
  Array.from({ length: size }, (_, node) => [...neighbours(node)])

describe('readTopology', () => {
  test('reads commas, blanks, tabs, comments, a heading, repetitions, further columns', () => {
    const text = '# links\nfrom,to,ms\n0,1,12.5\r\n1 2\n\n2\t0\n2;1\n3 , 2\n'
    expect(rowsOf(readTopology(text))).toEqual([[1, 2], [0, 2], [0, 1, 3], [2]])
  })

  test('reads names, blanks and all', () => {
    const names = ['Frankfurt', 'New York', 'Tokyo']
    const text = 'one,other\nFrankfurt,New York\nTokyo,New York'
    expect(rowsOf(readTopology(text, { names }))).toEqual([[1], [0, 2], [1]])
    expect(() => readTopology(`${text}\nTokyo,Berlin`, { names })).toThrow(
      /Line 4[^]*the second is no known node[^]*Tokyo,Berlin/,
    )
  })

  test('property: reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.string(), (size, seed) => {
        const stream = createStream({ seed, replication: 0, purpose: 'links' })
        const graph = randomTopology({ size, outgoing: 1, stream })
        expect(rowsOf(readTopology(formatTopology(graph)))).toEqual(rowsOf(graph))
      }),
      fuzzParameters(40),
    )
  })

  test.each([
    ['0,1\n1', /Line 2 of the topology is no link: the second is no known node/],
    ['0,1\n1,x', /Line 2[^]*Found: 1,x/],
    ['0,1\n1,1.5', /Line 2/],
    ['0,1\n-1,1', /Line 2[^]*the first/],
    ['0,1\n1,1', /Line 2[^]*a node is not linked to itself/],
    ['0,1\n2,3', /falls into 2 parts[^]*Nodes 0 and 2 cannot reach/],
    ['a,b', /The text has no link/],
  ])('error: %j', (text, message) => {
    expect(() => readTopology(text)).toThrow(message)
  })

  test('error: a node beyond the size given', () => {
    expect(() => readTopology('0,1\n1,4', { size: 4 })).toThrow(/Line 2[^]*from 0 to 3/)
    expect(() => readTopology('0,1', { size: 3 })).toThrow(/falls into 2 parts/)
    expect(readTopology('0,1', { size: 3, mayBeDisconnected: true }).size).toBe(3)
  })
})

describe('edgeTopology', () => {
  test('takes pairs, and says which is wrong', () => {
    expect(rowsOf(edgeTopology({ size: 3, edges: [[0, 1], [2, 1], [1, 0]] }))).toEqual([
      [1],
      [0, 2],
      [1],
    ])
    expect(() => edgeTopology({ size: 3, edges: [[0, 1], [0, 3]] })).toThrow(/Link 2 cannot be/)
    expect(() => edgeTopology({ size: 0, edges: [] })).toThrow(/'size'/)
  })
})

describe('topologyStatistics', () => {
  test('of a triangle with a tail, and a pair apart', () => {
    const edges = [[0, 1], [1, 2], [2, 0], [2, 3], [3, 4], [5, 6]] as const
    const graph = edgeTopology({ size: 7, edges, mayBeDisconnected: true })
    const { degree, clustering, transitivity, ...rest } = topologyStatistics(graph)
    expect(rest).toEqual({ nodes: 7, links: 6, components: [5, 2], diameterAtLeast: 3 })
    expect(degree).toEqual({
      least: 1,
      mean: 12 / 7,
      most: 3,
      counts: Int32Array.of(0, 3, 3, 1),
    })
    // Shares: 1, 1, 1/3, 0; chains: 1 + 1 + 3 + 1, three of them closed.
    expect(clustering).toBeCloseTo((1 + 1 + 1 / 3) / 7, 12)
    expect(transitivity).toBeCloseTo(3 / 6, 12)
  })
})
