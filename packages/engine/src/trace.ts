import { BaseError } from './errors.ts'
import { namedPayload } from './eventFields.ts'
import type { Simulation } from './simulation.ts'
import type { Time } from './time.ts'

/** An event that happened. */
export type TracedEvent = {
  /** Its number in the run, from 1, as errors count. */
  index: number
  time: Time
  kind: string
  /** The four numbers: under the names of the event's fields, or `target`, `a`, `b`, `c`. */
  payload: Readonly<Record<string, number | boolean>>
}

export type RecordOptions = {
  /** How many events are kept, the last ones; 10,000 by default, 36 bytes each. */
  limit?: number | undefined
  /** Events before this time are left out. */
  from?: Time | undefined
  /** Events after this time are left out. */
  until?: Time | undefined
  /** Only events of these kinds. */
  kinds?: readonly string[] | undefined
}

/** What happened while it was recorded. */
export type Trace = {
  /** The events that are kept, oldest first. */
  events: () => TracedEvent[]
  /** How many were recorded, those that had to make room included. */
  count: () => number
  /** Ends the recording; what was recorded stays. */
  stop: () => void
}

/**
 * Records the events of a run from now on, in typed columns that are used again when they are
 * full. It draws nothing and schedules nothing: a run with a trace has the digest of one without.
 *
 * @example
 * const trace = recordTrace(simulation, { limit: 100, kinds: ['blockArrive'] })
 * simulation.run({ until: seconds(10) })
 * console.log(formatEvents(trace.events()))
 */
export function recordTrace(simulation: Simulation, options: RecordOptions = {}): Trace {
  const { limit = 10_000, from = 0, until = Number.POSITIVE_INFINITY, kinds } = options
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new BaseError(`A trace keeps a whole number of events above 0, not ${limit}.`)
  }
  expectKnown(simulation, kinds)
  const names = simulation.kinds()
  const wanted = kinds === undefined ? undefined : new Set(kinds)
  const indexes = new Float64Array(limit)
  const times = new Float64Array(limit)
  const columns = new Int32Array(limit * 5)
  let count = 0

  const stop = simulation.tap((time, kind, target, a, b, c) => {
    if (time < from || time > until) return
    if (wanted !== undefined && !wanted.has(names[kind]!)) return
    const row = count++ % limit
    indexes[row] = simulation.events()
    times[row] = time
    const at = row * 5
    columns[at] = kind
    columns[at + 1] = target
    columns[at + 2] = a
    columns[at + 3] = b
    columns[at + 4] = c
  })

  const eventAt = (row: number): TracedEvent => {
    const [kind, ...payload] = columns.subarray(row * 5, row * 5 + 5)
    return {
      index: indexes[row]!,
      time: times[row]!,
      kind: names[kind!]!,
      payload: namedPayload(simulation, kind!, payload),
    }
  }

  return {
    events: () => {
      const kept = Math.min(count, limit)
      return Array.from({ length: kept }, (_, k) => eventAt((count - kept + k) % limit))
    },
    count: () => count,
    stop,
  }
}

function expectKnown(simulation: Simulation, kinds: readonly string[] = []): void {
  const known = simulation.kinds()
  const unknown = kinds.filter((kind) => !known.includes(kind))
  if (unknown.length === 0) return
  const names = unknown.map((name) => `'${name}'`).join(', ')
  throw new BaseError(`No kind of event is named ${names}.`, {
    metaMessages: [`Known: ${known.join(', ') || 'none yet; define events before tracing them'}`],
  })
}

/** Events as lines of text: number, time in seconds, kind and payload. */
export function formatEvents(events: readonly TracedEvent[]): string {
  const rows = events.map(({ index, time, kind, payload }) => [
    `#${index}`,
    `${(time / 1_000_000).toFixed(6)} s`,
    kind,
    Object.entries(payload)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ])
  const widths = [0, 1, 2].map((k) => Math.max(0, ...rows.map((row) => row[k]!.length)))
  return rows
    .map(([index, time, kind, payload]) => {
      const moment = [index!.padStart(widths[0]!), time!.padStart(widths[1]!)]
      return [...moment, kind!.padEnd(widths[2]!), payload].join('  ').trimEnd()
    })
    .join('\n')
}
