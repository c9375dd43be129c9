import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gervaisDegrees, simBlockOutgoing } from '../calibration/degreeHistograms.ts'
import { degreesIn, linkStream, unsound } from '../testing/soundGraph.ts'
import { randomTopology } from '../topology.ts'
import { degreesOf, degreeTopology } from './degrees.ts'
import { checkGraphical, shuffle } from './pairing.ts'
import { regularTopology } from './regular.ts'
import { topologyStatistics } from './statistics.ts'

const size = fc.integer({ min: 1, max: 60 })
const seed = fc.string()

describe('regularTopology', () => {
  test('property: the same degree everywhere, in one piece', () => {
    fc.assert(
      fc.property(size, fc.nat(), seed, (size, links, seed) => {
        const degree = size <= 2 ? size - 1 : 2 + (links % (size - 2))
        fc.pre((size * degree) % 2 === 0)
        const graph = regularTopology({ size, degree, stream: linkStream(seed) })
        expect(unsound(graph)).toEqual([])
        expect(new Set(degreesIn(graph))).toEqual(new Set([degree]))
      }),
      fuzzParameters(80),
    )
  })

  test.each([
    [5, 3, /No graph of 5 nodes has the degree 3[^]*Take 6 nodes, or a degree of 2 or 4/],
    [5, 5, /cannot have 5 links among 5 nodes/],
    [6, 1, /3 links cannot connect 6 nodes/],
    [6, 0, /Node 0 has no link/],
    [6, 2.5, /whole 'degree'/],
  ])('error: %i nodes of degree %d', (size, degree, message) => {
    const make = (): unknown => regularTopology({ size, degree, stream: linkStream('r') })
    expect(make).toThrow(message)
    expect(make).toThrow(expect.objectContaining({ name: 'TopologyError' }))
  })
})

describe('degreeTopology', () => {
  test('property: the degrees of any graph that is connected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(4), seed, (size, links, seed) => {
        const outgoing = Math.min(links, size - 1)
        const degrees = degreesIn(randomTopology({ size, outgoing, stream: linkStream(seed) }))
        const graph = degreeTopology({ degrees, stream: linkStream(`${seed}'`) })
        expect(unsound(graph)).toEqual([])
        expect(degreesIn(graph)).toEqual(degrees)
      }),
      fuzzParameters(80),
    )
  })

  test.each([
    ['a star', [9, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['two stars', [9, 9, 2, 2, 2, 2, 2, 2, 2, 2]],
    ['everybody but one link', [5, 5, 5, 5, 4, 4]],
    ['a path', [1, 2, 2, 2, 2, 2, 1]],
  ])('%s', (_, degrees) => {
    const graph = degreeTopology({ degrees, stream: linkStream('star') })
    expect(unsound(graph)).toEqual([])
    expect(degreesIn(graph)).toEqual(degrees)
  })

  test('the histogram of Gervais et al., share by share', () => {
    const degrees = degreesOf(gervaisDegrees, 10_000, linkStream('g'))
    const { edges } = gervaisDegrees
    const counts = edges.slice(1).map((high, bin) => {
      return degrees.filter((degree) => degree >= edges[bin]! && degree < high).length
    })
    expect(counts).toEqual([1_000, 4_000, 3_000, 1_300, 600, 100])
    expect(Math.max(...degrees)).toBe(124)
    const options = { histogram: gervaisDegrees, size: 10_000 }
    const graph = degreeTopology({ degrees: options, stream: linkStream('g') })
    const statistics = topologyStatistics(graph)
    expect(statistics.components).toEqual([10_000])
    const total = degrees.reduce((sum, degree) => sum + degree, 0)
    expect(statistics.links * 2).toBe(total + (total % 2))
    expect(statistics.degree.counts.slice(5, 10).reduce((a, b) => a + b)).toBe(4_000)
  })

  test('shares by the largest remainder, in random order', () => {
    // Of 7 nodes 3.5, 2.1 and 1.4: the one that is left goes to the first.
    const histogram = { edges: [1, 2, 3, 4], weights: [5, 3, 2] }
    const some = degreesOf(histogram, 7, linkStream('some'))
    expect([...some].sort()).toEqual([1, 1, 1, 1, 2, 2, 3])
    const many = [...degreesOf({ edges: [1, 101], weights: [1] }, 100, linkStream('many'))]
    const inOrder = Array.from({ length: 100 }, (_, node) => node + 1)
    expect(many.toSorted((one, other) => one - other)).toEqual(inOrder)
    // A random order has 99 · 100 / 4 pairs the wrong way round, give or take 170.
    const wrong = many.flatMap((degree, at) => many.slice(at).filter((other) => other < degree))
    expect(Math.abs(wrong.length - 2_475)).toBeLessThan(4 * 170)
  })

  test('where degrees of a histogram add up to an odd number, one has one link more', () => {
    const histogram = { edges: [3, 4], weights: [1] }
    const graph = degreeTopology({ degrees: { histogram, size: 7 }, stream: linkStream('odd') })
    expect(degreesIn(graph).sort()).toEqual([3, 3, 3, 3, 3, 3, 4])
  })

  test('the outgoing connections of SimBlock', () => {
    const degrees = degreesOf(simBlockOutgoing, 2_000, linkStream('s'))
    expect(degrees.filter((degree) => degree <= 8)).toHaveLength(1_000)
    expect(degrees.filter((degree) => degree === 20)).toHaveLength(10)
  })

  test.each([
    [[1, 2], /2 of 1 neighbours/],
    [[1, 1, 1], /add up to 3/],
    [[3, 3, 1, 1], /2 largest degrees ask for more/],
    [[1, 1, 1, 1], /2 links cannot connect 4 nodes/],
    [[0, 2, 2, 2], /Node 0 has no link/],
  ])('error: %j', (degrees, message) => {
    expect(() => degreeTopology({ degrees, stream: linkStream('e') })).toThrow(message)
  })

  test.each([
    [{ edges: [1, 2], weights: [1, 1] }, /one edge more than weights/],
    [{ edges: [2, 1], weights: [1] }, /that ascend/],
    [{ edges: [1, 2], weights: [0] }, /weights of at least 0/],
  ])('error: %j', (histogram, message) => {
    expect(() => degreesOf(histogram, 10, linkStream('h'))).toThrow(message)
  })

  test('property: what Erdős and Gallai allow is what Havel and Hakimi build', () => {
    const degrees = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(degrees, (degrees) => {
        let allowed = true
        try {
          checkGraphical(Int32Array.from(degrees))
        } catch {
          allowed = false
        }
        expect(allowed).toBe(canBeBuilt(degrees))
      }),
      fuzzParameters(500),
    )
  })
})

test('every order is as likely as any other', () => {
  const stream = linkStream('orders')
  const counts = new Map<string, number>()
  for (let draw = 0; draw < 6_000; draw++) {
    const order = Int32Array.of(0, 1, 2)
    shuffle(order, stream)
    counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  // Four standard deviations of a binomial number of mean 1,000.
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(4 * 28.9)
})

/** Havel and Hakimi, as in the textbook. */
function canBeBuilt(degrees: readonly number[]): boolean {
  const [most = 0, ...rest] = degrees.toSorted((a, b) => b - a)
  if (most === 0) return true
  if (most > rest.length || rest[most - 1] === 0) return false
  return canBeBuilt(rest.map((degree, index) => (index < most ? degree - 1 : degree)))
}
