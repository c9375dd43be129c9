import { framingBytes, none, type SharedMessage } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'

export const messageTypes = {
  proposal: 0,
  notarise: 1,
  nullify: 2,
  notarisation: 3,
  nullification: 4,
  finalisation: 5,
  request: 6,
} as const

type MessageTypes = typeof messageTypes

/** The leader's block of a view. */
export type Proposal = { type: MessageTypes['proposal']; view: number; block: BlockId }

/** A member's one vote of a view, or that it gives the view up (block `none`). */
export type Vote = {
  type: MessageTypes['notarise'] | MessageTypes['nullify']
  view: number
  block: BlockId
}

/** A quorum's votes of one kind in one signature. It is taken at its word. */
export type Certificate = {
  type: MessageTypes['notarisation'] | MessageTypes['nullification'] | MessageTypes['finalisation']
  view: number
  block: BlockId
}

/** Asks for the certificates of the views from here on. */
export type Request = { type: MessageTypes['request']; from: number }

export type MinimmitMessage = Proposal | Vote | Certificate | Request | SharedMessage

/** Sizes on the wire, bytes: those of Simplex with the same threshold signatures. */
export const voteBytes = (type: Vote['type']): number =>
  framingBytes + (type === messageTypes.nullify ? 103 : 138)

export const certificateBytes = (type: Certificate['type']): number =>
  framingBytes + (type === messageTypes.nullification ? 102 : 137)

export const noBlock = none
