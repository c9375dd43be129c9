import { framingBytes, type SharedMessage } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'

export const messageTypes = {
  prePrepare: 0,
  prepare: 1,
  commit: 2,
  viewChange: 3,
  newView: 4,
} as const

type MessageTypes = typeof messageTypes

/** The primary's proposal of a block in a view; at the height that the block has. */
export type PrePrepare = { type: MessageTypes['prePrepare']; view: number; block: BlockId }

export type Vote = {
  type: MessageTypes['prepare'] | MessageTypes['commit']
  view: number
  height: number
  block: BlockId
}

/** A member gives a view up and says what the next primary must know. */
export type ViewChange = {
  type: MessageTypes['viewChange']
  /** The view that it wants. */
  view: number
  from: number
  /** The highest block that it has a certificate of being final for. */
  final: BlockId
  /** The block above it that it has prepared, or `none`, and the view in which it did. */
  prepared: BlockId
  preparedView: number
}

/** The new primary shows a quorum's view changes; what it must propose follows from them. */
export type NewView = {
  type: MessageTypes['newView']
  view: number
  changes: readonly ViewChange[]
}

export type PbftMessage = PrePrepare | Vote | ViewChange | NewView | SharedMessage

/**
 * Sizes on the wire, bytes: a digest of 32, a signature of 64 (Ed25519), numbers of 8 bytes.
 * Certificates are lists of signatures, so they grow with the quorum.
 */
const digestBytes = 32
const signatureBytes = 64
const numberBytes = 8

export const voteBytes = framingBytes + 2 * numberBytes + digestBytes + signatureBytes

export const certificateBytes = (signers: number): number =>
  2 * numberBytes + digestBytes + signers * (signatureBytes + numberBytes)

/** A view change carries the certificates of its final and of its prepared block. */
export const viewChangeBytes = (quorum: number): number =>
  framingBytes + numberBytes + 2 * certificateBytes(quorum) + signatureBytes

export const newViewBytes = (quorum: number): number =>
  framingBytes + numberBytes + quorum * viewChangeBytes(quorum) + signatureBytes
