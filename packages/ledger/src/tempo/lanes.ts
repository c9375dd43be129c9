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

export type TempoStop = 'gas limit' | 'size limit' | 'build budget' | 'pool empty'

/**
 * Fills a block in the given order. A general transaction past its lane's cap, or one above the
 * cap per transaction, is skipped; the first other limit that is hit ends the block.
 *
 * @returns indices of what is included, and why the builder stopped.
 */
export function fillTempoBlock(
  candidates: readonly TempoCandidate[],
  limits: TempoLimits,
): { included: number[]; stop: TempoStop; gas: number; generalGas: number } {
  const included: number[] = []
  let [gas, generalGas, bytes, timeUs] = [0, 0, 0, 0]
  const result = (stop: TempoStop) => ({ included, stop, gas, generalGas })
  for (const [index, candidate] of candidates.entries()) {
    if (!(candidate.gas > 0 && candidate.bytes > 0 && candidate.timeUs >= 0)) {
      throw new TempoError(`transaction ${index}`, 'gas and bytes above 0', candidate.gas)
    }
    const general = candidate.lane === 'general' ? candidate.gas : 0
    if (candidate.gas > limits.transactionGas) continue
    if (generalGas + general > limits.generalGas) continue
    if (gas + candidate.gas > limits.gas) return result('gas limit')
    if (bytes + candidate.bytes > limits.bytes) return result('size limit')
    if (timeUs + candidate.timeUs > limits.timeUs) return result('build budget')
    included.push(index)
    gas += candidate.gas
    generalGas += general
    bytes += candidate.bytes
    timeUs += candidate.timeUs
  }
  return result('pool empty')
}
