import type { BlockId } from '@counterpoise/ledger'

/** Types of the messages of the shared parts; a protocol's own are numbers below 100. */
export const sharedTypes = {
  block: 100,
  blockRequest: 101,
  decision: 102,
  decisionRequest: 103,
} as const

type SharedTypes = typeof sharedTypes

/** What members say to each other to keep up, whatever the protocol. */
export type SharedMessage =
  /** A whole block, on request. */
  | { type: SharedTypes['block']; block: BlockId }
  /** Asks for a block and its ancestors above a height. */
  | { type: SharedTypes['blockRequest']; block: BlockId; above: number }
  /** A certificate that a block is final. It is taken at its word. */
  | { type: SharedTypes['decision']; block: BlockId }
  /** Asks for a decision above a height. */
  | { type: SharedTypes['decisionRequest']; above: number }

/** Length, channel, epoch sub-channel and 16 bytes of authentication tag around each message. */
export const framingBytes = 25

/** Size of a request, framing included. An assumption. */
export const requestBytes = 24 + framingBytes
