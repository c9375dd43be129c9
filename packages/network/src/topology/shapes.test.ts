import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { degreesIn, linkStream, unsound } from '../testing/soundGraph.ts'
import { scaleFreeTopology } from './scaleFree.ts'
import { smallWorldTopology } from './smallWorld.ts'
import { topologyStatistics } from './statistics.ts'

const size = fc.integer({ min: 1, max: 60 })
const seed = fc.string()

describe('smallWorldTopology', () => {
  const clusteringAt = (rewiring: number): number => {
    const options = { size: 3_000, degree: 10, rewiring, stream: linkStream(`${rewiring}`) }
    return topologyStatistics(smallWorldTopology(options)).clustering
  }

  test('property: as many links as the ring, in one piece', () => {
    const rewiring = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(size, fc.nat(), rewiring, seed, (more, links, rewiring, seed) => {
        const size = more + 2
        const degree = 2 + 2 * (links % Math.floor((size - 1) / 2))
        const graph = smallWorldTopology({ size, degree, rewiring, stream: linkStream(seed) })
        expect(unsound(graph)).toEqual([])
        expect(graph.targets).toHaveLength(size * degree)
      }),
      fuzzParameters(80),
    )
  })

  test('clustering: exact in the ring, then (1 − p)³ of it', () => {
    const ring = (3 * (10 - 2)) / (4 * (10 - 1))
    expect(clusteringAt(0)).toBeCloseTo(ring, 10)
    for (const p of [0.05, 0.2, 0.5]) {
      const law = ring * (1 - p) * (1 - p) * (1 - p)
      expect(Math.abs(clusteringAt(p) - law)).toBeLessThan(0.02)
    }
  })

  test('a few shortcuts make the world small', () => {
    const across = (rewiring: number): number => {
      const options = { size: 1_000, degree: 6, rewiring, stream: linkStream('small') }
      return topologyStatistics(smallWorldTopology(options)).diameterAtLeast
    }
    expect(across(0)).toBe(Math.ceil(500 / 3))
    expect(across(0.1)).toBeLessThan(15)
  })

  test.each([
    [10, 3, 0.1, /Expected: an even degree of at most 8/],
    [10, 10, 0.1, /at most 8/],
    [10, 4, 1.1, /from 0 to 1/],
  ])('error: %i nodes, degree %i, rewiring %d', (size, degree, rewiring, message) => {
    const options = { size, degree, rewiring, stream: linkStream('e') }
    expect(() => smallWorldTopology(options)).toThrow(message)
  })
})

describe('scaleFreeTopology', () => {
  test('property: in one piece, with the links that were opened', () => {
    fc.assert(
      fc.property(size, fc.nat(), seed, (more, some, seed) => {
        const size = more + 1
        const links = 1 + (some % (size - 1))
        const graph = scaleFreeTopology({ size, links, stream: linkStream(seed) })
        expect(unsound(graph)).toEqual([])
        const first = (links * (links + 1)) / 2
        expect(graph.targets.length / 2).toBe(first + (size - links - 1) * links)
      }),
      fuzzParameters(80),
    )
  })

  test('the degrees follow 2m(m + 1) / (k(k + 1)(k + 2)): the exponent 3', () => {
    const [size, links] = [20_000, 4]
    const graph = scaleFreeTopology({ size, links, stream: linkStream('law') })
    const { counts, least } = topologyStatistics(graph).degree
    expect(least).toBe(links)
    for (const k of [4, 5, 6, 8, 12]) {
      const law = (2 * links * (links + 1)) / (k * (k + 1) * (k + 2))
      // Four standard errors of a share.
      const tolerance = 4 * Math.sqrt(law / size)
      expect(Math.abs(counts[k]! / size - law)).toBeLessThan(tolerance)
    }
    // Maximum likelihood over the tail (Clauset, Shalizi and Newman, 2009).
    const tail = degreesIn(graph).filter((degree) => degree >= 20)
    const logarithms = tail.reduce((sum, degree) => sum + Math.log(degree / 19.5), 0)
    const exponent = 1 + tail.length / logarithms
    expect(Math.abs(exponent - 3)).toBeLessThan(0.3)
  })

  test('error: too few nodes', () => {
    const make = (): unknown => scaleFreeTopology({ size: 4, links: 4, stream: linkStream('e') })
    expect(make).toThrow(/cannot open 4 links among 4 nodes/)
  })
})
