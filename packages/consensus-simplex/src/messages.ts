import type { BlockId } from '@counterpoise/ledger'

/** What a message is, as a small integer: the first thing that a receiver looks at. */
export const messageTypes = {
  notarise: 0,
  nullify: 1,
  finalise: 2,
  notarisation: 3,
  nullification: 4,
  finalisation: 5,
  block: 6,
  blockRequest: 7,
  certificateRequest: 8,
  certificates: 9,
} as const

type MessageTypes = typeof messageTypes

/** One member's signature under a block or, to nullify, under the view itself (block −1). */
export type Vote = {
  type: MessageTypes['notarise'] | MessageTypes['nullify'] | MessageTypes['finalise']
  view: number
  block: BlockId
}

/**
 * A quorum's votes of one kind in one aggregate signature. It is taken at its word: a behaviour
 * that makes one up models a broken signature scheme.
 */
export type Certificate = {
  type: MessageTypes['notarisation'] | MessageTypes['nullification'] | MessageTypes['finalisation']
  view: number
  block: BlockId
}

/** A whole block: pushed by its leader or sent on request. */
export type BlockMessage = { type: MessageTypes['block']; view: number; block: BlockId }

/** Asks for a block and its ancestors above a height. */
export type BlockRequest = { type: MessageTypes['blockRequest']; block: BlockId; above: number }

/** Asks for the certificates of the views `from` … `until` − 1, or for a higher finalisation. */
export type CertificateRequest = {
  type: MessageTypes['certificateRequest']
  from: number
  until: number
}

/** The answer to a request for certificates, highest view first. */
export type CertificateBundle = {
  type: MessageTypes['certificates']
  certificates: readonly Certificate[]
}

export type SimplexMessage =
  | Vote
  | Certificate
  | BlockMessage
  | BlockRequest
  | CertificateRequest
  | CertificateBundle

/**
 * Sizes on the wire, bytes. Derived from the encodings of Commonware 2026.7.1 as Tempo uses them
 * (`simplex/types.rs`, `scheme/bls12381_threshold/vrf.rs`): a vote carries a partial signature and
 * a partial seed of 48 bytes each. The size of a request is an assumption.
 */
const payloadBytes = {
  vote: 138,
  nullify: 103,
  certificate: 137,
  nullification: 102,
  request: 24,
} as const

/** Length, channel, epoch sub-channel and 16 bytes of authentication tag around each message. */
export const framingBytes = 25

export const requestBytes = payloadBytes.request + framingBytes

export function voteBytes(type: Vote['type']): number {
  return framingBytes + (type === messageTypes.nullify ? payloadBytes.nullify : payloadBytes.vote)
}

export function certificateBytes(type: Certificate['type']): number {
  const isNullification = type === messageTypes.nullification
  return framingBytes + (isNullification ? payloadBytes.nullification : payloadBytes.certificate)
}

export function bundleBytes(certificates: readonly Certificate[]): number {
  let bytes = framingBytes
  for (const { type } of certificates) bytes += certificateBytes(type) - framingBytes
  return bytes
}
