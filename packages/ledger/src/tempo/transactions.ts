import { TempoError } from './forks.ts'
import { plainTransferGas, stateCreationGas, tempoEnvelopeGas } from './gas.ts'
import type { TempoLane } from './lanes.ts'
import type { PaymentId } from '../payments.ts'

/** How a transaction is kept from being executed twice. */
export const nonceKinds = ['protocol', 'key', 'expiring'] as const
export type NonceKind = (typeof nonceKinds)[number]

/** One call of a transaction: a payment to an account. */
export type TempoCallOrder = { payment: PaymentId; to: number }

/** A Tempo transaction (type 0x76) as it is signed. */
export type TempoTransactionOrder = {
  lane: TempoLane
  from: number
  /** None where it does something else to a channel (`callGas`). */
  calls: readonly TempoCallOrder[]
  /** Number of the TIP-20 token that is paid. */
  token: number
  /** Number of the token that the fee is paid in. */
  feeToken: number
  nonce: NonceKind
  /** With nonces by key: which of the account's sequences. */
  nonceKey: number
  /** With an expiring nonce: the block's time before which it is valid, whole seconds. */
  validBefore: number
  signature: 'secp256k1' | 'p256'
  keychain: boolean
  virtualAddress: boolean
  /** The token has a TIP-403 policy other than to allow everybody. */
  customPolicy: boolean
  /** Gas of a call that is no TIP-20 transfer, or of what is no call; else the transfer's own. */
  callGas?: number | undefined
  bytes: number
  gasLimit: number
}

/** What a pool gives a transaction. */
type Entry = {
  /** Its number, from 0; stands for its hash. */
  id: number
  /** Number of the sequence of its nonces; −1 with an expiring nonce. */
  sequence: number
  /** Its place in that sequence, from 0; given when it enters a pool. */
  place: number
}

/** A transaction that a pool knows. */
export type TempoTransaction = TempoTransactionOrder & Entry

/** An order as the pool keeps it, member by member: all have one shape then, and are read fast. */
export const transactionOf = (order: TempoTransactionOrder, entry: Entry): TempoTransaction => ({
  lane: order.lane,
  from: order.from,
  calls: order.calls,
  token: order.token,
  feeToken: order.feeToken,
  nonce: order.nonce,
  nonceKey: order.nonceKey,
  validBefore: order.validBefore,
  signature: order.signature,
  keychain: order.keychain,
  virtualAddress: order.virtualAddress,
  customPolicy: order.customPolicy,
  callGas: order.callGas,
  bytes: order.bytes,
  gasLimit: order.gasLimit,
  id: entry.id,
  sequence: entry.sequence,
  place: entry.place,
})

/** The base of a signature by secp256k1, which the figures of a transfer contain. */
const signatureGas = 21_000

/**
 * Gas of a transaction: the first transfer with signature and nonce, and for each further call the
 * same without them.
 *
 * @param fresh What the state before it says: an unused nonce key, and receivers without balance.
 * @throws TempoError where it does nothing.
 */
export function tempoTransactionGas(
  transaction: TempoTransactionOrder,
  fresh: { nonceKey: boolean; balances: number },
): number {
  const { calls, callGas, customPolicy, keychain, nonce, signature, virtualAddress } = transaction
  if (calls.length === 0 && callGas === undefined) {
    throw new TempoError('a transaction', 'at least one call', 0)
  }
  const nonceState = nonce !== 'key' ? nonce : fresh.nonceKey ? 'new-key' : 'existing-key'
  const envelope = tempoEnvelopeGas(nonceState, signature, keychain) + signatureGas
  const each = (callGas ?? plainTransferGas(customPolicy, virtualAddress)) - signatureGas
  return envelope + each * Math.max(1, calls.length) + stateCreationGas * fresh.balances
}
