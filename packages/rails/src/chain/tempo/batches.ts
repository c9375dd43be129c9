import type { Simulation, Stream } from '@counterpoise/engine'
import {
  type Bid,
  type PaymentId,
  tempoTransactionGas,
  type TempoTransactionOrder,
} from '@counterpoise/ledger'
import type { TempoOptions } from './options.ts'
import type { SignedPayment } from './signer.ts'

export type Batches = {
  /** Takes a payment into its payer's batch. False where it goes on its own. */
  add: (payment: PaymentId, signed: SignedPayment, bid: Bid) => boolean
  holds: (payment: PaymentId) => boolean
  /** Takes a payment out again. False where no open batch has it. */
  remove: (payment: PaymentId) => boolean
}

type Gathered = { payment: PaymentId; signed: SignedPayment; bid: Bid }

export type BatchesOptions = {
  name: string
  tempo: TempoOptions
  /** Sends a transaction; it bids the least that one of its payments does. */
  send: (order: TempoTransactionOrder, bid: Bid) => void
}

/** Gathers the payments of those accounts that send batches. */
export function createBatches(simulation: Simulation, options: BatchesOptions): Batches {
  const { name, send, tempo } = options
  const { callsMax, share, window } = tempo.batches
  const isBatcher = createChoice(simulation.stream(`${name}/tempo/batches`), share)
  const open = new Map<number, Gathered[]>()
  const accountOf = new Map<PaymentId, number>()
  /** Counts the batches of an account, so that the end of an old one is known as such. */
  const numbers = new Map<number, number>()

  const flush = (account: number): void => {
    const gathered = open.get(account)
    open.delete(account)
    numbers.set(account, (numbers.get(account) ?? 0) + 1)
    if (gathered === undefined || gathered.length === 0) return
    for (const { payment } of gathered) accountOf.delete(payment)
    const least = (part: keyof Bid): number =>
      gathered.reduce((low, { bid }) => Math.min(low, bid[part]), Number.POSITIVE_INFINITY)
    const bid = { cap: least('cap'), tip: least('tip') }
    send(merged(tempo, gathered.map(({ signed }) => signed.order)), bid)
  }
  const endKind = simulation.define(`${name}/batch`, (account, number) => {
    if ((numbers.get(account) ?? 0) === number) flush(account)
  })

  return {
    add: (payment, signed, bid) => {
      const { from, lane } = signed.order
      const isSingle = signed.isSponsored || lane === 'general' || !isBatcher(from)
      if (isSingle || callsMax < 2) return false
      const known = open.get(from)
      const gathered = known ?? []
      if (known === undefined) {
        open.set(from, gathered)
        simulation.after(window, endKind, from, numbers.get(from) ?? 0)
      }
      gathered.push({ payment, signed, bid })
      accountOf.set(payment, from)
      if (gathered.length === callsMax) flush(from)
      return true
    },
    holds: (payment) => accountOf.has(payment),
    remove: (payment) => {
      const account = accountOf.get(payment)
      if (account === undefined) return false
      accountOf.delete(payment)
      const rest = open.get(account)!.filter((each) => each.payment !== payment)
      // The batch goes on, should it be empty now: what comes before its end joins it.
      open.set(account, rest)
      return true
    },
  }
}

/** One transaction with the calls of several, signed as the first; valid as long as all are. */
export function merged(
  { batches, gasLimit }: TempoOptions,
  orders: readonly TempoTransactionOrder[],
): TempoTransactionOrder {
  const first = orders[0]!
  const calls = orders.flatMap((order) => order.calls)
  const order: TempoTransactionOrder = {
    ...first,
    calls,
    virtualAddress: orders.some(({ virtualAddress }) => virtualAddress),
    validBefore: orders.reduce(
      (soonest, { validBefore }) => Math.min(soonest, validBefore),
      first.validBefore,
    ),
    bytes: first.bytes + (calls.length - 1) * batches.bytesPerCall,
  }
  const most = tempoTransactionGas(order, { nonceKey: true, balances: calls.length })
  return { ...order, gasLimit: Math.max(gasLimit, most) }
}

/** Whether each account is of a share of all, drawn in the order of the accounts. */
function createChoice(stream: Stream, share: number): (account: number) => boolean {
  const chosen: boolean[] = []
  return (account) => {
    while (chosen.length <= account) chosen.push(stream.uniform() < share)
    return chosen[account]!
  }
}
