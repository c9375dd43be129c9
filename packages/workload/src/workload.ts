import type { Time } from '@counterpoise/engine'
import type { PaymentOrder } from '@counterpoise/ledger'
import type { Accounts } from './accounts.ts'
import type { Amounts } from './amounts.ts'
import type { Arrivals, OpenStream } from './arrivals.ts'
import { expectThat } from './errors.ts'
import type { Patience } from './patience.ts'
import type { TraceRows } from './trace.ts'

/** The payments that payers want to make (the offered load), in order of time. */
export type Workload = {
  /**
   * The next order, or undefined when there are no more. It is one object, overwritten by the next
   * call: what is to be kept is copied (`Payments.add` does).
   */
  next: () => PaymentOrder | undefined
  /** How many orders there have been. */
  count: () => number
}

/** What every workload is made of besides its times. */
export type WorkloadParts = {
  amounts: Amounts
  accounts: Accounts
  patience: Patience
  /** Opens a random stream by its purpose; a simulation's `stream`. */
  stream: OpenStream
  /** What the streams' purposes begin with; `workload` unless given. One per workload of a run. */
  name?: string | undefined
}

/** What `createWorkload` takes. */
export type WorkloadOptions = WorkloadParts & {
  arrivals: Arrivals
  /** Only orders before this time, µs. A smaller one gives a prefix of the same orders. */
  until?: Time | undefined
}

/** What `replayTrace` takes. A column that the trace has replaces the draw. */
export type ReplayOptions = WorkloadParts & {
  rows: TraceRows
  /** When the trace's time 0 is, µs; 0 unless given. */
  at?: Time | undefined
  /** Only orders before this time, µs. */
  until?: Time | undefined
}

/**
 * Payments at random. Times, amounts, accounts and patience come from streams of their own
 * (`workload/arrivals`, `workload/amounts` …): the same payments whatever else happens in the run,
 * and changing one part leaves the draws of the others as they were.
 *
 * @example
 * const workload = createWorkload({
 *   arrivals: poisson({ ratePerSecond: 100 }),
 *   amounts: lognormalAmounts({ meanUsd: 63.7, sigma: 1.2 }),
 *   accounts: zipfAccounts({ count: 10_000, payeeExponent: 1.05 }),
 *   patience: constantPatience(seconds(60)),
 *   stream: simulation.stream,
 *   until: minutes(10),
 * })
 */
export function createWorkload(options: WorkloadOptions): Workload {
  const { arrivals, until = Number.POSITIVE_INFINITY, name = 'workload' } = options
  const cursor = arrivals.start(options.stream, `${name}/arrivals`)
  return createGenerator(options, until, cursor.next, undefined)
}

/**
 * The payments of a trace, at its times. What the trace does not say is drawn, one draw per row,
 * as in `createWorkload`.
 *
 * @throws WorkloadError where the trace names more accounts than there are.
 */
export function replayTrace(options: ReplayOptions): Workload {
  const { rows, accounts, at = 0, until = Number.POSITIVE_INFINITY } = options
  const part = 'replayTrace'
  expectThat(Number.isSafeInteger(at) && at >= 0, part, 'a beginning at whole µs from 0 on', at)
  const named = rows.accounts.length
  expectThat(named <= accounts.count, part, `at most ${accounts.count} names in the trace`, named)
  let row = 0
  const next = (): Time | undefined => {
    if (row === rows.count) return undefined
    const time = at + rows.time[row++]!
    return time <= Number.MAX_SAFE_INTEGER ? time : undefined
  }
  return createGenerator(options, until, next, rows)
}

function createGenerator(
  parts: WorkloadParts,
  until: Time,
  nextTime: () => Time | undefined,
  rows: TraceRows | undefined,
): Workload {
  const { amounts, accounts, patience, stream, name = 'workload' } = parts
  const amountStream = stream(`${name}/amounts`)
  const accountStream = stream(`${name}/accounts`)
  const patienceStream = stream(`${name}/patience`)
  const order: PaymentOrder = { intendedAt: 0, from: 0, to: 0, amount: 0, patience: 0 }
  const { amount, from, to } = rows ?? {}
  let count = 0
  let isOver = false
  return {
    next: () => {
      if (isOver) return undefined
      const time = nextTime()
      if (time === undefined || time >= until) {
        isOver = true
        return undefined
      }
      const row = count++
      order.intendedAt = time
      order.amount = amount === undefined ? amounts.draw(amountStream) : amount[row]!
      if (from === undefined) {
        order.from = accounts.payer(accountStream, to?.[row])
        order.to = to === undefined ? accounts.payee(accountStream, order.from) : to[row]!
      } else {
        order.from = from[row]!
        order.to = to === undefined ? accounts.payee(accountStream, order.from) : to[row]!
      }
      order.patience = patience.draw(patienceStream)
      return order
    },
    count: () => count,
  }
}
