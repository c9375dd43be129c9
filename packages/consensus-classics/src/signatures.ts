import type { Signatures } from '@counterpoise/consensus'
import { none, sharedSignatures, signed } from '@counterpoise/consensus/parts'
import * as minimmit from './minimmit/messages.ts'
import * as pbft from './pbft/messages.ts'
import * as tendermint from './tendermint/messages.ts'

/** A proposal and a vote are signed by one, a certificate by a quorum. */
export function minimmitSignatures(message: minimmit.MinimmitMessage): Signatures {
  const { finalisation, nullify, request } = minimmit.messageTypes
  if (message.type <= nullify) return signed.vote
  if (message.type <= finalisation) return signed.certificate
  return message.type === request ? signed.nothing : sharedSignatures(message)
}

/** The certificates that a view change carries: of its final block, and of what it has prepared. */
const certificatesOf = ({ prepared }: pbft.ViewChange): number => (prepared === none ? 1 : 2)

/** A new view carries a quorum's view changes, each with its certificates. */
export function pbftSignatures(message: pbft.PbftMessage): Signatures {
  const { commit, newView, viewChange } = pbft.messageTypes
  if (message.type <= commit) return signed.vote
  if (message.type === viewChange) return { votes: 1, certificates: certificatesOf(message) }
  if (message.type !== newView) return sharedSignatures(message)
  const { changes } = message
  let certificates = 0
  for (const change of changes) certificates += certificatesOf(change)
  return { votes: 1 + changes.length, certificates }
}

/** A proposal of an earlier round brings its prevotes along. */
export function tendermintSignatures(message: tendermint.TendermintMessage): Signatures {
  const { precommit, proposal } = tendermint.messageTypes
  if (message.type === proposal) {
    return { votes: 1, certificates: message.validRound < 0 ? 0 : 1 }
  }
  return message.type <= precommit ? signed.vote : sharedSignatures(message)
}
