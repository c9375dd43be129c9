import { expect, test } from 'vitest'
import { createRelayRun } from './testing.ts'

const line: [number, number][] = [
  [0, 1],
  [1, 2],
]

test('behavior: a relay tells when nodes had a block, and when they had checked it', () => {
  const { network, simulation } = createRelayRun({
    ...{ size: 4, edges: line, parameters: { mode: 'inv', checkMs: 1_000 } },
  })
  const told: number[][] = []
  const note = (_: string, __: unknown, ...columns: (Float64Array | undefined)[]): void => {
    told.push(...columns.map((column) => Array.from(column!, (time) => time / 1_000)))
  }
  network.onSpread!(note)
  network.broadcast(0, 'block', 1_000)
  simulation.run({ until: 1_400_000 })
  network.underWay!(note)
  simulation.run()
  expect(told).toEqual([
    // So far: node 1 has told node 2 of it, and nobody can tell node 3.
    [0, 300, Infinity, Infinity],
    [0, 1_300, Infinity, Infinity],
    [0, 300, 1_600, Infinity],
    [0, 1_300, 2_600, Infinity],
  ])
})
