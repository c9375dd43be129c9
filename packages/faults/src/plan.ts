import type { Time } from '@counterpoise/engine'
import type { Selector } from './selector.ts'

/** Something breaks for a while and comes back as it was. */
export type Outage = {
  what: 'outage'
  /** When it begins, µs. From this instant on the sites are down. */
  at: Time
  /** How long it lasts, µs. The sites are up again at `at + duration`; 0 is a restart. */
  duration: Time
  /** Whom it hits: every site that matches. */
  where: Selector
}

/** One thing that goes wrong. */
export type Fault = Outage

/** What goes wrong in a run: plain data, in any order, overlaps allowed. */
export type FaultPlan = readonly Fault[]

/** A span of time, from its first microsecond up to but without its last. */
export type Window = {
  from: Time
  to: Time
}

/** Whether some fault of the plan is on at a time: `at ≤ time < at + duration`. */
export const isWithin = (plan: FaultPlan, time: Time): boolean =>
  plan.some(({ at, duration }) => at <= time && time < at + duration)

/**
 * The spans in which at least one fault of the plan is on: in order, apart from each other. Faults
 * that overlap or touch give one span; a restart (duration 0) gives none.
 */
export function outageWindows(plan: FaultPlan): Window[] {
  const spans = plan
    .filter(({ duration }) => duration > 0)
    .map(({ at, duration }) => ({ from: at, to: at + duration }))
    .sort((a, b) => a.from - b.from)
  const windows: Window[] = []
  for (const span of spans) {
    const last = windows.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else windows.push(span)
  }
  return windows
}
