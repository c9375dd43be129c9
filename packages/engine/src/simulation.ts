import {
  BaseError,
  EventError,
  EventPayloadError,
  EventTimeError,
  UnknownEventKindError,
} from './errors.ts'
import { type EventHandle, kindsMax } from './eventQueue.ts'
import { expectDeliveries } from './fanouts.ts'
import { expectDeclared, expectKind, expectLimits, expectOptions } from './limits.ts'
import { type EventProbe, joinProbes } from './probes.ts'
import { createQueue } from './queues.ts'
import type { RunEnd, RunOptions, SimulationOptions } from './simulationOptions.ts'
import { createSnapshots, type Snapshots } from './snapshot.ts'
import { createStormWatch, type KindCount } from './storm.ts'
import { createStream, type StatefulStream, type Stream, streamName, streamOf } from './streams.ts'
import type { Time } from './time.ts'

export type { RunEnd, RunOptions, SimulationOptions } from './simulationOptions.ts'

/** A kind of event: a small integer that `define` hands out. */
export type EventKind = number

/** What happens when an event of a kind is due. The four integers were given when scheduling. */
export type EventHandler = (target: number, a: number, b: number, c: number) => void

/**
 * The phases of one instant, smallest first: what arrives is handled before what a protocol does
 * on its own, timers fire after the messages of the same microsecond, measuring comes last.
 */
export const priorities = { deliver: 0, protocol: 10, timer: 20, measure: 100 } as const

const forever = Number.MAX_SAFE_INTEGER

/** Virtual time and the events that make it pass. One run owns one simulation. */
export type Simulation = Snapshots & {
  seed: string
  replication: number
  now: () => Time
  /**
   * Introduces a kind of event. Names are for people; they must be unique within the run. Among
   * the events of one instant those of the smallest priority (−128 … 127) come first.
   */
  define: (name: string, handler: EventHandler, priority?: number) => EventKind
  /** From now on, events of the kind go to this handler. */
  handle: (kind: EventKind, handler: EventHandler) => void
  /** The names of the kinds, by their numbers. */
  kinds: () => readonly string[]
  /**
   * Schedules an event at a time, with four integers of 32 bits.
   *
   * @throws EventTimeError for the past or a fraction, EventPayloadError for other numbers.
   */
  at: (
    time: Time,
    kind: EventKind,
    target?: number,
    a?: number,
    b?: number,
    c?: number,
  ) => EventHandle
  /** Schedules an event after a delay of at least 0 µs; throws as `at` does. */
  after: (
    delay: Time,
    kind: EventKind,
    target?: number,
    a?: number,
    b?: number,
    c?: number,
  ) => EventHandle
  /**
   * Schedules one event for each of the first `count` targets, at the time of the same index, with
   * the same a, b and c: what so many calls of `at` in this order would do, to the last tie, at a
   * fraction of their cost. The columns are copied; the events cannot be cancelled.
   *
   * @throws as `at` does; nothing is scheduled then.
   */
  fanout: (
    kind: EventKind,
    count: number,
    times: Float64Array,
    targets: Int32Array,
    a?: number,
    b?: number,
    c?: number,
  ) => void
  /** Takes an event back. False where it has already happened. */
  cancel: (handle: EventHandle) => boolean
  /** The random stream of a purpose (and entity), the same object on every call. */
  stream: (purpose: string, entity?: number | string) => Stream
  /** A fresh stream from its first draw, which the run does not keep: for one-off keyed draws. */
  detachedStream: (purpose: string, entity?: number | string) => Stream
  /** Executes events up to a limit. Called again, it goes on as if it had not paused. */
  run: (options?: RunOptions) => RunEnd
  /** Executes up to `count` events and returns how many there were. */
  step: (count?: number) => number
  /** Ends the current `run` after the event that is being handled. */
  stop: () => void
  /** Calls the probe for every event until what it returns is called; `undefined` ends all. */
  tap: (probe: EventProbe | undefined) => () => void
  /** Sixteen hexadecimal digits over (time, kind, target, payload) of all events so far. */
  digest: () => string
  /** How many events have been executed. */
  events: () => number
  pending: () => number
  /** When the next event is due, µs; Infinity where none is pending. */
  peek: () => Time
  /** Events so far by the name of their kind. */
  eventsByKind: () => Readonly<Record<string, number>>
  /** What the last 65,536 events or more were, most frequent first: who is busy right now. */
  recentKinds: () => readonly KindCount[]
}

/** Makes an empty world: time 0, no events. */
export function createSimulation(options: SimulationOptions): Simulation {
  expectOptions(options)
  const { seed, replication = 0, ties = 'fifo', instantEventsMax = 10_000_000 } = options
  const queue = createQueue(options)
  // A typed array and not a variable: a number in a closure is boxed anew at every assignment.
  const clock = new Float64Array(1)
  const names: string[] = []
  const handlers: EventHandler[] = []
  const kindPriorities: number[] = []
  let executedByKind = new Float64Array(16)
  const streams = new Map<string, StatefulStream>()
  let executed = 0
  let running = false
  let stopped = false
  let probes: readonly EventProbe[] = []
  let probe: EventProbe | undefined
  const storm = createStormWatch({ instantEventsMax, names, executedByKind: () => executedByKind })

  const at: Simulation['at'] = (time, kind, target = 0, a = 0, b = 0, c = 0) => {
    if (!(time >= clock[0]!) || !Number.isSafeInteger(time)) {
      throw new EventTimeError(time, clock[0]!)
    }
    // What is pending is 32-bit columns; anything else would come back as another number.
    if ((target | 0) !== target || (a | 0) !== a || (b | 0) !== b || (c | 0) !== c) {
      throw new EventPayloadError(names[kind] ?? String(kind), [target, a, b, c])
    }
    const priority = kindPriorities[kind]
    if (priority === undefined) throw new UnknownEventKindError(kind, names)
    // Written down and not handed over: on its way to a function a large number is boxed.
    queue.due = time
    return queue.pushDue(priority, kind, target, a, b, c)
  }

  const fanout: Simulation['fanout'] = (kind, count, times, targets, a = 0, b = 0, c = 0) => {
    expectDeliveries(count, times, targets, clock[0]!)
    if ((a | 0) !== a || (b | 0) !== b || (c | 0) !== c) {
      throw new EventPayloadError(names[kind] ?? String(kind), [targets[0] ?? 0, a, b, c])
    }
    const priority = kindPriorities[kind]
    if (priority === undefined) throw new UnknownEventKindError(kind, names)
    queue.pushFanout(priority, kind, count, times, targets, a, b, c)
  }

  /**
   * Takes the next event and counts it. Apart from its handling, so that the compiler does not
   * spend on handlers what it may put together.
   */
  const advance = (until: Time): boolean => {
    if (!queue.take(until)) return false
    const { time, kind } = queue
    clock[0] = time
    executed++
    executedByKind[kind] = executedByKind[kind]! + 1
    return true
  }

  const execute = (): void => {
    const { kind, target, a, b, c } = queue
    if (probe !== undefined) probe(clock[0]!, kind, target, a, b, c)
    try {
      handlers[kind]!(target, a, b, c)
    } catch (cause) {
      throw new EventError({ index: executed, kind: names[kind]!, time: clock[0]!, seed, cause })
    }
  }

  /** Executes events until a limit. */
  const drain = (until: Time, eventsMax: number, onProgress: RunOptions['onProgress']): RunEnd => {
    if (running) throw new BaseError('A handler cannot run the simulation that it is part of.')
    expectLimits(until, eventsMax, clock[0]!)
    const last = executed + eventsMax
    stopped = false
    running = true
    try {
      for (;;) {
        if (stopped) return 'stopped'
        if (executed >= last) {
          const next = queue.peek()
          if (next === Number.POSITIVE_INFINITY) return 'empty'
          return next > until ? 'until' : 'events'
        }
        if (!advance(until)) return queue.size === 0 ? 'empty' : 'until'
        execute()
        if ((executed & 0xffff) === 0) {
          storm.look(clock[0]!, executed)
          if (onProgress !== undefined) onProgress(clock[0]!, executed)
        }
      }
    } finally {
      running = false
    }
  }

  const openStream = (name: string): StatefulStream => {
    let stream = streams.get(name)
    if (stream === undefined) {
      expectDeclared(streamOf(name).purpose, options.streams)
      stream = createStream({ seed, replication, ...streamOf(name) })
      streams.set(name, stream)
    }
    return stream
  }

  const snapshots = createSnapshots({
    ...{ seed, replication, ties, names, queue, streams, openStream },
    readCounts: () => ({ now: clock[0]!, events: executed, executedByKind }),
    writeCounts: (counts) => {
      clock[0] = counts.now
      executed = counts.events
      executedByKind.set(counts.executedByKind)
      storm.forget()
    },
    isRunning: () => running,
  })

  return {
    ...snapshots,
    seed,
    replication,
    now: () => clock[0]!,
    define: (name, handler, priority = priorities.deliver) => {
      const kind = names.length
      if (names.includes(name)) throw new BaseError(`Two kinds of events are named '${name}'.`)
      expectKind(name, handler, priority)
      if (kind === kindsMax) throw new BaseError(`A run has at most ${kindsMax} kinds of events.`)
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
    handle: (kind, handler) => {
      if (names[kind] === undefined) throw new UnknownEventKindError(kind, names)
      handlers[kind] = handler
    },
    kinds: () => names,
    at,
    after: (delay, kind, target, a, b, c) => at(clock[0]! + delay, kind, target, a, b, c),
    fanout,
    // What is no number would be taken for 0 by one comparison or another.
    cancel: (handle) => typeof handle === 'number' && queue.cancel(handle),
    stream: (purpose, entity) => openStream(streamName(purpose, entity)),
    detachedStream: (purpose, entity) => {
      expectDeclared(purpose, options.streams)
      return createStream({ seed, replication, purpose, entity })
    },
    run: ({ until = forever, eventsMax = forever, onProgress } = {}) => {
      const end = drain(until, eventsMax, onProgress)
      const reached = (end === 'until' || end === 'empty') && until < forever
      if (reached && until > clock[0]!) clock[0] = until
      return end
    },
    step: (count = 1) => {
      const before = executed
      drain(forever, count, undefined)
      return executed - before
    },
    stop: () => {
      stopped = true
    },
    tap: (next) => {
      // One of its own for every call, or the same probe twice would end together.
      const own: EventProbe | undefined =
        next && ((time, kind, target, a, b, c) => next(time, kind, target, a, b, c))
      probes = own === undefined ? [] : [...probes, own]
      probe = joinProbes(probes)
      return () => {
        probes = probes.filter((each) => each !== own)
        probe = joinProbes(probes)
      }
    },
    digest: () => queue.digest(),
    events: () => executed,
    pending: () => queue.size,
    peek: () => queue.peek(),
    eventsByKind: () =>
      Object.fromEntries(names.map((name, kind) => [name, executedByKind[kind]!])),
    recentKinds: storm.recent,
  }
}
