import { ms, type Time } from '@counterpoise/engine'
import { distributedLatency, type Latency, type Topology } from '@counterpoise/network'
import type { ConsensusModel } from '../contract.ts'
import { ConformanceError } from './errors.ts'
import { admissible, type FaultPlan, noFaults, type Outage } from './faultPlan.ts'

export type ConformanceOptions<parameters, message> = {
  model: ConsensusModel<parameters, message>
  /**
   * Without faults, every member's head grows within this time, and what it holds for final too
   * unless finality is probabilistic. The scale of all the other times.
   */
  progressWithin: Time
  /** As a scenario writes them; read by the model's own schema. Default: `{}`. */
  parameters?: unknown
  /** One weight per member; 0 follows without a vote. Default: four members of weight 1. */
  weights?: readonly number[] | undefined
  /** Default: uniform between 20 and 60 ms, on every link. */
  latency?: Latency | undefined
  /** For models that gossip: whom a broadcast goes to. Default: straight to everybody. */
  topology?: ((size: number) => Topology) | undefined
  /** Messages of one member to another keep their order. Default: false. */
  fifo?: boolean | undefined
  /** Work of checking a block. Default: 1 ms. */
  validationTime?: Time | undefined
  /** How long a run without faults lasts. Default: ten times `progressWithin`. */
  horizon?: Time | undefined
  /**
   * Once the last fault is over, everybody gets ahead of the best within this time.
   * Default: six times `progressWithin`.
   */
  recoverWithin?: Time | undefined
  /** A member that comes back has what the others had by then. Default: `recoverWithin`. */
  catchUpWithin?: Time | undefined
  /**
   * Random faults include messages that take up to `progressWithin` longer than usual. False for
   * models that are safe only while messages arrive in time. Default: true.
   */
  delays?: boolean | undefined
  /** Random fault plans per property. Default: 100. */
  runs?: number | undefined
  /** Seed of the fault plans; with `path` (fast-check prints both) it replays one of them. */
  seed?: number | undefined
  path?: string | undefined
  /** A fuse against event storms: events per run. Default: 5 million. */
  eventsMax?: number | undefined
}

/** The options with every default filled in and the parameters read. */
export type Setting<parameters, message> = {
  model: ConsensusModel<parameters, message>
  parameters: parameters
  weights: readonly number[]
  latency: Latency
  topology: ((size: number) => Topology) | undefined
  fifo: boolean
  validationTime: Time
  progressWithin: Time
  horizon: Time
  recoverWithin: Time
  catchUpWithin: Time
  delays: boolean
  runs: number
  seed: number
  path: string | undefined
  eventsMax: number
}

export function toSetting<parameters, message>(
  options: ConformanceOptions<parameters, message>,
): Setting<parameters, message> {
  const { model, progressWithin } = options
  const read = model.parameters.safeParse(options.parameters ?? {})
  if (!read.success) {
    throw new ConformanceError(
      `The parameters of '${model.name}' are refused by its schema.`,
      read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    )
  }
  const recoverWithin = options.recoverWithin ?? 6 * progressWithin
  return {
    model,
    parameters: read.data,
    weights: options.weights ?? [1, 1, 1, 1],
    latency: options.latency ?? distributedLatency({ kind: 'uniform', low: 20, high: 60 }),
    topology: options.topology,
    fifo: options.fifo ?? false,
    validationTime: options.validationTime ?? ms(1),
    progressWithin,
    horizon: options.horizon ?? 10 * progressWithin,
    recoverWithin,
    catchUpWithin: options.catchUpWithin ?? recoverWithin,
    delays: options.delays ?? true,
    runs: options.runs ?? 100,
    seed: options.seed ?? 1,
    path: options.path,
    eventsMax: options.eventsMax ?? 5_000_000,
  }
}

/** How many of the voters may fail at the same time. */
export function downMaxOf(setting: Setting<any, any>): number {
  return setting.model.faultLimit(setting.weights.filter((weight) => weight > 0).length)
}

/** A plan with those outages that the model promises to survive. */
export function planOf(setting: Setting<any, any>, outages: readonly Outage[]): FaultPlan {
  const { weights } = setting
  const limits = { weights, downMax: downMaxOf(setting) }
  return { ...noFaults, outages: admissible(outages, limits) }
}
