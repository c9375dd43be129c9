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

/** The first plan that breaks the model, and the one before it, which holds. */
const failing = ((): number => {
  for (let path = 0; path < 1_000; path++) if (!replayed(`${path}`).held) return path
  throw new Error('No plan breaks the model.')
})()
const holding = `${failing - 1}`

test('default: a replay tells whose plan it is, and what is in it', () => {
  expect(failing).toBeGreaterThan(0)
  const { told, held } = replayed(holding)
  expect(held).toBe(true)
  const plan = { outages: expect.any(Array), splits: expect.any(Array), delays: expect.any(Array) }
  const known = { protocol: 'majority', weights: [1, 1, 1, 1], plan }
  expect(told).toEqual([{ ...known, liars: expect.any(Array), seed: expect.any(Number) }])
  expect(JSON.parse(JSON.stringify(told))).toEqual(told)
  expect(replayed(holding).told).toEqual(told)
})

test('behavior: one that fails is told once, before it shrinks', () => {
  const { told, held } = replayed(`${failing}`)
  expect([held, told.length]).toEqual([false, 1])
  expect(told).not.toEqual(replayed(holding).told)
})

test('behavior: a path is one plan, not all from there on', () => {
  // The next one fails.
  expect(replayed(holding, 100).held).toBe(true)
})

test('behavior: a search tells nothing', () => {
  expect(replayed(undefined, 3)).toEqual({ told: [], held: true })
})

test('default: it is printed', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  checkByzantine({ ...options, path: holding })
  const text = log.mock.calls.flat().join('\n')
  const [{ liars, plan }] = replayed(holding).told as [ReplayedPlan]
  expect(text).toMatch(/^The plan of 'majority', its times in µs:\n/)
  expect(text).toContain(`\n  liars: ${JSON.stringify(liars)}\n`)
  expect(text).toContain(`\n  splits: ${JSON.stringify(plan.splits)}`)
})
