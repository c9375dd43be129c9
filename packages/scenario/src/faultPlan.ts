import { ms, type Simulation, type Time } from '@counterpoise/engine'
import {
  matchSites,
  type PlannedFault,
  repeated,
  type SelectableSite,
  type Selector,
} from '@counterpoise/faults'
import { intervalOf } from './planned.ts'
import type { FaultConfig } from './schema/faults.ts'
import { maxima } from './schema/maxima.ts'
import type { ScenarioData } from './schema/scenario.ts'

/** When a run of a scenario ends at the latest, µs. */
export function endOf(data: ScenarioData): Time {
  const { workload, drain, until = Number.POSITIVE_INFINITY, blocks } = data
  if (blocks === undefined) return Math.min(workload.for + drain, until)
  // Where the run waits for blocks: so late that a chain which works has made them.
  const intervals = Object.values(data.rails).map((rail) =>
    rail.kind === 'chain' ? intervalOf(rail) : 0,
  )
  const latest = (4 * blocks + 200) * Math.max(...intervals)
  return Math.min(ms(maxima.milliseconds), until, Math.max(latest, workload.for + drain))
}

/** What a fault of a scenario does once, without its repetitions. */
export function plannedFault(fault: FaultConfig, end: Time): PlannedFault {
  const { at, for: duration = Math.max(0, end - at) } = fault
  switch (fault.what) {
    case 'outage':
      return { what: 'outage', at, duration, where: fault.where }
    case 'partition': {
      const { sides, mode } = fault
      const slow = typeof mode === 'string' ? mode : { slow: ms(mode.slowMs) }
      return { what: 'partition', at, duration, sides, mode: slow }
    }
    case 'delay': {
      const { where, to, delayMs } = fault
      const delay =
        typeof delayMs === 'number' ? ({ kind: 'constant', value: delayMs } as const) : delayMs
      return { what: 'delay', at, duration, where, to, delay }
    }
    case 'loss': {
      const { where, to, probability } = fault
      return { what: 'loss', at, duration, where, to, probability }
    }
    case 'throttle': {
      const { where, to, share } = fault
      return { what: 'throttle', at, duration, where, to, share }
    }
  }
}

/** The faults of one run with their repetitions, those at random drawn from its streams. */
export function faultPlanOf(
  data: ScenarioData,
  stream: Simulation['detachedStream'],
): PlannedFault[] {
  const end = endOf(data)
  return data.faults.flatMap((fault, k) => {
    const planned = plannedFault(fault, end)
    if (fault.repeat === undefined) return [planned]
    const { every, times, spread } = fault.repeat
    return repeated(planned, {
      ...{ every, times, until: end },
      stream: spread === 'exponential' ? stream('faults', k) : undefined,
    })
  })
}

/** The selectors of a fault, each of which must hit something. */
export function selectorsOf(fault: PlannedFault): readonly Selector[] {
  if (fault.what === 'partition') return fault.sides
  if (fault.what === 'outage' || fault.to === undefined) return [fault.where]
  return [fault.where, fault.to]
}

/**
 * What is left of a fault in a world that has only some of a scenario's sites; undefined where it
 * changes nothing there. Faults of links look at sites that have links.
 */
export function hitting(
  fault: PlannedFault,
  sites: readonly SelectableSite[],
  linked: readonly SelectableSite[],
): PlannedFault | undefined {
  const hits = (where: Selector): boolean =>
    matchSites(where, fault.what === 'outage' ? sites : linked).ok
  if (fault.what !== 'partition') return selectorsOf(fault).every(hits) ? fault : undefined
  const sides = fault.sides.filter(hits)
  if (sides.length === 0 || (sides.length === 1 && fault.sides.length > 1)) return undefined
  return { ...fault, sides }
}

/**
 * When something is broken within the run, for figures; a repetition at random is different in
 * every run.
 */
export type FaultPeriod = { label: string; from: Time; until: Time }

/** The times at which faults are on, as far as the scenario alone tells them. */
export function faultPeriods(data: ScenarioData): FaultPeriod[] {
  const end = endOf(data)
  return data.faults.flatMap((fault) => {
    const planned = plannedFault(fault, end)
    const { every, times, spread } = fault.repeat ?? { every: 1, times: 1, spread: 'regular' }
    const isRandom = spread === 'exponential'
    const all = repeated(planned, { every, times: isRandom ? 1 : times, until: end })
    const label = faultText(fault)
    return all
      .filter(({ at }) => at < end)
      .map(({ at, duration }) => ({ label, from: at, until: Math.min(at + duration, end) }))
  })
}

/** A fault in a few words: its label, or what it does to whom. */
export function faultText(fault: FaultConfig): string {
  const { label } = fault
  if (label !== undefined) return label
  if (fault.what === 'outage') return `${selectorText(fault.where)} down`
  if (fault.what === 'partition') {
    const [one, ...others] = fault.sides.map(selectorText)
    return `${one} cut off from ${others.length === 0 ? 'the others' : others.join(' and ')}`
  }
  const links = `links of ${selectorText(fault.where)}`
  const where = fault.to === undefined ? links : `${links} to ${selectorText(fault.to)}`
  if (fault.what === 'loss') return `${fault.probability * 100} % lost on ${where}`
  if (fault.what === 'throttle') return `${where} at ${fault.share * 100} %`
  const { delayMs } = fault
  return typeof delayMs === 'number' ? `${delayMs} ms more on ${where}` : `${where} slow`
}

function selectorText({ within, ...values }: Selector): string {
  const texts = Object.values(values).flat()
  const circle = within && `${within.km} km around ${within.latitude}, ${within.longitude}`
  return [...texts, ...(circle === undefined ? [] : [circle])].join(', ')
}
