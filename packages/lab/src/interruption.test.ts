import { isDeepStrictEqual } from 'node:util'
import { presets, type Scenario } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { inProcess, threads } from './executor.ts'
import type { RunResult } from './results.ts'
import {
  InterruptedError,
  runScenario,
  type RunScenarioOptions,
  type ScenarioOutcome,
} from './runScenario.ts'
import { smallScenario } from './testing.ts'

/** A third of the usual minute is enough here. */
const scenario = smallScenario((draft) => {
  draft.workload.for = '20s'
  draft.faults = [{ what: 'outage', at: '5s', for: '5s', where: { region: 'us-east-1' } }]
})
/** Threads take a second to begin. */
const here: RunScenarioOptions = { executor: inProcess() }

/** One rail for a day: longer than any test waits. */
const longScenario = (changes: object = {}): Scenario =>
  smallScenario((draft) => {
    draft.rails = { tempo: presets.hybrid.rails.tempo }
    draft.offer = 'each'
    draft.workload.for = '1d'
    draft.faults = []
    Object.assign(draft, changes)
  })

describe('an interruption', () => {
  const interruptedAfter = (
    done: number,
    options: RunScenarioOptions,
    which = scenario,
    onInterrupt: () => void = () => undefined,
    events = 1,
  ): Promise<ScenarioOutcome> => {
    const interrupt = new AbortController()
    return runScenario(which, {
      ...options,
      signal: interrupt.signal,
      onProgress: (progress) => {
        if (progress.done < done || progress.events < events) return
        if (!interrupt.signal.aborted) onInterrupt()
        interrupt.abort()
      },
    })
  }

  test.each([
    ['in process', inProcess],
    ['in a thread', () => threads(1)],
  ])('default: leaves the worlds that were done %s', async (_, executor) => {
    const whole = (await runScenario(scenario, here)).result
    const { result, series } = await interruptedAfter(1, { executor: executor() })
    const names = Object.keys(result.rails)
    // The thread may have begun the next one.
    expect([1, 2]).toContain(names.length)
    const isWhole = (name: string): boolean =>
      isDeepStrictEqual(result.rails[name], whole.rails[name])
    expect(names.some(isWhole)).toBe(true)
    expect(Object.keys(series)).toEqual(names)
    expect(result.partial).toBe(true)
    // What is not whole is named, whether it had begun or not.
    const cut = new Map(result.cut.map(({ rail, at_s }) => [rail, at_s]))
    for (const name of ['tempo', 'visa', 'hybrid']) {
      const isThere = names.includes(name)
      expect(cut.has(name)).toBe(!isThere || !isWhole(name))
      if (!isThere) expect(cut.get(name)).toBeNull()
    }
  })

  test('default: in process, a world ends at the events that it has come to', async () => {
    const { result, limits } = await interruptedAfter(0, here, longScenario())
    // How far it came when somebody looked is a matter of wall time; what it had found is not.
    const { events } = result as RunResult
    const whole = await runScenario(longScenario({ limits: { events } }), here)
    const { scenario: _, wall_seconds: __, cut, ...rest } = whole.result
    expect(result).toMatchObject(rest)
    expect(result.cut).toEqual([{ ...cut[0], by: 'interruption' }])
    expect(events).toBeGreaterThan(0)
    expect(events % 65_536).toBe(0)
    expect(result.partial).toBe(true)
    expect([whole.limits.length, limits.length]).toEqual([1, 0])
  })

  test('default: in threads, worlds in progress end soon', async () => {
    let interruptedAt = 0
    const onInterrupt = (): void => void (interruptedAt = performance.now())
    const run = interruptedAfter(0, { executor: threads(2) }, longScenario(), onInterrupt)
    const { result, runs } = await run
    // A fraction of a second by itself; more on a busy machine.
    expect(performance.now() - interruptedAt).toBeLessThan(3_000)
    expect(runs.length).toBe(1)
    expect(result.partial).toBe(true)
    expect((result as RunResult).events % 65_536).toBe(0)
    expect((result as RunResult).rails['tempo']!.included).toBeGreaterThan(0)
  })

  test('behavior: without a whole replication there is the first, as far as it came', async () => {
    const options: RunScenarioOptions = { ...here, replications: 3 }
    const { runs, result } = await interruptedAfter(0, options, longScenario())
    expect(runs.map(({ replication, partial }) => [replication, partial])).toEqual([[0, true]])
    expect(result).toMatchObject({ replications: 1, replications_wanted: 3, partial: true })
    expect(result.cut).toMatchObject([{ rail: 'tempo', by: 'interruption' }])
    expect(result.cut[0]!.at_s).toBeGreaterThan(0)
  })

  test('behavior: a whole replication is kept, one in progress is not', async () => {
    const medium = longScenario({ until: '5m' })
    const options: RunScenarioOptions = { ...here, replications: 3 }
    const whole = await runScenario(medium, here)
    const events = whole.result.events as number
    expect(events).toBeGreaterThan(65_536)
    const { runs, result } = await interruptedAfter(1, options, medium, undefined, events + 1)
    expect(runs.map((run) => [run.digest, run.partial])).toEqual([[whole.result.digest, false]])
    expect(result.partial).toBe(true)
  })

  test('behavior: keeps whole replications only, and their shape', async () => {
    const { runs, result, series } = await interruptedAfter(4, {
      executor: inProcess(),
      replications: 3,
    })
    expect(runs.map(({ replication, partial }) => [replication, partial])).toEqual([[0, false]])
    expect(result).toMatchObject({ replications: 1, replications_wanted: 3, partial: true })
    expect(result.cut).toEqual([])
    // One tells nothing of others, which is not that they are all the same.
    for (const estimate of [result.events, result.rails['tempo']!.offered]) {
      expect(estimate).toEqual({ mean: expect.any(Number), ci95: null })
    }
    expect(Object.keys(series)).toEqual(['tempo', 'visa', 'hybrid'])
  })

  test.each([
    ['in process', inProcess],
    ['in threads', () => threads(2)],
  ])('behavior: before anything was done there is no result %s', async (_, executor) => {
    const signal = AbortSignal.abort()
    const run = runScenario(scenario, { executor: executor(), signal })
    await expect(run).rejects.toThrow(InterruptedError)
  })
})
