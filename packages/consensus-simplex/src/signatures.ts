import type { Signatures } from '@counterpoise/consensus'
import { signed } from '@counterpoise/consensus/parts'
import { messageTypes, type SimplexMessage } from './messages.ts'

/** Blocks and requests are not signed: a block is vouched for by the votes that name it. */
export function simplexSignatures(message: SimplexMessage): Signatures {
  const { certificates, finalisation, finalise } = messageTypes
  if (message.type <= finalise) return signed.vote
  if (message.type <= finalisation) return signed.certificate
  if (message.type !== certificates) return signed.nothing
  return { votes: 0, certificates: message.certificates.length }
}
