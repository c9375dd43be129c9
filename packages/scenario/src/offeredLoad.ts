import { microseconds, type Simulation } from '@counterpoise/engine'
import {
  type Arrivals,
  clip,
  constantPatience,
  createWorkload,
  type LoadShapeName,
  loadShape,
  lognormalAmounts,
  constantAmounts,
  parseTrace,
  piecewiseConstant,
  poisson,
  regular,
  replayTrace,
  sum,
  weightedPatience,
  type Workload,
  zipfAccounts,
} from '@counterpoise/workload'
import type { ScenarioData } from './schema/scenario.ts'

type WorkloadConfig = ScenarioData['workload']

/** The payments of a scenario: the same ones whatever rails they are offered to. */
export function offeredLoad(config: WorkloadConfig, simulation: Simulation): Workload {
  const parts = {
    amounts:
      config.amount.kind === 'constant'
        ? constantAmounts(config.amount.usd)
        : lognormalAmounts(config.amount),
    accounts: zipfAccounts({
      count: config.accounts.count,
      payerExponent: config.accounts.payerExponent,
      payeeExponent: config.accounts.payeeExponent,
    }),
    patience:
      config.patience.length === 1
        ? constantPatience(config.patience[0]!.for)
        : weightedPatience(
            config.patience.map((share) => ({ patience: share.for, weight: share.weight })),
          ),
    stream: simulation.stream,
    until: config.for,
  }
  if (config.trace === undefined) {
    return createWorkload({ ...parts, arrivals: sum(...config.arrivals.map(arrivalsOf)) })
  }
  const trace = parseTrace('csv' in config.trace ? config.trace.csv : '')
  if (!trace.ok) throw new Error('The trace was checked before and is broken now.')
  return replayTrace({ ...parts, rows: trace.rows })
}

/** The rates of a scenario, for the report; undefined for a trace. */
export function offeredRate(config: WorkloadConfig): Arrivals | undefined {
  return config.trace === undefined ? sum(...config.arrivals.map(arrivalsOf)) : undefined
}

/** One part of a load. */
export function arrivalsOf(config: WorkloadConfig['arrivals'][number]): Arrivals {
  switch (config.kind) {
    case 'steps':
      return piecewiseConstant({ steps: config.steps, process: config.process, end: config.until })
    case 'shape':
      return loadShape(config.shape as LoadShapeName, { at: config.at, scale: config.scale })
    case 'poisson':
    case 'regular': {
      const make = config.kind === 'poisson' ? poisson : regular
      const whole = make({ ratePerSecond: config.ratePerSecond })
      if (config.from === undefined && config.until === undefined) return whole
      return clip(whole, microseconds(config.from ?? 0), config.until ?? Number.MAX_SAFE_INTEGER)
    }
  }
}
