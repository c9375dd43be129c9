import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { degreesIn, linkStream, unsound } from '../testing/soundGraph.ts'
import { meshTopology } from './mesh.ts'
import { regionalTopology } from './regional.ts'
import { topologyStatistics } from './statistics.ts'

const size = fc.integer({ min: 1, max: 60 })
const seed = fc.string()

describe('meshTopology', () => {
  test('property: every degree between the bounds, in one piece', () => {
    const bound = fc.nat({ max: 6 })
    fc.assert(
      fc.property(size, bound, bound, bound, seed, (size, a, b, c, seed) => {
        const [low, degree, high] = [2 + a, 2 + a + b, 2 + a + b + c]
        fc.pre(low < high)
        const [least, most] = [Math.min(low, size - 1), Math.min(high, size - 1)]
        fc.pre(least < most || least === size - 1)
        const graph = meshTopology({ size, degree, low, high, stream: linkStream(seed) })
        expect(unsound(graph)).toEqual([])
        for (const degree of degreesIn(graph)) {
          expect(degree).toBeGreaterThanOrEqual(least)
          expect(degree).toBeLessThanOrEqual(most)
        }
      }),
      fuzzParameters(150),
    )
  })

  test("Ethereum's: 6 to 12 around 8", () => {
    const { degree, components } = topologyStatistics(
      meshTopology({ size: 5_000, stream: linkStream('eth') }),
    )
    expect([degree.least, degree.most]).toEqual([6, 12])
    expect(degree.mean).toBeGreaterThan(7)
    expect(degree.mean).toBeLessThan(11)
    expect(components).toEqual([5_000])
  })

  test('who has too few links grafts up to the degree, not only as many as it needs', () => {
    const bounds = { degree: 30, low: 2, high: 40 }
    const graph = meshTopology({ size: 400, ...bounds, stream: linkStream('graft') })
    // The first of all has none before; hardly anybody is chosen by thirty others.
    expect(topologyStatistics(graph).degree.most).toBeGreaterThanOrEqual(30)
    expect(degreesIn(graph).filter((degree) => degree >= 30).length).toBeLessThan(100)
  })

  test('error: bounds that contradict each other', () => {
    const mesh = (bounds: object) => () =>
      meshTopology({ size: 20, stream: linkStream('e'), ...bounds })
    expect(mesh({ degree: 8, low: 9 })).toThrow(/low ≤ degree ≤ high/)
    expect(mesh({ degree: 8, high: 7 })).toThrow(/high 7/)
    expect(mesh({ degree: 4, low: 1 })).toThrow(/Raise it to at least 2/)
    expect(mesh({ low: 0 })).toThrow(/'low' of at least 1/)
  })
})

describe('regionalTopology', () => {
  test('property: in one piece, and only hubs know other regions', () => {
    const region = fc.constantFrom('a', 'b', 'c')
    const nodes = fc.array(region, { minLength: 1 })
    const some = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(nodes, some, some, seed, (regions, hubs, k, seed) => {
        const graph = regionalTopology({
          regions,
          hubs,
          linksToHubs: k,
          linksToPeers: k - 1,
          linksBetween: Math.min(k, hubs * hubs),
          stream: linkStream(seed),
        })
        expect(unsound(graph)).toEqual([])
        regions.forEach((region, node) => {
          const before = regions.slice(0, node).filter((other) => other === region).length
          const abroad = graph.neighbours(node).some((other) => regions[other] !== region)
          expect(abroad && before >= hubs).toBe(false)
        })
      }),
      fuzzParameters(80),
    )
  })

  test('default: two hubs, two links to them, one link between two regions', () => {
    const regions = Array.from({ length: 15 }, (_, node) => 'abc'[node % 3]!)
    const graph = regionalTopology({ regions, stream: linkStream('usual') })
    const links = regions.map((region, node) => {
      const known = [...graph.neighbours(node)]
      return [known.filter((other) => regions[other] === region).length, known.length]
    })
    // A region's hubs know all of it; the hubs of each two regions have one link.
    expect(links.slice(0, 6).map(([home]) => home)).toEqual(Array(6).fill(4))
    const abroad = links.map(([home, all]) => all! - home!)
    expect(abroad.reduce((sum, count) => sum + count, 0)).toBe(2 * 3)
    expect(links.slice(6)).toEqual(Array(9).fill([2, 2]))
  })

  test('two regions of five: full hubs, two links home, one between', () => {
    const regions = Array.from({ length: 10 }, (_, node) => (node < 5 ? 'a' : 'b'))
    const graph = regionalTopology({ regions, linksBetween: 4, stream: linkStream('two') })
    expect([...graph.neighbours(0)]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...graph.neighbours(9)]).toEqual([5, 6])
    const few = { regions, linksBetween: 5, stream: linkStream('two') }
    expect(() => regionalTopology(few)).toThrow(/cannot have 5 links[^]*at most 4/)
  })
})
