import type { ConsensusModel } from '@counterpoise/consensus'
import { type KindCount, type Time, toSeconds } from '@counterpoise/engine'
import { createWorld, type Scenario, type World } from '@counterpoise/scenario'
import type { MadeBlocks } from './madeBlocks.ts'
import { measureRail } from './measure.ts'
import { type Profile, startProfile } from './profile.ts'
import type { RailResult, RailSeries, Verdict } from './results.ts'

/** One world to run: a rail (or the router) of a scenario, with one replication's randomness. */
export type VariantTask = {
  scenario: Scenario
  variant: string
  /** From 0. */
  replication: number
  /** Whether to measure where events and time go. */
  profile?: boolean | undefined
}

/** What came out of one world. */
export type VariantOutcome = {
  variant: string
  replication: number
  digest: string
  events: number
  simulated_seconds: number
  /** What ended it before its time; undefined where nothing did. */
  cutBy: 'limit' | 'interruption' | undefined
  /** What most of the last events were, where the limit ended it; else empty. */
  busiest: readonly KindCount[]
  /** Where it was asked for. */
  profile?: Profile | undefined
  result: RailResult
  series: RailSeries
  /** All blocks of a chain that can fork. */
  tree?: MadeBlocks | undefined
  checks: Record<string, Verdict>
  /** What was found, by the name of the property; empty where it held. */
  violations: Record<string, readonly string[]>
}

/** Sees a run go on; must not touch it. */
export type VariantProgress = (simulatedSeconds: number, events: number) => void

export type VariantOptions = {
  models?: readonly ConsensusModel[] | undefined
  onProgress?: VariantProgress | undefined
  /** Asked now and then, after `onProgress`: whether to stop where the world is. */
  isEnding?: (() => boolean) | undefined
}

/** A world that is being run, a part at a time; the parts leave no trace in what comes out. */
export type VariantRun = {
  /** Goes on for so many events at most. False once the world is over. */
  proceed: (eventsMax: number) => boolean
  /** The figures, of a world that is over. */
  outcome: () => VariantOutcome
}

/** Runs one world to its end, or as far as it may go, and takes its figures. */
export function runVariant(task: VariantTask, options: VariantOptions = {}): VariantOutcome {
  const run = beginVariant(task, options)
  run.proceed(Number.POSITIVE_INFINITY)
  return run.outcome()
}

/** Builds the world of a task. */
export function beginVariant(task: VariantTask, options: VariantOptions): VariantRun {
  const { scenario, variant, replication } = task
  const { models, onProgress, isEnding } = options
  const world = createWorld({ data: scenario.data, variant, replication, models })
  const { simulation } = world
  const endProfile = task.profile === true ? startProfile(simulation) : undefined
  let cutBy: VariantOutcome['cutBy']
  const endIfAsked = (): void => {
    if (isEnding?.() !== true) return
    cutBy = 'interruption'
    simulation.stop()
  }
  const look = (now: Time, events: number): void => {
    onProgress?.(toSeconds(now), events)
    endIfAsked()
  }

  return {
    proceed: (most) => {
      endIfAsked()
      if (cutBy !== undefined) return false
      const left = scenario.data.limits.events - simulation.events()
      const end = world.advance({ eventsMax: Math.min(most, left), onProgress: look })
      if (end !== 'events') return false
      if (left <= most) cutBy ??= 'limit'
      return cutBy === undefined
    },
    outcome: () => {
      world.finish()
      const profile = endProfile?.()
      const violations = world.violations()
      const checks = Object.entries(violations).map(
        ([name, found]) => [name, found.length === 0 ? 'held' : 'violated'] as const,
      )
      onProgress?.(toSeconds(simulation.now()), simulation.events())
      return {
        variant,
        replication,
        digest: simulation.digest(),
        events: simulation.events(),
        simulated_seconds: toSeconds(simulation.now()),
        cutBy,
        busiest: cutBy === 'limit' ? simulation.recentKinds().slice(0, 5) : [],
        profile,
        ...measureRail(world, endOf(world, scenario, cutBy)),
        checks: Object.fromEntries(checks),
        violations,
      }
    },
  }
}

/** When the run was over: at its time, or when something ended it or the blocks were made. */
function endOf(world: World, { data }: Scenario, cutBy: VariantOutcome['cutBy']): Time {
  const { simulation, until } = world
  return cutBy === undefined && data.blocks === undefined ? until : simulation.now()
}
