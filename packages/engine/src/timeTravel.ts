import { BaseError } from './errors.ts'
import { type Run, runToEvent, simulationOf } from './runs.ts'
import type { RestoreOptions, Snapshot } from './snapshot.ts'
import type { Time } from './time.ts'

/**
 * Builds a run and executes its first events. The same recipe gives the same run, so this is the
 * way back to a point of a world whose state nobody saves.
 */
export function replayTo<run extends Run>(makeRun: () => run, events: number): run {
  const run = makeRun()
  runToEvent(simulationOf(run), events)
  return run
}

/**
 * Builds a run anew from its recipe and puts it where the snapshot was taken: two runs that go on
 * from one point, independent of each other. The model's state must be kept (`simulation.keep`).
 *
 * @example
 * const snapshot = world.simulation.snapshot()
 * const other = fork(createMyWorld, alter(snapshot, (kept) => void (kept.bank.isOpen = false)))
 */
export function fork<run extends Run>(
  makeRun: () => run,
  snapshot: Snapshot,
  options: RestoreOptions = {},
): run {
  const run = makeRun()
  simulationOf(run).restore(snapshot, options)
  return run
}

/** A point of a run: after so many events, or after all events up to a time. */
export type Moment = { event: number } | { time: Time }

export type TimeTravelOptions = {
  /**
   * Takes a snapshot after so many events, so that going back is short. Only for runs whose whole
   * state is kept; without it, going back begins anew.
   */
  snapshotEvery?: number | undefined
}

/** A run that can be looked at forwards and backwards. */
export type TimeTravel<run> = {
  /** The run where it stands now. Going back may make another one: ask again. */
  run: () => run
  /** How many events have happened there. */
  event: () => number
  now: () => Time
  /** Goes to a point, earlier or later; the run ends where no event is pending. */
  at: (moment: Moment) => run
  back: (events?: number) => run
  forward: (events?: number) => run
}

/**
 * Goes to and fro in a run, to debug it in a script: run until something is wrong, then step back
 * and watch it become wrong. It repeats the run from the start, or from a snapshot.
 */
export function timeTravel<run extends Run>(
  makeRun: () => run,
  { snapshotEvery }: TimeTravelOptions = {},
): TimeTravel<run> {
  if (snapshotEvery !== undefined && !(snapshotEvery >= 1 && snapshotEvery % 1 === 0)) {
    throw new BaseError(`Snapshots are a whole number of events apart, not ${snapshotEvery}.`)
  }
  let run = makeRun()
  // In the order of their events; the run is never put back beyond the first.
  const snapshots: Snapshot[] = []
  const simulation = () => simulationOf(run)

  /** Goes back to the last snapshot before a point, or to the start. */
  const rewind = (isBefore: (snapshot: Snapshot) => boolean): void => {
    const snapshot = snapshots.findLast(isBefore)
    if (snapshot !== undefined) simulation().restore(snapshot)
    else run = makeRun()
  }

  const runToEventTakingSnapshots = (event: number): void => {
    if (snapshotEvery !== undefined) {
      for (;;) {
        const next = (Math.floor(simulation().events() / snapshotEvery) + 1) * snapshotEvery
        if (next > event || simulation().pending() === 0) break
        runToEvent(simulation(), next)
        const isNew = (snapshots.at(-1)?.events ?? 0) < simulation().events()
        if (isNew) snapshots.push(simulation().snapshot())
      }
    }
    runToEvent(simulation(), event)
  }

  const toEvent = (event: number): run => {
    if (!(event >= 0) || event % 1 !== 0) {
      throw new BaseError(`An event has a whole number from 0, not ${event}.`)
    }
    if (event < simulation().events()) rewind((snapshot) => snapshot.events <= event)
    runToEventTakingSnapshots(event)
    return run
  }

  const toTime = (time: Time): run => {
    if (time < simulation().now()) rewind((snapshot) => snapshot.now < time)
    for (;;) {
      const left = snapshotEvery === undefined ? undefined : snapshotEvery
      const end = simulation().run({ until: time, eventsMax: left })
      if (end === 'until' || end === 'empty') return run
      const isNew = (snapshots.at(-1)?.events ?? 0) < simulation().events()
      if (end === 'events' && isNew) snapshots.push(simulation().snapshot())
    }
  }

  return {
    run: () => run,
    event: () => simulation().events(),
    now: () => simulation().now(),
    at: (moment) => ('event' in moment ? toEvent(moment.event) : toTime(moment.time)),
    back: (events = 1) => toEvent(Math.max(0, simulation().events() - events)),
    forward: (events = 1) => toEvent(simulation().events() + events),
  }
}
