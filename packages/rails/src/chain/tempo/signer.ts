import { createSampler, ms, type Simulation, type Stream, type Time } from '@counterpoise/engine'
import {
  type NonceKind,
  nonceKinds,
  type PaymentId,
  type Payments,
  tempoTransactionGas,
  type TempoTransactionOrder,
} from '@counterpoise/ledger'
import type { TempoOptions } from './options.ts'

/** Signs the transactions of payments. */
export type TempoSigner = {
  /** Draws what the payer's software decides; the same whatever the state of the chain. */
  sign: (payment: PaymentId) => SignedPayment
  /** The number of the token that an account pays with. */
  tokenOf: (account: number) => number
}

export type SignedPayment = {
  order: TempoTransactionOrder
  /** The payee pays the fee. */
  isSponsored: boolean
  /** Until its payer knows what to pay, µs. */
  delay: Time
}

export type TempoSignerOptions = {
  name: string
  payments: Payments
  tempo: TempoOptions
  /** Whether transfers of a token look up a list. */
  isLookedUp: (token: number) => boolean
  bytesPerPayment: number
}

/**
 * Bytes of a second signature. What P-256 takes beyond secp256k1: its public key, and a byte more
 * (130 in all, with one for its type and one for its hash; 65). What an access key adds: its type
 * and the account. Source: tempoxyz/tempo, crates/primitives, tt_signature.rs.
 */
const sponsorBytes = 65
const p256Bytes = 65
const keychainBytes = 21

export function createTempoSigner(
  simulation: Simulation,
  { name, payments, tempo, isLookedUp, bytesPerPayment }: TempoSignerOptions,
): TempoSigner {
  const stream = (purpose: string): Stream => simulation.stream(`${name}/tempo/${purpose}`)
  const streams = {
    nonces: stream('nonces'),
    keys: stream('keys'),
    signatures: stream('signatures'),
    calls: stream('calls'),
    sponsors: stream('sponsors'),
    charges: stream('charges'),
  }
  const tokenOf = createTokenChoice(tempo, stream('tokens'))
  const { generalCall, nonces, shares } = tempo
  const challenge = createSampler(tempo.charges.challengeMs)
  const nonceWeights = [nonces.protocol, nonces.key, nonces.expiring]

  return {
    tokenOf,
    sign: (payment) => {
      const from = payments.from(payment)
      const to = payments.to(payment)
      const kind = nonceKinds[pick(nonceWeights, streams.nonces.uniform())]!
      const key = 1 + streams.keys.below(nonces.keys)
      const signature = streams.signatures.uniform() < shares.p256 ? 'p256' : 'secp256k1'
      const keychain = streams.signatures.uniform() < shares.keychain
      const isGeneral = streams.calls.uniform() < shares.general
      const virtualAddress = streams.calls.uniform() < shares.virtualAddress
      const isSponsored = streams.sponsors.uniform() < shares.sponsored
      const isCharge = streams.charges.uniform() < tempo.charges.share
      const challenged = Math.max(0, ms(challenge(streams.charges)))
      const extraBytes =
        (isSponsored ? sponsorBytes : 0) +
        (signature === 'p256' ? p256Bytes : 0) +
        (keychain ? keychainBytes : 0)
      const token = tokenOf(from)
      const order: TempoTransactionOrder = {
        lane: isGeneral ? 'general' : 'payment',
        from,
        calls: [{ payment, to }],
        token,
        // The preference of who pays the fee, which is the token that this account pays with.
        feeToken: isSponsored ? tokenOf(to) : token,
        nonce: kind,
        nonceKey: kind === 'key' ? key : 0,
        validBefore: validBefore(kind, simulation.now(), nonces.validForSeconds),
        signature,
        keychain,
        virtualAddress,
        customPolicy: isLookedUp(token),
        callGas: isGeneral ? generalCall.gas : undefined,
        bytes: (isGeneral ? generalCall.bytes : bytesPerPayment) + extraBytes,
        gasLimit: 0,
      }
      const most = tempoTransactionGas(order, { nonceKey: true, balances: 1 })
      order.gasLimit = Math.max(tempo.gasLimit, most)
      return { order, isSponsored, delay: isCharge ? challenged : 0 }
    },
  }
}

const validBefore = (kind: NonceKind, now: number, validForSeconds: number): number =>
  kind === 'expiring' ? Math.floor(now / 1_000_000) + validForSeconds : Number.MAX_SAFE_INTEGER

/** Draws the token of each account, in the order of the accounts whoever is asked for first. */
function createTokenChoice({ tokens }: TempoOptions, stream: Stream): TempoSigner['tokenOf'] {
  const weights = tokens.map(({ share }) => share)
  const chosen: number[] = []
  return (account) => {
    while (chosen.length <= account) chosen.push(pick(weights, stream.uniform()))
    return chosen[account]!
  }
}

/** The index in whose share of the sum a number between 0 and 1 falls. */
function pick(weights: readonly number[], uniform: number): number {
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.findLastIndex((weight) => weight > 0)
}
