import type { ConsensusModel } from '@counterpoise/consensus'
import { longestRow } from '@counterpoise/consensus/parts'
import { BaseError, formatDuration, ms, type RunEnd, type Time } from '@counterpoise/engine'

/** A search for decisions that ended without them. */
export type Undecided = {
  /** What there is of them, e.g. `no decision` or `3 of 10 decisions`. */
  progress: string
  /** What ended it: nothing was left to happen, or so many events or so much time had passed. */
  end: RunEnd
  /** All of the search. */
  events: number
  time: Time
  /** What it waits for the next decision, at most. */
  limits: { eventsMax: number; patience: Time }
  /** The longest usual delay of a message of one member, µs. */
  longestDelay: Time
}

/** Who searched, and what was found out about it afterwards. */
export type Circumstances = {
  model: ConsensusModel
  parameters: unknown
  /** Members, and how many of them are down, side by side in the rotation of leaders. */
  n: number
  crashed: number
  trials: TimeoutTrials | undefined
}

/** Timeouts with which the same search was made again, µs; the one with which it succeeded. */
export type TimeoutTrials = { tried: readonly Time[]; helpful: Time | undefined }

/** The members that are up came to no decision, or to fewer than were asked for. */
export class ProtocolUndecidedError extends BaseError {
  override name = 'ProtocolUndecidedError' as const
  /**
   * Whether there would be no decision however long one waits: nothing is left to happen, or no
   * order of leaders allows one. Else the search was cut off, and what comes later is not known.
   */
  isStandstill: boolean
  /** A timeout with which the same search succeeds, µs; undefined where none was found. */
  helpfulTimeout: Time | undefined

  constructor(found: Undecided, circumstances: Circumstances) {
    const { model, n, crashed, trials } = circumstances
    const obstacle = leadersLacking(circumstances)
    const isStandstill = found.end === 'empty' || obstacle !== undefined
    const { progress, events, time } = found
    const outcome = isStandstill
      ? `'${model.name}' came to a standstill with ${progress}.`
      : `The search was cut off: '${model.name}' had taken ${progress}.`
    super(outcome, {
      metaMessages: [
        `Members up: ${n - crashed} of ${n}`,
        `Searched: ${count(events)} events, ${formatDuration(time)} of simulated time`,
        ...(obstacle ?? [endText(found), adviceText(found, circumstances)]),
      ],
    })
    this.isStandstill = isStandstill
    this.helpfulTimeout = trials?.helpful
  }
}

const count = (value: number): string => value.toLocaleString('en-US')

function endText({ end, limits }: Undecided): string {
  if (end === 'empty') return 'Ended by: nothing is left to happen, no message and no timer'
  const { eventsMax, patience } = limits
  const reached = end === 'events' ? `${count(eventsMax)} events` : formatDuration(patience)
  return `Cut off by: the limit of ${reached} without a decision`
}

/** What keeps leaders in turn from a decision for ever, where something does, and what helps. */
export function leadersLacking(
  { model, parameters, n, crashed }: Omit<Circumstances, 'trials'>,
): string[] | undefined {
  const turns = model.leadersInTurn?.(parameters)
  if (turns === undefined) return undefined
  const longest = turns.each * longestRow(Array.from({ length: n }, (_, k) => k < n - crashed))
  if (longest >= turns.needed) return undefined
  return [
    `Cause: a decision takes ${turns.needed} rounds in a row whose leaders are up. Members lead in`,
    `turn: with ${crashed} of ${n} down there are never more than ${longest}, whatever the ` +
      'timeout.',
    'What helps: more members, or fewer of them crashed.',
  ]
}

function adviceText({ longestDelay }: Undecided, circumstances: Circumstances): string {
  const { model, n, crashed, trials } = circumstances
  const limit = model.faultLimit(n)
  if (crashed > limit) {
    return `Crash at most ${limit}: the protocol promises no decision with more of ${n} down.`
  }
  const delay = `messages take about ${formatDuration(longestDelay)}`
  if (trials === undefined) return `Give it a timeout of several delays: ${delay}.`
  const { tried, helpful } = trials
  if (helpful !== undefined) {
    return `What helps: a timeout of ${formatDuration(helpful)}, which was tried; ${delay}.`
  }
  const spans = tried.map(formatDuration).join(' and ')
  return `No timeout is known to help: ${spans} were tried; ${delay}.`
}

/** A timeout of so many delays is long enough for most laws, and for those with long tails. */
const generous = [10, 100]

/**
 * Makes a search again with generous timeouts, until it succeeds with one.
 *
 * @param succeeds Whether it does with a timeout of so many ms.
 */
export function tryTimeouts(
  longestDelay: Time,
  succeeds: (timeout: Time) => boolean,
): TimeoutTrials {
  const tried: Time[] = []
  for (const delays of generous) {
    const timeout = Math.max(ms(1), delays * longestDelay)
    tried.push(timeout)
    if (succeeds(timeout)) return { tried, helpful: timeout }
  }
  return { tried, helpful: undefined }
}
