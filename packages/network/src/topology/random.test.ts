import { fuzzParameters } from '@counterpoise/dev'
import type { Stream } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkStream } from '../testing/soundGraph.ts'
import { completeTopology, randomTopology } from '../topology.ts'

const size = fc.integer({ min: 1, max: 60 })
const seed = fc.string()

describe('randomTopology', () => {
  /** The graph as it was first drawn: sets of neighbours, in the order of the draws. */
  function firstDrawn(size: number, outgoing: number, stream: Stream): number[][] {
    const links = Array.from({ length: size }, () => new Set<number>())
    for (let node = 0; node < size; node++) {
      const chosen = new Set<number>(node > 0 ? [node - 1] : [])
      const drawn = new Set<number>()
      while (drawn.size < outgoing) {
        const other = stream.below(size)
        if (other !== node) drawn.add(other)
      }
      for (const other of [...chosen, ...drawn]) {
        links[node]!.add(other)
        links[other]!.add(node)
      }
    }
    return links.map((others) => [...others].sort((a, b) => a - b))
  }

  test('property: draws what it always drew', () => {
    fc.assert(
      fc.property(size, fc.nat(), seed, (size, links, seed) => {
        const options = { size, outgoing: links % size }
        const graph = randomTopology({ ...options, stream: linkStream(seed) })
        const rows = Array.from({ length: size }, (_, node) => [...graph.neighbours(node)])
        expect(rows).toEqual(firstDrawn(size, options.outgoing, linkStream(seed)))
      }),
      fuzzParameters(60),
    )
  })

  test('error: impossible numbers, and more nodes than everybody can know', () => {
    const half = (): unknown =>
      randomTopology({ size: 1.5, outgoing: 1, stream: linkStream('') })
    expect(half).toThrow(/'size'/)
    expect(() => completeTopology(40_000)).toThrow(/Leave the topology out/)
  })
})
