import { defineConsensus } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { builtInModels, type ScenarioInput, scenarioOf, vary } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { inProcess, type JobExecutor, threads } from './executor.ts'
import type { Progress } from './progress.ts'
import type { ReplicatedResult, RunResult } from './results.ts'
import { runScenario, type RunScenarioOptions, type ScenarioOutcome } from './runScenario.ts'
import { smallScenario } from './testing.ts'

/** What must not depend on where or when it ran. */
const lasting = ({ runs, result, series, violations }: ScenarioOutcome): unknown => ({
  runs: runs.map((run) => ({ ...run, wall_seconds: 0 })),
  result: { ...result, wall_seconds: 0 },
  series,
  violations,
})

/** A third of the usual minute is enough here. */
const shorter = (draft: ScenarioInput): void => {
  draft.workload.for = '20s'
  draft.faults = [{ what: 'outage', at: '5s', for: '5s', where: { region: 'us-east-1' } }]
}
const scenario = smallScenario(shorter)
/** Threads take a second to begin. */
const here: RunScenarioOptions = { executor: inProcess() }

describe('runScenario', () => {
  test('default: a result for every rail and the router, all checks held', async () => {
    const { result, runs, series, violations } = await runScenario(scenario, here)
    expect(Object.keys(result.rails)).toEqual(['tempo', 'visa', 'hybrid'])
    expect(Object.keys(series)).toEqual(['tempo', 'visa', 'hybrid'])
    expect(result).toBe(runs[0])
    expect(result.checks).toEqual({ conservation: 'held', agreement: 'held', liveness: 'held' })
    expect(violations).toEqual([])
    expect(result.partial).toBe(false)
    expect(result.digest).toMatch(/^[0-9a-f]{16}$/)
    const offered = Object.values(result.rails).map((rail) => rail.offered)
    expect(new Set(offered).size).toBe(1)
  })

  test('behavior: the same wherever its worlds run', async () => {
    const run = async (executor: JobExecutor): Promise<unknown> =>
      lasting(await runScenario(scenario, { executor, replications: 2 }))
    const inThisThread = await run(inProcess())
    expect(await run(inProcess())).toEqual(inThisThread)
    expect(await run(threads(1))).toEqual(inThisThread)
    expect(await run(threads(2))).toEqual(inThisThread)
  })

  test('behavior: replications are estimates over independent runs', async () => {
    const alone = (await runScenario(scenario, here)).result as RunResult
    const { runs, result } = await runScenario(scenario, { ...here, replications: 3 })
    expect({ ...runs[0], wall_seconds: 0 }).toEqual({ ...alone, wall_seconds: 0 })
    expect(new Set(runs.map(({ digest }) => digest)).size).toBe(3)
    const replicated = result as ReplicatedResult
    expect(replicated.replications).toBe(3)
    const counts = runs.map(({ rails }) => rails['tempo']!.offered)
    const { mean, ci95 } = replicated.rails['tempo']!.offered
    expect(mean).toBeCloseTo(counts.reduce((sum, count) => sum + count, 0) / 3, 9)
    expect(ci95).toBeGreaterThan(0)
  })

  test('behavior: another seed gives another run of the same scenario', async () => {
    const other = smallScenario((draft) => {
      shorter(draft)
      draft.seed = 'other'
    })
    expect(other.hash).toBe(scenario.hash)
    const one = await runScenario(scenario, here)
    const two = await runScenario(other, here)
    expect(one.result.digest).not.toBe(two.result.digest)
    expect(two.result.seed).toBe('other')
  })

  test.each([0, -1, 1.5, Number.NaN])('behavior: %d replications are refused', async (count) => {
    await expect(runScenario(scenario, { replications: count })).rejects.toThrow(/whole number/)
    expect(() => threads(count)).toThrow(/whole number/)
  })
})

describe('a limit on events', () => {
  test('default: the result is partial and says so', async () => {
    const cut = smallScenario((draft) => (draft.limits = { events: 1_000 }))
    const { result, runs } = await runScenario(cut, here)
    expect(result.partial).toBe(true)
    expect(result.events).toBe(3_000)
    expect(runs[0]!.partial).toBe(true)
    expect(result.cut.map(({ rail, by }) => [rail, by])).toEqual([
      ...[['tempo', 'limit'], ['visa', 'limit'], ['hybrid', 'limit']],
    ])
    expect(result.cut[0]!.at_s).toBeGreaterThan(0)
  })

  test('behavior: of several replications, where a rail was cut first', async () => {
    const cut = smallScenario((draft) => (draft.limits = { events: 1_000 }))
    const { result, runs } = await runScenario(cut, { ...here, replications: 3 })
    const times = runs.map((run) => run.cut[0]!.at_s!)
    expect(new Set(times).size).toBe(3)
    expect(result.cut[0]).toEqual({ rail: 'tempo', by: 'limit', at_s: Math.min(...times) })
    expect(result).toMatchObject({ replications: 3, replications_wanted: 3 })
  })

  test('behavior: the progress does not say that all is done', async () => {
    const cut = smallScenario((draft) => (draft.limits = { events: 1_000 }))
    const seen: Progress[] = []
    await runScenario(cut, { ...here, onProgress: (progress) => seen.push(progress) })
    expect(seen.at(-1)).toMatchObject({ done: 3, total: 3, events: 3_000 })
    expect(seen.at(-1)!.share).toBeLessThan(0.9)
  })
})

describe('progress', () => {
  test.each([
    ['in process', inProcess],
    ['in threads', () => threads(2)],
  ])('default: rises to 1 %s', async (_, executor) => {
    const seen: Progress[] = []
    const options: RunScenarioOptions = { executor: executor(), onProgress: (at) => seen.push(at) }
    const { result } = await runScenario(scenario, options)
    for (const key of ['share', 'done', 'events', 'simulatedSeconds'] as const) {
      const values = seen.map((progress) => progress[key])
      expect(values).toEqual(values.toSorted((a, b) => a - b))
    }
    expect(seen.at(-1)).toMatchObject({ done: 3, total: 3, share: 1, events: result.events })
    expect(seen.length).toBeGreaterThanOrEqual(3)
  })
})

/** The first member makes every block, and all believe it. */
const dictator = defineConsensus<unknown, { block: number }>({
  name: 'dictator',
  parameters: builtInModels[0]!.parameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: () => 0,
  createReplica: (_parameters, context) => {
    let tip = genesis
    const decide = (block: number): void => {
      tip = block
      context.report.finalised(block)
      context.report.headChanged(block)
    }
    const wait = (): void => {
      if (context.self === 0) context.setTimer(0, ms(500))
    }
    return {
      start: wait,
      receive: (_from, { block }) => decide(block),
      expire: () => {
        const block = context.build(tip, { round: context.blocks.height(tip) + 1 })
        context.report.proposed(block)
        context.broadcast({ block }, 200)
        decide(block)
        wait()
      },
      recover: wait,
    }
  },
})

describe('a consensus model given by reference', () => {
  const models = [dictator]
  const input = vary(scenario.input as any, (draft: any) => {
    draft.rails.tempo.consensus = { kind: 'dictator' }
    draft.offer = 'each'
    draft.faults = []
  })
  const custom = scenarioOf(input, { models })

  test('default: runs in this thread', async () => {
    const { result } = await runScenario(custom, { models })
    const { blocks, final } = result.rails['tempo'] as RunResult['rails'][string]
    expect(blocks!.interval_ms!.p50).toBe(500)
    expect(final).toBeGreaterThan(70)
    expect(result.checks).toEqual({ conservation: 'held', agreement: 'held', liveness: 'held' })
  })

  test('behavior: cannot travel to another one', async () => {
    const run = runScenario(custom, { models, executor: threads(1) })
    await expect(run).rejects.toThrow('Models given by reference need inProcess().')
  })
})
