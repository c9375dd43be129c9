import { skewedClock } from '@counterpoise/consensus'
import { ms, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createTrial, hop, type Trial } from './testing.ts'

/** Two minutes of four members, of whom one has a clock that is off. */
function run(offset: number, futureToleranceMs: number): Trial {
  const trial = createTrial({
    voters: 4,
    parameters: { futureToleranceMs },
    behaviours: new Map([[3, skewedClock(offset)]]),
  })
  trial.run(seconds(120))
  return trial
}

/** Final blocks that the member with the clock has proposed. */
const own = ({ cluster, finalised }: Trial): number =>
  new Set(
    finalised
      .filter(({ node, block }) => node === 0 && cluster.blocks.proposer(block) === 3)
      .map(({ block }) => block),
  ).size

test('a clock may be ahead by one hop and the tolerance: later blocks are refused', () => {
  // A block arrives one hop after the time that it names.
  expect(own(run(hop, 0))).toBeGreaterThan(10)
  expect(own(run(hop + 1, 0))).toBe(0)
  expect(own(run(hop + ms(30), 30))).toBeGreaterThan(10)
  expect(own(run(hop + ms(30) + 1, 30))).toBe(0)
})

test('who is behind refuses what others accept, and blocks of its own name no earlier time', () => {
  const trial = run(-seconds(10), 0)
  const { blocks } = trial.cluster
  expect(own(trial)).toBeGreaterThan(10)
  for (const { block } of trial.finalised) {
    expect(blocks.time(block)).toBeGreaterThanOrEqual(blocks.time(blocks.parent(block)))
  }
  const nullified = [...trial.witness.views().values()].filter(({ nullify }) => nullify.size > 0)
  expect(nullified.length).toBeGreaterThan(10)
  // It alone gives views up: no view is lost.
  for (const { nullify } of nullified) expect([...nullify]).toEqual([3])
})
