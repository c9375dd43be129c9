/** What every error of the simulator carries besides its message. */
export type ErrorDetails = {
  /** Page of the documentation that explains the error, below the docs root. */
  docsPath?: string | undefined
  /** Lines of context: the values that made the check fail. */
  metaMessages?: readonly string[] | undefined
  cause?: unknown
}

/** A value for people: texts in quotes. */
const quoted = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : String(value)

/** Base class of the errors a caller may want to catch. */
export class BaseError extends Error {
  override name = 'BaseError'
  shortMessage: string
  docsPath: string | undefined

  constructor(shortMessage: string, details: ErrorDetails = {}) {
    const { cause, docsPath, metaMessages = [] } = details
    const docs = docsPath === undefined ? [] : [`Docs: ${docsPath}`]
    super([shortMessage, ...metaMessages, ...docs].join('\n'), { cause })
    this.shortMessage = shortMessage
    this.docsPath = docsPath
  }
}

/** An event was scheduled before the current virtual time, or at a time that is no integer. */
export class EventTimeError extends BaseError {
  override name = 'EventTimeError' as const

  constructor(requested: unknown, now: number) {
    super(
      Number.isSafeInteger(requested)
        ? 'An event cannot be scheduled in the past.'
        : 'The time of an event must be an integer number of microseconds.',
      {
        docsPath: 'architecture.md#time',
        metaMessages: [
          `Requested: ${typeof requested === 'number' ? requested : quoted(requested)} µs`,
          `Clock:     ${now} µs`,
          adviceOnTime(requested),
        ],
      },
    )
  }
}

function adviceOnTime(requested: unknown): string {
  if (typeof requested !== 'number') {
    return "Give a number: `seconds(5)`, or `parseDuration('5s')` for what is written as text."
  }
  if (Number.isSafeInteger(requested)) {
    return '`at` takes the clock or later; `after` takes a delay of at least 0.'
  }
  if (Math.abs(requested) > Number.MAX_SAFE_INTEGER && requested < Number.POSITIVE_INFINITY) {
    return 'Times end at 2⁵³ − 1 µs, after 285 years: `ms`, `seconds` and so on count in µs.'
  }
  if (Number.isInteger(Math.round(requested))) {
    return 'Round what was calculated: `microseconds(x)`; `ms(x)` and `seconds(x)` round as well.'
  }
  return 'A calculation gave no finite number: look at what the time or the delay was made of.'
}

/** An event of a kind that nobody defined. */
export class UnknownEventKindError extends BaseError {
  override name = 'UnknownEventKindError' as const

  constructor(kind: unknown, names: readonly string[]) {
    const listed = names.slice(0, 8).map((name, number) => `${number} '${name}'`)
    super(`No kind of event has the number ${quoted(kind)}.`, {
      metaMessages: [
        `Kinds: ${listed.join(', ') || 'none so far'}${names.length > 8 ? ', …' : ''}`,
        'Use the number that `define` of the same simulation returned.',
      ],
    })
  }
}

/** A random stream that cannot be, or that nobody declared. */
export class StreamError extends BaseError {
  override name = 'StreamError' as const
}

/** An event was given a number that is no integer of 32 bits. */
export class EventPayloadError extends BaseError {
  override name = 'EventPayloadError' as const

  constructor(kind: string, payload: readonly number[]) {
    super(`The numbers of an event are integers of 32 bits; those of '${kind}' are not.`, {
      docsPath: 'architecture.md#time',
      metaMessages: [
        `Found: target, a, b, c = ${payload.join(', ')}`,
        'Keep what is larger, or no number, in a table of the model, and give its index.',
      ],
    })
  }
}

/** A handler threw: which event, when, and how to get there again. */
export class EventError extends BaseError {
  override name = 'EventError' as const

  constructor(event: { index: number; kind: string; time: number; seed: string; cause: unknown }) {
    const reason = event.cause instanceof Error ? event.cause.message : textOf(event.cause)
    super(`The handler of '${event.kind}' failed: ${reason}`, {
      cause: event.cause,
      metaMessages: [
        `Event: number ${event.index}, at ${event.time} µs, seed '${event.seed}'`,
        `Replay: run the same scenario with this seed and stop after ${event.index - 1} events.`,
      ],
    })
  }
}

/** Anything can be thrown, also what cannot be made a text. */
function textOf(cause: unknown): string {
  try {
    return String(cause)
  } catch {
    return typeof cause
  }
}

/** A distribution with impossible parameters. */
export class DistributionError extends BaseError {
  override name = 'DistributionError' as const

  constructor(kind: string, expected: string, found: unknown) {
    super(`The ${kind} distribution expects ${expected}.`, {
      metaMessages: [`Found: ${JSON.stringify(found, (_key, value) => shown(value))}`],
    })
  }
}

/** JSON has no word for what is no finite number. */
const shown = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

/** Events schedule one another while the clock stands still: a loop without a delay. */
export class EventStormError extends BaseError {
  override name = 'EventStormError' as const
  /** The kinds that caused it, most frequent first. */
  kinds: readonly { kind: string; events: number; share: number }[]

  constructor(storm: { now: number; events: number; kinds: EventStormError['kinds'] }) {
    const top = storm.kinds.slice(0, 5)
    super(`Time stands still: more than ${storm.events} events at ${storm.now} µs.`, {
      docsPath: 'architecture.md#time',
      metaMessages: [
        ...top.map(({ kind, share }) => `${String(Math.round(share * 100)).padStart(3)} % ${kind}`),
        'Give the event that schedules itself again a delay, or raise `instantEventsMax`.',
      ],
    })
    this.kinds = storm.kinds
  }
}

/** A snapshot was asked for or restored where that cannot work. */
export class SnapshotError extends BaseError {
  override name = 'SnapshotError' as const
}

/** @internal */
export class OtherQueueError extends SnapshotError {
  constructor() {
    super('The snapshot is of a simulation with another kind of queue.', {
      metaMessages: ['Give both simulations the same `queue`.'],
    })
  }
}

/** An event was defined, but nobody said what happens when it is due. */
export class UnhandledEventError extends BaseError {
  override name = 'UnhandledEventError' as const

  constructor(kind: string) {
    super(`Nothing handles the event '${kind}': call its \`handle\` before the run.`)
  }
}
