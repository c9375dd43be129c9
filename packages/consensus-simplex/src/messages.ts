import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'

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
  share: 10,
  acknowledgement: 11,
  shard: 12,
} as const

type MessageTypes = typeof messageTypes

/** One member's signature under a block or, to nullify, under the view itself (block −1). */
export type Vote = {
  type: MessageTypes['notarise'] | MessageTypes['nullify'] | MessageTypes['finalise']
  view: number
  block: BlockId
  /** The voter whose shard of the block comes with the vote; its own. */
  owner?: NodeId | undefined
}

/** A leader's shard of its block for one voter. */
export type ShardMessage = {
  type: MessageTypes['shard']
  view: number
  block: BlockId
  owner: NodeId
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

/** In a key ceremony: a dealer's share for its receiver, or a player's receipt for one. */
export type CeremonyMessage = {
  type: MessageTypes['share'] | MessageTypes['acknowledgement']
  epoch: number
}

export type SimplexMessage =
  | CeremonyMessage
  | ShardMessage
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

/**
 * Sizes of a key ceremony, bytes. Calculated from a commitment to a polynomial with as many
 * coefficients as the players' quorum (a point of 96 bytes each: keys of BLS12-381 MinSig are on
 * G2), a share of 32 bytes and signatures of 64 bytes under receipts; lengths are left out.
 */
const ceremonyPayloads = { point: 96, share: 32, signature: 64 } as const

export const acknowledgementBytes = framingBytes + ceremonyPayloads.signature

export function shareBytes(players: number): number {
  return framingBytes + commitmentBytes(players) + ceremonyPayloads.share
}

/** A log shows a receipt for each share, or else the share itself. */
export function dealerLogBytes(players: number, acknowledged: number): number {
  const { share, signature } = ceremonyPayloads
  return commitmentBytes(players) + acknowledged * signature + (players - acknowledged) * share
}

/** The outcome: the group's polynomial, and 32 bytes for the key of each player. */
export function outcomeBytes(players: number): number {
  return commitmentBytes(players) + players * 32
}

function commitmentBytes(players: number): number {
  return (players - Math.floor((players - 1) / 3)) * ceremonyPayloads.point
}
