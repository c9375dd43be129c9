import { framingBytes, type SharedMessage } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'

export const messageTypes = { proposal: 0, prevote: 1, precommit: 2 } as const

type MessageTypes = typeof messageTypes

/** A block for a round of its height; prevoted by a quorum in `validRound` before, or −1. */
export type Proposal = {
  type: MessageTypes['proposal']
  height: number
  round: number
  block: BlockId
  validRound: number
}

/** For a block, or for none of them (`nil`). */
export type Vote = {
  type: MessageTypes['prevote'] | MessageTypes['precommit']
  height: number
  round: number
  block: BlockId
  /** Said before; who is ahead answers with what its sender may have missed. */
  isRepeat: boolean
}

export type TendermintMessage = Proposal | Vote | SharedMessage

/** The block of a vote for none. */
export const nil = 0

/** Sizes on the wire, bytes: a digest of 32, a signature of 64 (Ed25519), numbers of 8 bytes. */
const digestBytes = 32
const signatureBytes = 64
const numberBytes = 8

export const voteBytes = framingBytes + 3 * numberBytes + digestBytes + signatureBytes

export const certificateBytes = (signers: number): number =>
  framingBytes + 2 * numberBytes + digestBytes + signers * (signatureBytes + numberBytes)
