import { BaseError } from './errors.ts'
import { type Run, simulationOf } from './runs.ts'
import type { RunEnd, Simulation } from './simulation.ts'
import type { Time } from './time.ts'
import { formatEvents, recordTrace, type TracedEvent } from './trace.ts'

export type DivergenceOptions = {
  /** Events after this time are not compared. */
  until?: Time | undefined
  /** How many events are compared at most; all by default. */
  eventsMax?: number | undefined
  /** Events between two comparisons of digests; 65,536 by default. */
  block?: number | undefined
}

/** Where two runs part. */
export type Divergence = {
  /** Number of the first event that differs, from 1. */
  index: number
  /** That event in each run; `undefined` where the run had ended. */
  first: TracedEvent | undefined
  second: TracedEvent | undefined
  /** The last events that both have in common, oldest first. */
  before: readonly TracedEvent[]
  /** All of that in words. */
  message: string
}

const commonEvents = 5

/**
 * Finds the first event in which two runs differ, or nothing where there is none.
 *
 * Both run side by side, and their digests are compared after every block of events. Where they
 * differ, both are built anew and that block is gone through event by event. So the memory is that
 * of the two worlds, and the time that of running each of them at most twice.
 *
 * @param first Builds a run from nothing; each call must give the same one.
 * @throws NotRepeatableError where a run does not repeat itself.
 */
export function firstDivergence(
  first: () => Run,
  second: () => Run,
  options: DivergenceOptions = {},
): Divergence | undefined {
  const { until, eventsMax = Number.POSITIVE_INFINITY, block = 65_536 } = options
  if (!Number.isSafeInteger(block) || block < 1) {
    throw new BaseError(`A block is a whole number of events above 0, not ${block}.`)
  }
  const runs = [simulationOf(first()), simulationOf(second())] as const
  let same = 0
  for (;;) {
    const count = Math.min(block, eventsMax - same)
    if (count <= 0) return undefined
    const ends = runs.map((run) => run.run({ until, eventsMax: count })) as [RunEnd, RunEnd]
    const [one, two] = runs
    if (one.digest() !== two.digest()) break
    if (ends.every((end) => end !== 'events')) return undefined
    same = one.events()
  }
  return inBlock(simulationOf(first()), simulationOf(second()), { same, block, until })
}

type Block = { same: number; block: number; until: Time | undefined }

/** Goes through the block after the first `same` events, one event at a time. */
function inBlock(first: Simulation, second: Simulation, { same, block, until }: Block): Divergence {
  const untraced = Math.max(0, same - commonEvents)
  const traces = [first, second].map((run) => {
    run.run({ until, eventsMax: untraced })
    const trace = recordTrace(run, { limit: commonEvents + 1 })
    run.run({ until, eventsMax: same - untraced })
    return trace
  })
  if (first.digest() !== second.digest()) throw new NotRepeatableError(same)
  const next = (run: Simulation, k: number): TracedEvent | undefined => {
    const before = run.events()
    run.run({ until, eventsMax: 1 })
    return run.events() === before ? undefined : traces[k]!.events().at(-1)
  }
  for (let index = same + 1; index <= same + block; index++) {
    const [one, two] = [next(first, 0), next(second, 1)]
    if (one !== undefined && two !== undefined && isSame(one, two)) continue
    if (one === undefined && two === undefined) break
    const [trace, differing] = one === undefined ? [traces[1]!, two] : [traces[0]!, one]
    const before = trace.events().filter((event) => event.index < differing!.index)
    const last = before.slice(-commonEvents)
    const message = messageOf(index, one, two, last)
    return { index, first: one, second: two, before: last, message }
  }
  throw new NotRepeatableError(same)
}

function isSame(one: TracedEvent, two: TracedEvent): boolean {
  return formatEvents([one]) === formatEvents([two])
}

function messageOf(
  index: number,
  one: TracedEvent | undefined,
  two: TracedEvent | undefined,
  before: readonly TracedEvent[],
): string {
  const textOf = (event: TracedEvent | undefined): string =>
    event === undefined ? `the run had ended after ${index - 1} events` : formatEvents([event])
  const lines = before.length === 0 ? [] : formatEvents(before).split('\n')
  return [
    `The runs differ in event number ${index}.`,
    `First:  ${textOf(one)}`,
    `Second: ${textOf(two)}`,
    ...(lines.length === 0 ? [] : ['Before that, in both:', ...lines.map((line) => `  ${line}`)]),
  ].join('\n')
}

/** A run that was built twice was two runs: something besides its seed decides about it. */
export class NotRepeatableError extends BaseError {
  override name = 'NotRepeatableError' as const

  constructor(events: number) {
    super('A run that was built again took another course.', {
      docsPath: 'architecture.md#how-a-runs-digest-is-made',
      metaMessages: [
        `Seen after: ${events} events`,
        'Look for state that two runs share, clocks, and randomness outside of named streams.',
      ],
    })
  }
}
