import { Digest } from './digest.ts'
import { EventError, EventTimeError } from './errors.ts'
import { EventQueue, type EventHandle } from './eventQueue.ts'
import { createStream, type Stream } from './streams.ts'
import type { Time } from './time.ts'

/** A kind of event: a small integer that `define` hands out. */
export type EventKind = number

/** What happens when an event of a kind is due. The four integers were given when scheduling. */
export type EventHandler = (target: number, a: number, b: number, c: number) => void

/**
 * The phases of one instant, smallest first: what arrives is handled before what a protocol does
 * on its own, timers fire after the messages of the same microsecond, measuring comes last.
 */
export const priorities = { deliver: 0, protocol: 10, timer: 20, measure: 100 } as const

export type SimulationOptions = {
  seed: string
  /** Number of the replication, from 0: the same scenario with fresh random streams. */
  replication?: number | undefined
}

export type RunOptions = {
  /** Events after this time stay pending; the clock ends here. Without it the queue is emptied. */
  until?: Time | undefined
  /** A fuse against event storms: at most this many events in this call. */
  eventsMax?: number | undefined
  /** Called every 65,536 events; it must not touch the simulation. */
  onProgress?: ((now: Time, events: number) => void) | undefined
}

/** Why a call of `run` returned. */
export type RunEnd = 'until' | 'empty' | 'events' | 'stopped'

/** Sees every event before its handler does. */
export type EventProbe = (time: Time, kind: EventKind, target: number, a: number, b: number) => void

/** Virtual time and the events that make it pass. One run owns one simulation. */
export type Simulation = {
  seed: string
  replication: number
  now: () => Time
  /** Introduces a kind of event. Names are for people; they must be unique within the run. */
  define: (name: string, handler: EventHandler, priority?: number) => EventKind
  /** Schedules an event at a time. Throws EventTimeError for the past or a fraction. */
  at: (
    time: Time,
    kind: EventKind,
    target?: number,
    a?: number,
    b?: number,
    c?: number,
  ) => EventHandle
  /** Schedules an event after a delay of at least 0 µs. */
  after: (
    delay: Time,
    kind: EventKind,
    target?: number,
    a?: number,
    b?: number,
    c?: number,
  ) => EventHandle
  /** Takes an event back. False where it has already happened. */
  cancel: (handle: EventHandle) => boolean
  /** The random stream of a purpose (and entity), the same object on every call. */
  stream: (purpose: string, entity?: number | string) => Stream
  /** A fresh stream from its first draw, which the run does not keep: for one-off keyed draws. */
  detachedStream: (purpose: string, entity?: number | string) => Stream
  run: (options?: RunOptions) => RunEnd
  /** Executes up to `count` events and returns how many there were. */
  step: (count?: number) => number
  /** Ends the current `run` after the event that is being handled. */
  stop: () => void
  /** Calls the probe for every event from now on; `undefined` takes it away. */
  tap: (probe: EventProbe | undefined) => void
  /** Sixteen hexadecimal digits over (time, kind, target, payload) of all events so far. */
  digest: () => string
  /** How many events have been executed. */
  events: () => number
  pending: () => number
  /** Events so far by the name of their kind. */
  eventsByKind: () => Readonly<Record<string, number>>
}

/** Makes an empty world: time 0, no events. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, replication = 0 } = options
  const queue = new EventQueue()
  const digest = new Digest()
  // A typed array and not a variable: a number in a closure is boxed anew at every assignment.
  const clock = new Float64Array(1)
  const names: string[] = []
  const handlers: EventHandler[] = []
  const kindPriorities: number[] = []
  let executedByKind = new Float64Array(16)
  const streams = new Map<string, Stream>()
  let executed = 0
  let stopped = false
  let probe: EventProbe | undefined

  const at: Simulation['at'] = (time, kind, target = 0, a = 0, b = 0, c = 0) => {
    if (!(time >= clock[0]!) || !Number.isSafeInteger(time)) {
      throw new EventTimeError(time, clock[0]!)
    }
    return queue.push(time, kindPriorities[kind]!, kind, target, a, b, c)
  }

  const execute = (): void => {
    const { time, kind, target, a, b, c } = queue
    clock[0] = time
    executed++
    executedByKind[kind] = executedByKind[kind]! + 1
    digest.add(time)
    digest.add32(kind)
    digest.add32(target)
    digest.add32(a)
    digest.add32(b)
    digest.add32(c)
    if (probe !== undefined) probe(time, kind, target, a, b)
    handlers[kind]!(target, a, b, c)
  }

  /** Executes events until a limit; errors of handlers come out with their place in the run. */
  const drain = (until: Time, eventsMax: number, onProgress: RunOptions['onProgress']): RunEnd => {
    const last = executed + eventsMax
    stopped = false
    try {
      for (;;) {
        if (stopped) return 'stopped'
        const next = queue.peek()
        if (next === Number.POSITIVE_INFINITY) return 'empty'
        if (next > until) return 'until'
        if (executed >= last) return 'events'
        queue.pop()
        execute()
        if (onProgress !== undefined && (executed & 0xffff) === 0) onProgress(clock[0]!, executed)
      }
    } catch (cause) {
      if (cause instanceof EventError) throw cause
      const kind = names[queue.kind]!
      throw new EventError({ index: executed, kind, time: clock[0]!, seed, cause })
    }
  }

  return {
    seed,
    replication,
    now: () => clock[0]!,
    define: (name, handler, priority = priorities.deliver) => {
      const kind = names.length
      if (names.includes(name)) throw new Error(`Two kinds of events are named '${name}'.`)
      names.push(name)
      handlers.push(handler)
      kindPriorities.push(priority)
      if (kind === executedByKind.length) {
        const wider = new Float64Array(kind * 2)
        wider.set(executedByKind)
        executedByKind = wider
      }
      return kind
    },
    at,
    after: (delay, kind, target, a, b, c) => at(clock[0]! + delay, kind, target, a, b, c),
    cancel: (handle) => queue.cancel(handle),
    stream: (purpose, entity) => {
      const name = entity === undefined ? purpose : `${purpose}#${entity}`
      let stream = streams.get(name)
      if (stream === undefined) {
        stream = createStream({ seed, replication, purpose, entity })
        streams.set(name, stream)
      }
      return stream
    },
    detachedStream: (purpose, entity) => createStream({ seed, replication, purpose, entity }),
    run: ({ until = Number.MAX_SAFE_INTEGER, eventsMax = Number.MAX_SAFE_INTEGER, onProgress } = {}) => {
      const end = drain(until, eventsMax, onProgress)
      const reached = (end === 'until' || end === 'empty') && until < Number.MAX_SAFE_INTEGER
      if (reached && until > clock[0]!) clock[0] = until
      return end
    },
    step: (count = 1) => {
      const before = executed
      drain(Number.MAX_SAFE_INTEGER, count, undefined)
      return executed - before
    },
    stop: () => {
      stopped = true
    },
    tap: (next) => {
      probe = next
    },
    digest: () => digest.toString(),
    events: () => executed,
    pending: () => queue.size,
    eventsByKind: () =>
      Object.fromEntries(names.map((name, kind) => [name, executedByKind[kind]!])),
  }
}
