import { framingBytes, type SharedMessage } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'

export const messageTypes = { proposal: 0, prevote: 1, precommit: 2 } as const

type MessageTypes = typeof messageTypes

/**
 * A block for a round of its height. Where a quorum has prevoted it in an earlier round, that is
 * `validRound`, and the prevotes come along, in place of the gossip that would bring them; else −1.
 */
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

/** A proposal with a quorum's prevotes is as much a certificate as a word of its sender. */
export const isOwnWord = (message: TendermintMessage): boolean =>
  message.type === messageTypes.proposal
    ? message.validRound < 0
    : message.type === messageTypes.prevote || message.type === messageTypes.precommit

/** The block of a vote for none. */
export const nil = 0

/** Sizes on the wire, bytes: a digest of 32, a signature of 64 (Ed25519), numbers of 8 bytes. */
const digestBytes = 32
const signatureBytes = 64
const numberBytes = 8

export const voteBytes = framingBytes + 3 * numberBytes + digestBytes + signatureBytes

export const certificateBytes = (signers: number): number =>
  framingBytes + 2 * numberBytes + digestBytes + signers * (signatureBytes + numberBytes)
