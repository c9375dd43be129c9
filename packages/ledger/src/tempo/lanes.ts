import { TempoError } from './forks.ts'

/** Calls of TIP-1045's allow-list (T5), by precompile. */
const paymentCalls = {
  tip20: [
    'transfer',
    'transferWithMemo',
    'transferFrom',
    'transferFromWithMemo',
    'approve',
    'mint',
    'mintWithMemo',
    'burn',
    'burnWithMemo',
  ],
  channelReserve: ['open', 'topUp', 'settle', 'close', 'requestClose', 'withdraw'],
} as const

/** One call as its bytes show it. */
export type TempoCall = {
  target: 'tip20' | 'channelReserve' | 'other' | 'create'
  method: string
  /** Of dynamic arguments. */
  dynamicBytes?: number | undefined
}

/** What the lane of a transaction depends on: its own bytes and no state. */
export type TempoEnvelope = {
  calls: readonly TempoCall[]
  accessListEntries?: number | undefined
  authorizations?: number | undefined
  keyAuthorizationBytes?: number | undefined
}

export type TempoLane = 'payment' | 'general'

/** The lane of a transaction (TIP-1045): one call off the list makes the whole batch general. */
export function laneOf(envelope: TempoEnvelope): TempoLane {
  const { calls, accessListEntries = 0, authorizations = 0, keyAuthorizationBytes = 0 } = envelope
  const plain = accessListEntries === 0 && authorizations === 0 && keyAuthorizationBytes <= 1_024
  return plain && calls.length > 0 && calls.every(isPayment) ? 'payment' : 'general'
}

function isPayment({ target, method, dynamicBytes = 0 }: TempoCall): boolean {
  if (target === 'other' || target === 'create' || dynamicBytes > 2_048) return false
  return (paymentCalls[target] as readonly string[]).includes(method)
}

/** A transaction as the builder sees it: gas, bytes of RLP, time to execute in µs. */
export type TempoCandidate = { lane: TempoLane; gas: number; bytes: number; timeUs: number }

/** Limits of a block; TIP-1010 and the largest RLP block. The time is the builder's own. */
export type TempoLimits = {
  gas: number
  generalGas: number
  transactionGas: number
  bytes: number
  timeUs: number
}

export const tempoLimits = (timeUs: number): TempoLimits => ({
  gas: 500_000_000,
  generalGas: 30_000_000,
  transactionGas: 30_000_000,
  bytes: 8_388_608,
  timeUs,
})

export const tempoStops = ['gas limit', 'size limit', 'build budget', 'pool empty'] as const
/** What ended a block. */
export type TempoStop = (typeof tempoStops)[number]

/** A block that is being filled. */
export type TempoFill = {
  /** Takes a transaction in, passes it by, or says what limit ends the block. */
  offer: (candidate: TempoCandidate) => 'included' | 'skipped' | TempoStop
  gas: () => number
  generalGas: () => number
  bytes: () => number
  transactions: () => number
}

/** µs that a block of so much takes of the build budget. */
export type BlockCost = (gas: number, bytes: number, transactions: number) => number

export type TempoFillOptions = {
  limits: TempoLimits
  /** What the block costs; else the sum of what each transaction takes. */
  cost?: BlockCost | undefined
  /** Gas of the general lane that is taken already. */
  generalGas?: number | undefined
}

/**
 * A general transaction past its lane's cap, or one above the cap per transaction, is skipped; any
 * other limit ends the block.
 *
 * @throws TempoError at a transaction without gas or bytes.
 */
export function createTempoFill(options: TempoFillOptions): TempoFill {
  const { limits, cost } = options
  let generalGas = options.generalGas ?? 0
  let gas = generalGas
  let [bytes, timeUs, transactions] = [0, 0, 0]
  return {
    offer: (candidate) => {
      if (!(candidate.gas > 0 && candidate.bytes > 0 && candidate.timeUs >= 0)) {
        throw new TempoError('a transaction', 'gas and bytes above 0', candidate.gas)
      }
      const general = candidate.lane === 'general' ? candidate.gas : 0
      if (candidate.gas > limits.transactionGas) return 'skipped'
      if (general > 0 && generalGas + general > limits.generalGas) return 'skipped'
      const gasAfter = gas + candidate.gas
      const bytesAfter = bytes + candidate.bytes
      const summed = timeUs + candidate.timeUs
      if (gasAfter > limits.gas) return 'gas limit'
      if (bytesAfter > limits.bytes) return 'size limit'
      const timeAfter = cost === undefined ? summed : cost(gasAfter, bytesAfter, transactions + 1)
      if (timeAfter > limits.timeUs) return 'build budget'
      gas = gasAfter
      generalGas += general
      bytes = bytesAfter
      timeUs = summed
      transactions++
      return 'included'
    },
    gas: () => gas,
    generalGas: () => generalGas,
    bytes: () => bytes,
    transactions: () => transactions,
  }
}

/**
 * Fills a block in the given order, by the rules of `createTempoFill`.
 *
 * @returns indices of what is included, and why the builder stopped.
 */
export function fillTempoBlock(
  candidates: readonly TempoCandidate[],
  limits: TempoLimits,
): { included: number[]; stop: TempoStop; gas: number; generalGas: number } {
  const included: number[] = []
  const fill = createTempoFill({ limits })
  const result = (stop: TempoStop) => ({
    ...{ included, stop, gas: fill.gas(), generalGas: fill.generalGas() },
  })
  for (const [index, candidate] of candidates.entries()) {
    const outcome = fill.offer(candidate)
    if (outcome === 'included') included.push(index)
    else if (outcome !== 'skipped') return result(outcome)
  }
  return result('pool empty')
}
