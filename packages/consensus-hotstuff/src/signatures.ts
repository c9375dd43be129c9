import type { Signatures } from '@counterpoise/consensus'
import { sharedSignatures, signed } from '@counterpoise/consensus/parts'
import { type HotStuffMessage, messageTypes } from './messages.ts'

/** Proposals and timeouts carry the certificates that justify them. */
export function hotStuffSignatures(message: HotStuffMessage): Signatures {
  switch (message.type) {
    case messageTypes.vote:
      return signed.vote
    case messageTypes.proposal:
      return { votes: 1, certificates: message.timeout === undefined ? 1 : 2 }
    case messageTypes.timeout:
      return { votes: 1, certificates: message.entry === undefined ? 1 : 2 }
    case messageTypes.sync:
      return { votes: 0, certificates: message.timeout === undefined ? 1 : 2 }
    default:
      return sharedSignatures(message)
  }
}
