import type { ConsensusModel } from '@counterpoise/consensus'
import { BaseError, Digest } from '@counterpoise/engine'
import { type Scenario, variantsOf } from '@counterpoise/scenario'
import { estimated } from './estimate.ts'
import { type JobExecutor, localExecutor } from './executor.ts'
import { estimateOf } from './interval.ts'
import type { MadeBlocks } from './madeBlocks.ts'
import { mergeProfiles, type Profile } from './profile.ts'
import { createProgressEstimate, type Progress } from './progress.ts'
import { railKinds } from './railKinds.ts'
import type {
  CutRail,
  RailResult,
  RailSeries,
  ReplicatedResult,
  RunResult,
  Verdict,
} from './results.ts'
import type { VariantOutcome, VariantTask } from './runVariant.ts'
import { version } from './version.ts'

export type RunScenarioOptions = {
  /** How many replications, each with fresh randomness; 1 by default. */
  replications?: number | undefined
  /** Consensus models besides the built-in ones; they need the `inProcess` executor. */
  models?: readonly ConsensusModel[] | undefined
  /** Where the worlds run; by default one alone runs here, and several in threads. */
  executor?: JobExecutor | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the job early; what is done by then, of worlds too, makes a partial result. */
  signal?: AbortSignal | undefined
  /** Measures where events and time go; the figures stay the same, the run is a little slower. */
  profile?: boolean | undefined
}

/** Everything that a job found. */
export type ScenarioOutcome = {
  scenario: Scenario
  /** One per replication, in order. */
  runs: readonly RunResult[]
  /** The run, or the estimates over the replications where several were asked for. */
  result: RunResult | ReplicatedResult
  /** Curves of the first of the runs, by the name of the rail. */
  series: Record<string, RailSeries>
  /** All blocks of the first of the runs, by the name of the rail; of chains that can fork. */
  trees: Record<string, MadeBlocks>
  /** What violated a property, in words. */
  violations: readonly string[]
  /** The worlds that the limit on events ended, in words, with the kinds that were busiest. */
  limits: readonly string[]
  /** All worlds together, where it was asked for. */
  profile?: Profile | undefined
}

/**
 * Runs a scenario: every variant that it asks for, in as many replications as wanted.
 * The same scenario and seed give the same figures and digest whatever the executor.
 */
export async function runScenario(
  scenario: Scenario,
  options: RunScenarioOptions = {},
): Promise<ScenarioOutcome> {
  const { replications = 1, models, onProgress, signal, profile } = options
  if (!Number.isSafeInteger(replications) || replications < 1) {
    throw new BaseError(`Replications must be a whole number above 0, not ${replications}.`)
  }
  const variants = variantsOf(scenario.data)
  const tasks = Array.from({ length: replications }, (_, replication) =>
    variants.map((variant): VariantTask => ({ scenario, variant, replication, profile })),
  ).flat()
  const executor = options.executor ?? localExecutor(models === undefined ? tasks.length : 1)
  const estimateProgress = createProgressEstimate(scenario)
  const started = performance.now()
  const outcomes = await executor.run(tasks, {
    models,
    signal,
    onProgress: onProgress && ((seen) => onProgress(estimateProgress(seen))),
  })
  const wallSeconds = (performance.now() - started) / 1_000
  const usable = usableReplications(outcomes, variants.length)
  if (usable.length === 0) throw new InterruptedError()
  const isCut = outcomes.length < tasks.length || outcomes.some(isInterrupted)
  const runs = usable.map((worlds) => {
    const run = runResult(scenario, worlds, wallSeconds / usable.length)
    const cut = cutRails(variants, worlds)
    return { ...run, partial: cut.length > 0, cut }
  })
  return {
    scenario,
    runs,
    result:
      replications === 1 ? runs[0]! : replicatedResult(runs, { replications, wallSeconds, isCut }),
    series: Object.fromEntries(usable[0]!.map(({ variant, series }) => [variant, series])),
    trees: Object.fromEntries(
      usable[0]!.flatMap(({ variant, tree }) => (tree === undefined ? [] : [[variant, tree]])),
    ),
    violations: usable.flat().flatMap(violationTexts),
    limits: usable.flat().flatMap(limitTexts),
    profile: profile === true ? mergeProfiles(usable.flat().flatMap(profilesOf)) : undefined,
  }
}

function violationTexts({ violations, replication }: VariantOutcome): string[] {
  return Object.entries(violations).flatMap(([property, found]) =>
    found.map((text) => `${property}: ${text} (replication ${replication})`),
  )
}

const profilesOf = ({ profile }: VariantOutcome): Profile[] =>
  profile === undefined ? [] : [profile]

function limitTexts(outcome: VariantOutcome): string[] {
  const { cutBy, variant, replication, events, busiest } = outcome
  if (cutBy !== 'limit') return []
  const kinds = busiest.map(({ kind, share }) => `${Math.round(share * 100)} % ${kind}`)
  const where = `${variant} (replication ${replication})`
  return [`${where} reached the limit of ${events} events; lately ${kinds.join(', ')}`]
}

const isInterrupted = ({ cutBy }: VariantOutcome): boolean => cutBy === 'interruption'

/** The job was ended before any of its worlds had begun. */
export class InterruptedError extends BaseError {
  override name = 'InterruptedError' as const

  constructor() {
    super('The run was interrupted before anything was done.')
  }
}

/** The worlds by replication: the complete ones, or else what there is of the first of them. */
function usableReplications(
  outcomes: readonly VariantOutcome[],
  variants: number,
): VariantOutcome[][] {
  const byReplication = new Map<number, VariantOutcome[]>()
  for (const outcome of outcomes) {
    const { replication } = outcome
    byReplication.set(replication, [...(byReplication.get(replication) ?? []), outcome])
  }
  const all = [...byReplication.values()]
  const complete = all.filter(
    (worlds) => worlds.length === variants && !worlds.some(isInterrupted),
  )
  return complete.length > 0 ? complete : all.slice(0, 1)
}

function runResult(
  scenario: Scenario,
  outcomes: readonly VariantOutcome[],
  wallSeconds: number,
): Omit<RunResult, 'partial' | 'cut'> {
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
    rails: Object.fromEntries(outcomes.map(({ variant, result }) => [variant, result])),
    checks: allHeld(outcomes.map(({ checks }) => checks)),
  }
}

/** The rails of which there is not all, in the order of the variants. */
function cutRails(variants: readonly string[], outcomes: readonly VariantOutcome[]): CutRail[] {
  return variants.flatMap((rail): CutRail[] => {
    const outcome = outcomes.find(({ variant }) => variant === rail)
    if (outcome === undefined) return [{ rail, by: 'interruption', at_s: null }]
    const { cutBy, simulated_seconds } = outcome
    return cutBy === undefined ? [] : [{ rail, by: cutBy, at_s: simulated_seconds }]
  })
}

/** Each rail once, where it was cut first. */
function cutFirst(runs: readonly RunResult[]): CutRail[] {
  const first = new Map<string, CutRail>()
  for (const each of runs.flatMap(({ cut }) => cut)) {
    const known = first.get(each.rail)
    if (known === undefined || (each.at_s ?? 0) < (known.at_s ?? 0)) first.set(each.rail, each)
  }
  return [...first.values()]
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

function replicatedResult(
  runs: readonly RunResult[],
  job: { replications: number; wallSeconds: number; isCut: boolean },
): ReplicatedResult {
  const [first] = runs
  const digest = new Digest()
  for (const run of runs) digest.addText(run.digest)
  const railsOf = (name: string): RailResult[] => runs.map(({ rails }) => rails[name]!)
  return {
    scenario: first!.scenario,
    seed: first!.seed,
    replications: runs.length,
    replications_wanted: job.replications,
    version,
    digest: digest.toString(),
    wall_seconds: Number(job.wallSeconds.toFixed(3)),
    events: estimateOf(runs.map(({ events }) => events), 'count'),
    simulated_seconds: estimateOf(runs.map((run) => run.simulated_seconds), 'time'),
    partial: job.isCut || runs.some(({ partial }) => partial),
    cut: cutFirst(runs),
    rails: Object.fromEntries(
      Object.keys(first!.rails).map((name) => [name, estimated(railsOf(name), railKinds)]),
    ),
    checks: allHeld(runs.map(({ checks }) => checks)),
  }
}
