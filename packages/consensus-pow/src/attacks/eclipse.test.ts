import { seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createMiners } from '../testing.ts'

test('behavior: victims come out with their blocks at the end of an eclipse', () => {
  const { simulation, cluster, blocks } = createMiners({
    ...{ seed: 'eclipse', weights: [1, 0], delay: seconds(0.1) },
    parameters: {
      ...{ retarget: 'none', targetIntervalMs: 100_000 },
      attacks: [{ kind: 'eclipse', miners: [0], fromMs: 1_000_000, forMs: 2_000_000 }],
    },
  })
  /** What the victim has, and how much of it the other node has, at a time. */
  const at = (time: number): [number, number] => {
    simulation.run({ until: seconds(time) })
    return [blocks.height(cluster.head(0)), blocks.height(cluster.head(1))]
  }
  const [before, known] = at(999)
  expect(known).toBe(before)
  const [during, stillKnown] = at(2_999.9)
  expect(during).toBeGreaterThan(before + 5)
  // One may have been found in the last second before it.
  expect(stillKnown - known).toBeLessThanOrEqual(1)
  const [after, allKnown] = at(3_000.5)
  expect([after, allKnown]).toEqual([during, during])
})
