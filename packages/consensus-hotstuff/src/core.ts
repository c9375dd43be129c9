import type { ReplicaContext } from '@counterpoise/consensus'
import { createVoteSet, type Finality, type VoteSet } from '@counterpoise/consensus/parts'
import type { Leaders } from './leaders.ts'
import type { Certificate, HotStuffMessage, Proposal, TimeoutCertificate } from './messages.ts'
import type { Settings } from './parameters.ts'

export const timers = { round: 0, propose: 1 } as const

/** What is known of one round. */
export type Round = {
  round: number
  votes: VoteSet
  timeouts: VoteSet
  /** The round of the highest certificate among the timeouts. */
  highRound: number
}

/** A replica's whole state; all of it survives an outage. */
export type Core = {
  context: ReplicaContext<HotStuffMessage>
  settings: Settings
  finality: Finality
  leaders: Leaders
  votes: boolean
  /** The signatures of a certificate among members of equal weight. */
  quorumSize: number
  round: number
  /** The highest round in which it has voted or which it has given up. */
  lastVoted: number
  /** It votes only for blocks whose parent's certificate is of this round or above (3-chain). */
  lockedRound: number
  high: Certificate
  /** The highest timeout certificate. */
  timeout: TimeoutCertificate | undefined
  /** The proposal of the current round, voted for or not. */
  proposal: Proposal | undefined
  /** As the leader: the time to propose has come. */
  isProposalDue: boolean
  proposedRound: number
  rounds: Round[]
}

/** What is known of a round, made where nothing was. */
export function roundOf(core: Core, round: number): Round {
  for (const known of core.rounds) if (known.round === round) return known
  const { size } = core.context.committee
  const known = { round, votes: createVoteSet(size), timeouts: createVoteSet(size), highRound: 0 }
  core.rounds.push(known)
  return known
}

/** Rounds this far ahead of one's own are not taken in. */
export const aheadMax = 1_000
