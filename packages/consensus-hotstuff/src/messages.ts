import { framingBytes, type SharedMessage } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'

export const messageTypes = { proposal: 0, vote: 1, timeout: 2, sync: 3 } as const

type MessageTypes = typeof messageTypes

/** A quorum's votes for the block of a round. It is taken at its word. */
export type Certificate = { round: number; block: BlockId }

/** A quorum gave a round up; the highest certificate among them is of the round `highRound`. */
export type TimeoutCertificate = { round: number; highRound: number }

/** A block on a certified parent; with a timeout certificate where the round before failed. */
export type Proposal = {
  type: MessageTypes['proposal']
  round: number
  block: BlockId
  parent: Certificate
  timeout: TimeoutCertificate | undefined
}

/** To the leader of the next round, who makes a certificate of a quorum of them. */
export type Vote = { type: MessageTypes['vote']; round: number; block: BlockId }

/** A member gives a round up, and shows why it is in it. */
export type Timeout = {
  type: MessageTypes['timeout']
  round: number
  high: Certificate
  entry: TimeoutCertificate | undefined
}

/** To a member that is behind: the certificates that make it move on. */
export type Sync = {
  type: MessageTypes['sync']
  high: Certificate
  timeout: TimeoutCertificate | undefined
}

export type HotStuffMessage = Proposal | Vote | Timeout | Sync | SharedMessage

/**
 * Sizes on the wire, bytes: a digest of 32, a signature of 64 (Ed25519), numbers of 8 bytes.
 * Certificates are lists of signatures, as in DiemBFT, so they grow with the quorum.
 */
const digestBytes = 32
const signatureBytes = 64
const numberBytes = 8

export const voteBytes = framingBytes + 2 * numberBytes + 2 * digestBytes + signatureBytes

export const certificateBytes = (signers: number): number =>
  2 * numberBytes + 2 * digestBytes + signers * (signatureBytes + numberBytes)

/** A timeout certificate says for each signer how high its certificate was. */
export const timeoutCertificateBytes = (signers: number): number =>
  numberBytes + signers * (signatureBytes + 2 * numberBytes)
