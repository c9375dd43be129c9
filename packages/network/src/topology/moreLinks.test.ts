import { createStream } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { randomTopology } from '../topology.ts'
import { unsound } from '../testing/soundGraph.ts'
import { moreLinks } from './moreLinks.ts'

test('default: the first nodes get as many links as drawn, the others keep theirs', () => {
  const stream = createStream({ seed: 'links', replication: 0, purpose: 'test' })
  const topology = randomTopology({ size: 500, outgoing: 4, stream })
  const graph = moreLinks({ topology, count: 3, low: 70, high: 80, stream })
  expect(unsound(graph)).toEqual([])
  expect([...graph.neighbours(0).slice(0, 2)]).toEqual([1, 2])
  for (const node of [0, 1, 2]) {
    expect(graph.neighbours(node).length).toBeGreaterThanOrEqual(70)
    // The miners after it may have chosen it too.
    expect(graph.neighbours(node).length).toBeLessThanOrEqual(80 + 2)
  }
  for (let node = 3; node < 500; node++) {
    for (const other of topology.neighbours(node)) {
      expect(graph.neighbours(node)).toContain(other)
    }
    const added = graph.neighbours(node).length - topology.neighbours(node).length
    expect(added).toBeLessThanOrEqual(3)
  }
})

test('default: no more links than there are nodes', () => {
  const stream = createStream({ seed: 'links', replication: 0, purpose: 'test' })
  const topology = randomTopology({ size: 5, outgoing: 1, stream })
  const graph = moreLinks({ topology, count: 1, low: 700, high: 800, stream })
  expect([...graph.neighbours(0)]).toEqual([1, 2, 3, 4])
})

test('behavior: others than the first nodes can be those', () => {
  const stream = createStream({ seed: 'links', replication: 0, purpose: 'test' })
  const topology = randomTopology({ size: 200, outgoing: 4, stream })
  const graph = moreLinks({ topology, count: 2, first: 150, low: 60, high: 60, stream })
  expect(unsound(graph)).toEqual([])
  const links = (node: number): number => graph.neighbours(node).length
  expect(graph.neighbours(150)).toContain(151)
  // The second may have chosen the first as well.
  expect([links(150), links(151)]).toEqual([60, 60])
  // What they have of each other counts, and nobody else has more than before where it suffices.
  const few = moreLinks({ topology, count: 30, first: 150, low: 29, high: 29, stream })
  const known = topology.neighbours(150).filter((node) => node < 150 || node >= 180)
  expect(few.neighbours(150).length).toBe(29 + known.length)
  const more = moreLinks({ topology, count: 30, first: 150, low: 50, high: 50, stream })
  expect(more.neighbours(150).length).toBe(50)
  for (const node of [0, 1, 149, 152]) {
    expect(links(node) - topology.neighbours(node).length).toBeLessThanOrEqual(2)
  }
})
