import { fuzzParameters } from '@counterpoise/dev'
import { createStream } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completeTopology, randomTopology, type Topology } from './topology.ts'

const streamOf = (seed: string) => createStream({ seed, replication: 0, purpose: 'links' })

/** How many nodes can be reached from node 0. */
function reachable({ neighbours }: Topology): number {
  const seen = new Set([0])
  const queue = [0]
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const next of neighbours(node)) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  return seen.size
}

test('everybody with everybody', () => {
  const { neighbours } = completeTopology(4)
  expect([0, 1, 2, 3].map((node) => [...neighbours(node)])).toEqual([
    [1, 2, 3],
    [0, 2, 3],
    [0, 1, 3],
    [0, 1, 2],
  ])
  expect([...completeTopology(1).neighbours(0)]).toEqual([])
})

describe('randomTopology', () => {
  test('property: connected, symmetric, without loops, of the degree asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.string(), (size, links, seed) => {
        const outgoing = links % size
        const topology = randomTopology({ size, outgoing, stream: streamOf(seed) })
        expect(reachable(topology)).toBe(size)
        for (let node = 0; node < size; node++) {
          const others = topology.neighbours(node)
          expect(others.length).toBeGreaterThanOrEqual(outgoing)
          const ascends = others.every((other, index) => !(other <= others[index - 1]!))
          expect(ascends).toBe(true)
          expect(others.includes(node)).toBe(false)
          expect(others.every((other) => topology.neighbours(other).includes(node))).toBe(true)
        }
      }),
      fuzzParameters(100),
    )
  })

  test('has the mean degree of random choices', () => {
    const [size, outgoing] = [2_000, 8]
    const topology = randomTopology({ size, outgoing, stream: streamOf('degree') })
    let ends = 0
    for (let node = 0; node < size; node++) ends += topology.neighbours(node).length
    // A pair is linked where one of the two has chosen the other; neighbours in number always are.
    const unlinked = 1 - outgoing / (size - 1)
    const pairs = (size * (size - 1)) / 2
    const expected = size - 1 + (pairs - (size - 1)) * (1 - unlinked * unlinked)
    expect(Math.abs(ends / 2 / expected - 1)).toBeLessThan(0.002)
  })

  test('the same stream gives the same links', () => {
    const rows = (seed: string): number[][] => {
      const topology = randomTopology({ size: 20, outgoing: 3, stream: streamOf(seed) })
      return Array.from({ length: 20 }, (_, node) => [...topology.neighbours(node)])
    }
    expect(rows('a')).toEqual(rows('a'))
    expect(rows('a')).not.toEqual(rows('b'))
  })

  test('error: more connections than others', () => {
    expect(() => randomTopology({ size: 5, outgoing: 5, stream: streamOf('x') })).toThrow(
      /cannot open 5 connections among 5 nodes/,
    )
  })
})
