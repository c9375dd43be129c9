import { EventStormError } from './errors.ts'
import type { Time } from './time.ts'

/** How many events of a kind there were, and their share of all that were counted. */
export type KindCount = { kind: string; events: number; share: number }

/** Counts the events of the recent past, and notices when time stands still. */
export type StormWatch = {
  /** Called every 65,536 events. @throws EventStormError */
  look: (now: Time, executed: number) => void
  /** What happened since the clock last stood elsewhere, at least one look ago; most first. */
  recent: () => readonly KindCount[]
  /** Begins anew, where the run was put back. */
  forget: () => void
}

export type StormWatchOptions = {
  /** As many events at one instant are a storm. */
  instantEventsMax: number
  names: readonly string[]
  executedByKind: () => Float64Array
}

type Mark = { now: Time; executed: number; byKind: Float64Array }

/**
 * Watches a run for events that schedule one another without time passing. It looks only now and
 * then, so that an event costs nothing: a storm is noticed up to 131,072 events after the limit.
 */
export function createStormWatch(options: StormWatchOptions): StormWatch {
  const { instantEventsMax, names, executedByKind } = options
  const nothing: Mark = { now: -1, executed: 0, byKind: new Float64Array(0) }
  // Two marks, so that the window is never shorter than one look.
  let window = nothing
  let mark = nothing

  const recent = (): KindCount[] => {
    const since = window.byKind
    const now = executedByKind()
    const counts = names.map((kind, k) => ({ kind, events: now[k]! - (since[k] ?? 0) }))
    const total = counts.reduce((sum, { events }) => sum + events, 0)
    return counts
      .filter(({ events }) => events > 0)
      .map(({ kind, events }) => ({ kind, events, share: events / total }))
      .sort((one, two) => two.events - one.events)
  }

  return {
    look: (now, executed) => {
      if (now !== mark.now) {
        window = mark
        mark = { now, executed, byKind: executedByKind().slice() }
      } else if (executed - mark.executed >= instantEventsMax) {
        window = mark
        throw new EventStormError({ now, events: executed - mark.executed, kinds: recent() })
      }
    },
    recent,
    forget: () => {
      window = { ...nothing, byKind: executedByKind().slice() }
      mark = window
    },
  }
}
