import type { ConsensusModel } from '@counterpoise/consensus'
import { BaseError, Digest, toSeconds } from '@counterpoise/engine'
import { type Scenario, variantsOf } from '@counterpoise/scenario'
import { estimated } from './estimate.ts'
import { estimateOf } from './statistics.ts'
import { type JobExecutor, localExecutor, type SeenProgress } from './executor.ts'
import type { RailSeries, ReplicatedResult, RunResult, Verdict } from './results.ts'
import type { VariantOutcome, VariantTask } from './runVariant.ts'
import { version } from './version.ts'

/** How far a job is, all its worlds together. */
export type Progress = {
  /** Worlds that are done, and all of them. */
  done: number
  total: number
  /** Share of the work that is done, by simulated time, 0 … 1. */
  share: number
  simulatedSeconds: number
  events: number
}

export type RunScenarioOptions = {
  /** How many replications, each with fresh randomness; 1 by default. */
  replications?: number | undefined
  /** Consensus models besides the built-in ones; they need the `inProcess` executor. */
  models?: readonly ConsensusModel[] | undefined
  /** Where the worlds run; by default in threads where there are several, here where there is one. */
  executor?: JobExecutor | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the job early; the worlds that are done by then make a partial result. */
  signal?: AbortSignal | undefined
}

/** Everything that a job found. */
export type ScenarioOutcome = {
  scenario: Scenario
  /** One per replication, in order. */
  runs: readonly RunResult[]
  /** The one run, or the estimates over several. */
  result: RunResult | ReplicatedResult
  /** Curves of the first replication, by the name of the rail. */
  series: Record<string, RailSeries>
  /** What violated a property, in words. */
  violations: readonly string[]
}

/**
 * Runs a scenario: every variant that it asks for, in as many replications as wanted.
 * The same scenario and seed give the same figures and digest whatever the executor.
 */
export async function runScenario(
  scenario: Scenario,
  options: RunScenarioOptions = {},
): Promise<ScenarioOutcome> {
  const { replications = 1, models, onProgress, signal } = options
  const variants = variantsOf(scenario.data)
  const tasks = Array.from({ length: replications }, (_, replication) =>
    variants.map((variant): VariantTask => ({ scenario, variant, replication })),
  ).flat()
  const executor = options.executor ?? localExecutor(models === undefined ? tasks.length : 1)
  const started = performance.now()
  const outcomes = await executor.run(tasks, {
    models,
    signal,
    onProgress: onProgress && ((seen) => onProgress(progressOf(scenario, tasks.length, seen))),
  })
  const wallSeconds = (performance.now() - started) / 1_000
  const isPartial = outcomes.length < tasks.length
  const runs = usableReplications(outcomes, variants.length).map((worlds, _k, all) => {
    const run = runResult(scenario, worlds, wallSeconds / all.length)
    return { ...run, partial: run.partial || isPartial }
  })
  if (runs.length === 0) throw new InterruptedError()
  const first = outcomes.filter((outcome) => outcome.replication === 0)
  return {
    scenario,
    runs,
    result: runs.length === 1 ? runs[0]! : replicatedResult(runs, wallSeconds),
    series: Object.fromEntries(first.map(({ variant, series }) => [variant, series])),
    violations: outcomes.flatMap(({ violations, replication }) =>
      Object.entries(violations).flatMap(([property, found]) =>
        found.map((text) => `${property}: ${text} (replication ${replication})`),
      ),
    ),
  }
}

/** The job was ended before any of its worlds was done. */
export class InterruptedError extends BaseError {
  override name = 'InterruptedError' as const

  constructor() {
    super('The run was interrupted before anything was done.')
  }
}

/** The worlds by replication: the complete ones, or else what there is of the first. */
function usableReplications(
  outcomes: readonly VariantOutcome[],
  variants: number,
): VariantOutcome[][] {
  const byReplication = new Map<number, VariantOutcome[]>()
  for (const outcome of outcomes) {
    const worlds = byReplication.get(outcome.replication) ?? []
    byReplication.set(outcome.replication, [...worlds, outcome])
  }
  const all = [...byReplication.values()]
  const complete = all.filter((worlds) => worlds.length === variants)
  return complete.length > 0 ? complete : all.slice(0, 1)
}

function progressOf({ data }: Scenario, total: number, seen: SeenProgress): Progress {
  const { done, simulatedSeconds, events } = seen
  // Worlds usually end long before the drain does, so the offered window counts as the work.
  const offered = toSeconds(Math.min(data.workload.for, data.until ?? data.workload.for))
  const passed = simulatedSeconds.reduce((sum, now) => sum + Math.min(1, now / offered), 0)
  const simulated = simulatedSeconds.reduce((sum, now) => sum + now, 0)
  // A world that drains is not done yet.
  const share = Math.min(done === total ? 1 : 0.99, Math.max(done, passed) / total)
  return { done, total, share, simulatedSeconds: simulated, events }
}

function runResult(
  scenario: Scenario,
  outcomes: readonly VariantOutcome[],
  wallSeconds: number,
): RunResult {
  const digest = new Digest()
  for (const outcome of outcomes) digest.addText(outcome.digest)
  return {
    scenario: { name: scenario.data.name, hash: scenario.hash },
    seed: scenario.data.seed,
    replication: outcomes[0]!.replication,
    version,
    // One world's digest speaks for itself; several are digested in their order.
    digest: outcomes.length === 1 ? outcomes[0]!.digest : digest.toString(),
    wall_seconds: Number(wallSeconds.toFixed(3)),
    events: outcomes.reduce((sum, { events }) => sum + events, 0),
    simulated_seconds: Math.max(...outcomes.map(({ simulated_seconds }) => simulated_seconds)),
    partial: outcomes.some(({ partial }) => partial),
    rails: Object.fromEntries(outcomes.map(({ variant, result }) => [variant, result])),
    checks: allHeld(outcomes.map(({ checks }) => checks)),
  }
}

function allHeld(checks: readonly Record<string, Verdict>[]): Record<string, Verdict> {
  const names = Object.keys(checks[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [
      name,
      checks.every((each) => each[name] === 'held') ? ('held' as const) : ('violated' as const),
    ]),
  )
}

function replicatedResult(runs: readonly RunResult[], wallSeconds: number): ReplicatedResult {
  const [first] = runs
  const digest = new Digest()
  for (const run of runs) digest.addText(run.digest)
  return {
    scenario: first!.scenario,
    seed: first!.seed,
    replications: runs.length,
    version,
    digest: digest.toString(),
    wall_seconds: Number(wallSeconds.toFixed(3)),
    events: estimateOf(runs.map(({ events }) => events)),
    simulated_seconds: estimateOf(runs.map(({ simulated_seconds }) => simulated_seconds)),
    partial: runs.some(({ partial }) => partial),
    rails: Object.fromEntries(
      Object.keys(first!.rails).map((name) => [name, estimated(runs.map((run) => run.rails[name]!))]),
    ),
    checks: allHeld(runs.map(({ checks }) => checks)),
  }
}
