import { expect, test } from 'vitest'
import { createProgressEstimate } from './progress.ts'
import { smallScenario } from './testing.ts'

const world = (simulatedSeconds: number, events: number, isDone = false, isCut = false) => ({
  ...{ simulatedSeconds, events, isDone, isCut },
})

test('default: a world weighs as much as it has events', () => {
  const estimate = createProgressEstimate(smallScenario())
  expect(estimate([world(30, 1_000), world(0, 0)])).toEqual({
    done: 0,
    total: 2,
    // Half of the first minute; the other world is taken to be as large.
    share: 0.25,
    simulatedSeconds: 30,
    events: 1_000,
  })
  // The second turns out to be three times as large: 5,000 of 8,000 events.
  expect(estimate([world(60, 2_000, true), world(30, 3_000)]).share).toBe(0.625)
})

test('behavior: never goes back', () => {
  const estimate = createProgressEstimate(smallScenario())
  estimate([world(60, 1_000, true), world(0, 0)])
  expect(estimate([world(60, 1_000, true), world(6, 1_000)]).share).toBe(0.5)
})

test('behavior: is not over before every world is', () => {
  const estimate = createProgressEstimate(smallScenario())
  expect(estimate([world(90_000, 5_000)]).share).toBe(0.99)
  expect(estimate([world(90_000, 5_000, true)]).share).toBe(1)
})

test('behavior: a world that was cut has come no further than it has', () => {
  const estimate = createProgressEstimate(smallScenario())
  expect(estimate([world(6, 1_000, true, true)])).toMatchObject({ done: 1, share: 0.1 })
})

test('behavior: a run that ends earlier is done earlier', () => {
  const estimate = createProgressEstimate(smallScenario((draft) => (draft.until = '30s')))
  expect(estimate([world(15, 1_000)]).share).toBe(0.5)
})

test('behavior: nothing is known before the first event', () => {
  expect(createProgressEstimate(smallScenario())([world(0, 0)]).share).toBe(0)
})
