import { addVote, isQuorum, none, toVoters, voteOf } from '@counterpoise/consensus/parts'
import type { NodeId } from '@counterpoise/network'
import { aheadMax, type Core, roundOf } from './core.ts'
import type { BlockData } from './leaders.ts'
import { certificateBytes, messageTypes, type Proposal, type Vote, voteBytes } from './messages.ts'
import { entryBytes, holdCertificate, holdTimeout } from './rounds.ts'

/** As the leader: proposes a block on the highest certificate, once its parent is executed. */
export function tryPropose(core: Core): void {
  const { context, finality, high, quorumSize, round, settings } = core
  const isOpen = core.isProposalDue && core.proposedRound < round && core.votes
  if (!isOpen || core.leaders.leaderOf(round) !== context.self) return
  if (!finality.bring(high.block, none)) return
  const timeout = core.timeout?.round === round - 1 ? core.timeout : undefined
  const proof = certificateBytes(quorumSize) + entryBytes(core, timeout)
  const data: BlockData = { signers: signersOf(core) }
  const bytes = settings.headerBytes + proof
  const block = context.build(high.block, { round, bytes, data })
  if (block < 0) return
  core.proposedRound = round
  finality.chain.adopt(block)
  context.report.proposed(block)
  const { proposal } = messageTypes
  const message: Proposal = { type: proposal, round, block, parent: high, timeout }
  // Those who follow have no use for proposals: they hear what is final.
  toVoters(context, finality.electorate, message, context.blocks.bytes(block) + voteBytes)
  core.proposal = message
  tryVote(core)
}

/** Who has signed the highest certificate, as far as it was made here. */
function signersOf(core: Core): NodeId[] {
  const { high } = core
  const known = core.rounds.find(({ round }) => round === high.round)
  if (known === undefined) return []
  const { voters } = core.finality.electorate
  return voters.filter((voter) => voteOf(known.votes, voter) === high.block)
}

export function receiveProposal(core: Core, from: NodeId, message: Proposal): void {
  const { context, finality, leaders } = core
  const { blocks } = context
  const { block, parent, round, timeout } = message
  finality.hold(block)
  holdCertificate(core, parent, from)
  holdTimeout(core, timeout)
  if (round < core.round || round > core.round + aheadMax) return
  if (from !== leaders.leaderOf(round) || core.proposal?.round === round) return
  const isWellFormed = blocks.parent(block) === parent.block && blocks.round(block) === round
  if (!isWellFormed || blocks.proposer(block) !== from) return
  core.proposal = message
  tryVote(core)
}

/** Votes for the proposal of the current round, where the rules of safety allow it. */
export function tryVote(core: Core): void {
  const { context, finality, proposal, round, settings } = core
  if (!core.votes || proposal === undefined || proposal.round !== round) return
  if (round <= core.lastVoted || !isSafe(core, proposal)) return
  const { block, parent } = proposal
  const { chain } = finality
  if (!finality.bring(parent.block, context.blocks.proposer(block))) return
  if (!chain.isReady(block) && !chain.validate(block)) return
  core.lastVoted = round
  if (settings.chainLength === 3) {
    const grandparent = context.blocks.parent(parent.block)
    if (grandparent !== none) {
      core.lockedRound = Math.max(core.lockedRound, context.blocks.round(grandparent))
    }
  }
  const next = core.leaders.leaderOf(round + 1)
  const vote: Vote = { type: messageTypes.vote, round, block }
  if (next === context.self) receiveVote(core, context.self, vote)
  else context.send(next, vote, voteBytes)
}

/**
 * The rule of the 3-chain is its lock; that of the 2-chain asks for the round before. The parent is
 * of an earlier round than this one, which its certificate has ended at the latest.
 */
function isSafe({ lockedRound, settings }: Core, { parent, round, timeout }: Proposal): boolean {
  if (settings.chainLength === 3) return parent.round >= lockedRound
  if (parent.round === round - 1) return true
  return timeout?.round === round - 1 && parent.round >= timeout.highRound
}

/** As the leader of the round after: a quorum of votes is a certificate. */
export function receiveVote(core: Core, from: NodeId, { round, block }: Vote): void {
  const { electorate } = core.finality
  if (round < core.round - 1 || round > core.round + aheadMax) return
  const weight = addVote(roundOf(core, round).votes, from, block, electorate.weights[from]!)
  if (weight < 0) core.context.report.equivocated(from)
  if (weight > 0 && isQuorum(electorate, weight)) {
    holdCertificate(core, { round, block }, from)
  }
}
