import type { Distribution, Time } from '@counterpoise/engine'
import type { PartitionMode } from '@counterpoise/network'
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

/** Sites are cut off from each other: those of one side reach only those of the same. */
export type Partition = {
  what: 'partition'
  /** When it begins, µs. */
  at: Time
  /** How long it lasts, µs. */
  duration: Time
  /**
   * The sides, which share no site; sites on none of them reach everybody. With one side only,
   * all others are the other side.
   */
  sides: readonly Selector[]
  /**
   * What happens to a message between sides: it is dropped (the default), held until the partition
   * is over, or takes so many µs more.
   */
  mode?: PartitionMode | undefined
}

/** On which links something is wrong. */
type OnLinks = {
  /** When it begins, µs. */
  at: Time
  /** How long it lasts, µs. */
  duration: Time
  /** Whose links: where there is no `to`, all to and from these sites. */
  where: Selector
  /** Only the links from `where` to these. */
  to?: Selector | undefined
}

/** Messages take longer. */
export type Delay = OnLinks & {
  what: 'delay'
  /** Drawn for each message and added to its latency, ms. */
  delay: Distribution
}

/** Messages are lost. */
export type Loss = OnLinks & {
  what: 'loss'
  /** Of each message, from 0 to 1; besides the network's own loss. */
  probability: number
}

/** Links have less bandwidth; without limited uplinks or downlinks it changes nothing. */
export type Throttle = OnLinks & {
  what: 'throttle'
  /** The part of the sender's bandwidth that is left, above 0 and at most 1. */
  share: number
}

/** What goes wrong between sites, not within one. */
export type LinkFaultEntry = Partition | Delay | Loss | Throttle

/** What goes wrong within sites. */
export type Fault = Outage

/** One thing that goes wrong. */
export type PlannedFault = Fault | LinkFaultEntry

/** What goes wrong in a run: plain data, in any order, overlaps allowed. */
export type FaultPlan = readonly PlannedFault[]

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
