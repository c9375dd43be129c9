import { seconds } from '@counterpoise/engine'
import { afterEach, expect, test, vi } from 'vitest'
import { checkByzantine, type ReplayedPlan } from './byzantineChecks.ts'
import { majority } from './models/majority.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const options = { model: majority, progressWithin: seconds(5), seed: 1 }

/** What is told of a replay, and whether the plan held. */
function replayed(
  path: string | undefined,
  runs?: number,
): { told: ReplayedPlan[]; held: boolean } {
  const told: ReplayedPlan[] = []
  const onReplay = (plan: ReplayedPlan): unknown => told.push(plan)
  try {
    checkByzantine({ ...options, path, runs, onReplay })
    return { told, held: true }
  } catch {
    return { told, held: false }
  }
}

test('default: a replay tells whose plan it is, and what is in it', () => {
  const { told, held } = replayed('5')
  expect(held).toBe(true)
  expect(told).toEqual([
    {
      protocol: 'majority',
      weights: [1, 1, 1, 1],
      liars: [{ node: 3, told: [{ kind: 'selfContradictor', side: [], size: 618 }] }],
      plan: { outages: expect.anything(), splits: expect.anything(), delays: expect.anything() },
      seed: 8552,
    },
  ])
  expect(JSON.parse(JSON.stringify(told))).toEqual(told)
})

test('behavior: one that fails is told once, before it shrinks', () => {
  const { told, held } = replayed('7')
  expect(held).toBe(false)
  expect(told.map(({ seed }) => seed)).toEqual([15_356])
})

test('behavior: a path is one plan, not all from there on', () => {
  // The next one but one fails.
  expect(replayed('5', 100).held).toBe(true)
})

test('behavior: a search tells nothing', () => {
  expect(replayed(undefined, 3)).toEqual({ told: [], held: true })
})

test('default: it is printed', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  checkByzantine({ ...options, path: '5' })
  const text = log.mock.calls.flat().join('\n')
  expect(text).toMatch(/^The plan of 'majority', its times in µs:\n/)
  expect(text).toContain('liars: [{"node":3,"told":[{"kind":"selfContradictor"')
  expect(text).toMatch(/\n {2}splits: \[\{"side":\[2\],"from":\d+/)
})
