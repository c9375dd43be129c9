import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { ms, seconds } from '@counterpoise/engine'
import { distributedLatency } from '@counterpoise/network'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { livenessBound } from './bounds.ts'
import { simplexParameters } from './parameters.ts'
import { createTrial, problemsOf, type Trial } from './testing.ts'

const parameters = {
  leaderTimeoutMs: 400,
  certificationTimeoutMs: 700,
  nullifyRetryMs: 2_000,
  fetchTimeoutMs: 500,
  buildBudgetMs: 100,
}
const delayMax = ms(90)

/** Members that are up and their lowest final height. */
function lowest(trial: Trial, voters: number): number {
  const { blocks, finalised, network } = trial.cluster
  const up = Array.from({ length: voters }, (_, node) => node).filter((node) => network.isUp(node))
  return Math.min(...up.map((node) => blocks.height(finalised(node))))
}

/** Views in which a quorum has given up, from a view on. */
function lostSince(trial: Trial, first: number, last: number): number {
  let lost = 0
  for (const [view, { nullified }] of trial.witness.views()) {
    if (nullified && view >= first && view <= last) lost++
  }
  return lost
}

describe('liveness once the network is good', () => {
  const cases = fc.record({
    voters: fc.constantFrom(4, 7),
    seed: fc.nat(0xffff),
    /** From when to when the network is bad, and how: messages lost, and who is cut off. */
    lossPercent: fc.constantFrom(20, 60, 100),
    groups: fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
    healedAtMs: fc.integer({ min: 3_000, max: 12_000 }),
    down: fc.boolean(),
  })

  test('something new is final for all within the stated bound, with f members down', () => {
    const lostViews: number[] = []
    fc.assert(
      fc.property(cases, ({ down, groups, healedAtMs, lossPercent, seed, voters }) => {
        const trial = createTrial({
          seed: `liveness ${seed}`,
          voters,
          parameters,
          latency: distributedLatency({ kind: 'uniform', low: 20, high: 90 }),
        })
        const { blocks, finalised, network } = trial.cluster
        const faulty = down ? Math.floor((voters - 1) / 3) : 0
        for (let node = 0; node < faulty; node++) network.takeDown(node)
        trial.run(seconds(2))
        network.setLossProbability(lossPercent / 100)
        for (let node = 0; node < voters; node++) network.assignGroup(node, groups[node]!)
        trial.run(ms(healedAtMs))
        network.setLossProbability(0)
        for (let node = 0; node < voters; node++) network.assignGroup(node, 0)
        const heights = Array.from({ length: voters }, (_, node) => blocks.height(finalised(node)))
        const before = Math.max(...heights)
        const first = Math.max(...trial.witness.views().keys())
        const healed = trial.simulation.now()
        const longest = livenessBound(simplexParameters.parse(parameters), {
          delayMax,
          lostViews: 12,
        })
        while (lowest(trial, voters) <= before) {
          trial.run(trial.simulation.now() + ms(5))
          expect(trial.simulation.now() - healed).toBeLessThan(longest)
        }
        const last = Math.max(...trial.witness.views().keys())
        const lost = lostSince(trial, first + 1, last)
        const bound = livenessBound(simplexParameters.parse(parameters), {
          delayMax,
          lostViews: lost,
        })
        expect(trial.simulation.now() - healed).toBeLessThanOrEqual(bound + ms(5))
        expect(problemsOf(trial)).toEqual([])
        if (down) lostViews.push(lost)
      }),
      fuzzParameters(60),
    )
    // Leaders that are down lead a quarter or two sevenths of the views: few are lost in a row.
    const many = lostViews.filter((lost) => lost > 4).length
    expect(many).toBeLessThanOrEqual(2 + 0.1 * lostViews.length)
  }, fuzzTimeout(300_000))

  test('the bound is the formula', () => {
    const tempo = simplexParameters.parse({})
    const bound = livenessBound(tempo, { delayMax: ms(100), lostViews: 2, validationMax: ms(50) })
    // 10 s + 0.1; three views of 2 s + 0.1; 2 s + 0.2; 0.5 + 0.05 + 0.4.
    expect(bound).toBe(ms(10_100 + 6_300 + 2_200 + 950))
  })
})
