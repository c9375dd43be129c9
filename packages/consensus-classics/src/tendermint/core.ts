import type { ReplicaContext } from '@counterpoise/consensus'
import {
  addVote,
  createVoteSet,
  type Finality,
  none,
  toVoters,
  type VoteSet,
  weightBehind,
} from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import {
  messageTypes,
  type Proposal,
  type TendermintMessage,
  type Vote,
  voteBytes,
} from './messages.ts'
import type { Settings } from './parameters.ts'

/** `height` ends the wait between two heights. */
export const timers = { height: 0, propose: 1, prevote: 2, precommit: 3, retry: 4 } as const

/** What is known of one round of a height. */
export type Round = {
  height: number
  round: number
  proposal: Proposal | undefined
  prevotes: Votes
  precommits: Votes
  /** Own votes, or `none`. */
  ownPrevote: BlockId
  ownPrecommit: BlockId
  /** Whether the waits for more votes have begun. */
  waitsForPrevotes: boolean
  waitsForPrecommits: boolean
}

/** Votes of one kind, and the weight of all who have voted. */
export type Votes = { set: VoteSet; total: number }

export type Step = 'wait' | 'propose' | 'prevote' | 'precommit'

/** A replica's whole state; all of it survives an outage. */
export type Core = {
  context: ReplicaContext<TendermintMessage>
  settings: Settings
  finality: Finality
  votes: boolean
  /** The signatures of a certificate among members of equal weight. */
  quorumSize: number
  height: number
  round: number
  step: Step
  lockedBlock: BlockId
  lockedRound: number
  validBlock: BlockId
  validRound: number
  rounds: Round[]
  /** As the proposer: the parent is not there yet. */
  isProposalDue: boolean
}

export const proposerOf = (core: Core, height: number, round: number): NodeId => {
  const { voters } = core.context.committee
  return voters[(height - 1 + round) % voters.length]!
}

const emptyVotes = (size: number): Votes => ({ set: createVoteSet(size), total: 0 })

/** What is known of a round, made where nothing was. */
export function roundOf(core: Core, height: number, round: number): Round {
  for (const known of core.rounds) {
    if (known.round === round && known.height === height) return known
  }
  const { size } = core.context.committee
  const known: Round = {
    height,
    round,
    proposal: undefined,
    ownPrevote: none,
    ownPrecommit: none,
    prevotes: emptyVotes(size),
    precommits: emptyVotes(size),
    waitsForPrevotes: false,
    waitsForPrecommits: false,
  }
  core.rounds.push(known)
  return known
}

/** The weight behind a block, or behind none of them. */
export function weightOf({ set }: Votes, block: BlockId): number {
  return weightBehind(set, block)
}

/** Counts a vote; false where it was counted before or proves a contradiction. */
export function count(core: Core, votes: Votes, from: NodeId, block: BlockId): boolean {
  const share = core.finality.electorate.weights[from]!
  const weight = addVote(votes.set, from, block, share)
  if (weight < 0) core.context.report.equivocated(from)
  if (weight <= 0) return false
  votes.total += share
  return true
}

/** Says a vote to all, for the first time or again. */
export function sayVote(core: Core, type: Vote['type'], known: Round, isRepeat: boolean): void {
  const { context, finality } = core
  const { height, round } = known
  const block = type === messageTypes.prevote ? known.ownPrevote : known.ownPrecommit
  if (block === none) return
  toVoters(context, finality.electorate, { type, height, round, block, isRepeat }, voteBytes)
}
