import { expect, test } from 'vitest'
import { beginVariant, runVariant, type VariantTask } from './runVariant.ts'
import { smallScenario } from './testing.ts'

const taskOf = (limit?: number): VariantTask => ({
  scenario: smallScenario((draft) => {
    if (limit !== undefined) draft.limits = { events: limit }
  }),
  variant: 'tempo',
  replication: 0,
})

test('default: the parts that a world is run in leave no trace', () => {
  const run = beginVariant(taskOf(), {})
  let parts = 1
  while (run.proceed(997)) parts++
  expect(parts).toBeGreaterThan(3)
  expect(run.outcome()).toEqual(runVariant(taskOf()))
})

test('behavior: the limit on events is that of the whole, wherever its parts end', () => {
  for (const part of [1_000, 999, 300, Number.POSITIVE_INFINITY]) {
    const run = beginVariant(taskOf(1_000), {})
    while (run.proceed(part));
    const { cutBy, events } = run.outcome()
    expect({ cutBy, events }).toEqual({ cutBy: 'limit', events: 1_000 })
  }
})

test('behavior: a run that waits for blocks is measured until it has them', () => {
  const scenario = smallScenario((draft) => {
    draft.blocks = 20
    draft.faults = []
  })
  const { result, simulated_seconds } = runVariant({ scenario, variant: 'tempo', replication: 0 })
  expect(simulated_seconds).toBeLessThan(20)
  expect(result.throughput_per_s).toBeCloseTo(result.included / simulated_seconds, 9)
})

test('behavior: ends before the next part where it is asked to', () => {
  let isEnding = false
  const run = beginVariant(taskOf(), { isEnding: () => isEnding })
  expect(run.proceed(500)).toBe(true)
  isEnding = true
  expect(run.proceed(500)).toBe(false)
  expect(run.outcome()).toMatchObject({ events: 500, cutBy: 'interruption' })
})
