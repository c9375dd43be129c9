import type { ConsensusModel } from '@counterpoise/consensus'
import {
  createSimulation,
  formatDuration,
  minutes,
  priorities,
  type RunEnd,
  seconds,
  type Simulation,
  type Time,
} from '@counterpoise/engine'
import type { PlannedFault } from '@counterpoise/faults'
import { createPayments, type Payments } from '@counterpoise/ledger'
import { createRouter, type Rail } from '@counterpoise/rails'
import { assembleRail } from './assemble.ts'
import { type Council, councilOf } from './council.ts'
import { foundersOf } from './planned.ts'
import type { RailConfig } from './schema/rails.ts'
import { scheduleWhatBreaks } from './breakage.ts'
import { type Downtime, downtimesOf } from './downtimes.ts'
import { endOf } from './faultPlan.ts'
import { countLiars, type Liars } from './faultyVotes.ts'
import { builtInModels } from './models.ts'
import { offeredLoad } from './offeredLoad.ts'
import { livenessPremise, type Premise } from './premise.ts'
import type { ScenarioData } from './schema/scenario.ts'

export type WorldOptions = {
  data: ScenarioData
  /** The name of the rail that gets the payments, or of the router for all behind it. */
  variant: string
  replication?: number | undefined
  /** Consensus models besides the built-in ones. */
  models?: readonly ConsensusModel[] | undefined
}

/** One run about to happen, or over: mutable, and nobody else's. */
export type World = {
  simulation: Simulation
  payments: Payments
  /** What the payments are offered to: a rail, or the router. */
  entry: Rail
  /** The rails behind the router, or the one rail. */
  rails: readonly Rail[]
  /** Who validates on the one rail by what its association has decided, where it has one. */
  council?: Council | undefined
  /** When the last payment can be offered. */
  offeredUntil: Time
  /** When it ends at the latest. */
  until: Time
  /** By rail: the validators that depart from the protocol, where some do. */
  liars: Readonly<Record<string, Liars>>
  /** By rail: how many changes of its validators are planned, where some are. */
  plannedChanges: Readonly<Record<string, number>>
  /** By rail: when outages take down validators, and how many at a time. */
  downtimes: Readonly<Record<string, readonly Downtime[]>>
  /** The faults that hit something in this world. */
  faults: readonly PlannedFault[]
  /** Runs to its end, or for so many events, and takes a last look at the properties. */
  run: (options?: WorldRunOptions) => RunEnd
  /** As `run` without the last look, for who goes on later and calls `finish` when it is over. */
  advance: (options?: WorldRunOptions) => RunEnd
  finish: () => void
  /** Properties that did not hold, by name; the others held. */
  violations: () => Readonly<Record<Property, readonly string[]>>
}

export type WorldRunOptions = {
  /** Default: as many as the scenario allows. */
  eventsMax?: number | undefined
  onProgress?: ((now: Time, events: number) => void) | undefined
}

/** What is checked in every run. */
export const properties = ['conservation', 'agreement', 'liveness'] as const
export type Property = (typeof properties)[number]

/** The variants that a scenario asks for: each rail alone, the router, or both. */
export function variantsOf(data: ScenarioData): string[] {
  const each = data.offer === 'routed' ? [] : Object.keys(data.rails)
  const routed = data.offer === 'each' ? [] : [data.router.name]
  return [...each, ...routed]
}

/** Builds the world of one variant of a scenario. */
export function createWorld(options: WorldOptions): World {
  const { data, variant, replication, models } = options
  const simulation = createSimulation({ seed: data.seed, replication, ties: data.ties })
  const payments = createPayments()
  const isRouted = !Object.hasOwn(data.rails, variant)
  const names = isRouted ? Object.keys(data.rails) : [variant]
  const rails = names.map((name, number) =>
    assembleRail({ simulation, payments, data, models }, name, number),
  )
  const entry = isRouted
    ? createRouter(simulation, {
        name: variant,
        rails,
        payments,
        deadlineFor: data.router.deadlineFor,
      })
    : rails[0]!
  const offeredUntil = Math.min(data.workload.for, data.until ?? Number.POSITIVE_INFINITY)
  const until = endOf(data)

  const faults = scheduleWhatBreaks(simulation, data, rails)
  const load = startLoad(simulation, { data, payments, entry })
  const known = [...builtInModels, ...(models ?? [])]
  const circumstances = rails.map((rail) => ({
    ...{ rail, config: data.rails[rail.name]!, faults, models: known },
  }))
  const premises = circumstances.map(livenessPremise)
  const audit = startAudit(simulation, { rails, entry, load, premises })
  const { blocks } = data
  if (blocks !== undefined) {
    for (const rail of rails) {
      rail.onBlock?.((made) => {
        if (made >= blocks) simulation.stop()
      })
    }
  }
  const advance: World['advance'] = ({ eventsMax = data.limits.events, onProgress } = {}) =>
    simulation.run({ until, eventsMax, onProgress })
  return {
    simulation,
    payments,
    entry,
    rails,
    council: isRouted ? undefined : councilOn(data.rails[variant]!),
    offeredUntil,
    until,
    liars: liarsAmong(data, names, known),
    plannedChanges: plannedChangesOf(data, names),
    downtimes: Object.fromEntries(
      circumstances.map((each) => [each.rail.name, downtimesOf(each)]),
    ),
    faults,
    run: (options) => {
      const end = advance(options)
      audit.finish()
      return end
    },
    advance,
    finish: audit.finish,
    violations: audit.violations,
  }
}

function councilOn(config: RailConfig): Council | undefined {
  if (config.kind !== 'chain' || config.association === undefined) return undefined
  return councilOf(foundersOf(config), config.association)
}

function liarsAmong(
  { rails }: ScenarioData,
  names: readonly string[],
  models: readonly ConsensusModel[],
): World['liars'] {
  const found = names.flatMap((name) => {
    const config = rails[name]!
    const liars = config.kind === 'chain' ? countLiars(name, config, models) : undefined
    return liars === undefined ? [] : [[name, liars] as const]
  })
  return Object.fromEntries(found)
}

function plannedChangesOf(
  { rails }: ScenarioData,
  names: readonly string[],
): World['plannedChanges'] {
  const found = names.flatMap((name): [string, number][] => {
    const config = rails[name]!
    const changes = config.kind === 'chain' ? (config.execution?.validatorChanges ?? []) : []
    return changes.length === 0 ? [] : [[name, changes.length]]
  })
  return Object.fromEntries(found)
}

/** Without payments, a run that is given blocks to wait for, or an end, is about the rails. */
const isOpenEnded = ({ blocks, until }: ScenarioData): boolean =>
  blocks !== undefined || until !== undefined

type Load = {
  isOver: () => boolean
  /** There is no payment at all, and the run goes on without any. */
  isNone: boolean
}

type LoadOptions = { data: ScenarioData; payments: Payments; entry: Rail }

/** Offers each payment at its intended time; one event is pending at a time. */
function startLoad(simulation: Simulation, options: LoadOptions): Load {
  const { data, payments, entry } = options
  const load = offeredLoad(data.workload, simulation)
  let order = load.next()
  const offer = simulation.define(
    'offer',
    () => {
      const payment = payments.add(order!)
      entry.submit(payment)
      order = load.next()
      if (order !== undefined) simulation.at(order.intendedAt, offer)
    },
    priorities.protocol,
  )
  if (order !== undefined) simulation.at(order.intendedAt, offer)
  return { isOver: () => order === undefined, isNone: order === undefined && isOpenEnded(data) }
}

type AuditOptions = {
  rails: readonly Rail[]
  entry: Rail
  load: Load
  premises: readonly Premise[]
}

const auditInterval = minutes(1)
const restInterval = seconds(1)

/**
 * Looks at the rails once a minute: no money is made or lost, no chain stands still without a
 * cause. When all payments have been offered, it lets rails rest that have nothing left to do, and
 * ends the run when all of them do. Rails go on where a run is about them alone.
 */
function startAudit(
  simulation: Simulation,
  options: AuditOptions,
): { finish: () => void; violations: World['violations'] } {
  const { rails, entry, load, premises } = options
  // Without payments there is only the progress of chains to look at.
  const interval = load.isNone ? auditInterval * 10 : auditInterval
  const found: Record<Property, string[]> = { conservation: [], agreement: [], liveness: [] }
  const resting = new Set<Rail>()
  const note = (property: Property, rail: Rail, what: string): void => {
    // Told once per rail: what is broken stays broken.
    const isKnown = found[property].some((text) => text.startsWith(`${rail.name}: `))
    if (!isKnown) found[property].push(`${rail.name}: ${what}`)
  }

  const check = (): void => {
    const now = simulation.now()
    for (const [k, rail] of rails.entries()) {
      if (!rail.conserved()) note('conservation', rail, 'money was made or lost')
      const since = resting.has(rail) ? undefined : premises[k]!.heldSince(now)
      if (since === undefined || !rail.isStalled(since)) continue
      note('liveness', rail, `no progress at ${formatDuration(now)}`)
    }
  }

  const auditKind = simulation.define(
    'audit',
    () => {
      check()
      simulation.after(interval, auditKind)
    },
    priorities.measure,
  )
  const restKind = simulation.define(
    'rest',
    () => {
      if (load.isOver() && entry.waiting() === 0) {
        for (const rail of rails) {
          const left = rail.inFlight() + (rail.unfinished?.() ?? 0)
          if (resting.has(rail) || left > 0) continue
          resting.add(rail)
          rail.rest()
        }
      }
      if (resting.size === rails.length) simulation.stop()
      else simulation.after(restInterval, restKind)
    },
    priorities.measure,
  )
  simulation.after(interval, auditKind)
  if (!load.isNone) simulation.after(restInterval, restKind)

  return {
    finish: check,
    violations: () => ({
      ...found,
      agreement: rails.flatMap((rail) =>
        rail.violations().map((violation) => `${rail.name}: ${violation}`),
      ),
    }),
  }
}
