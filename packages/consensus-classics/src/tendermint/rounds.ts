import {
  framingBytes,
  hasHonest,
  hasVoted,
  isQuorum,
  none,
  toVoters,
} from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import {
  type Core,
  count,
  proposerOf,
  type Round,
  roundOf,
  sayVote,
  timers,
  weightOf,
} from './core.ts'
import { certificateBytes, messageTypes, nil, type Proposal, voteBytes } from './messages.ts'

/** Line 11 of the algorithm: a round of the current height begins. */
export function startRound(core: Core, round: number): void {
  const { context, height, settings } = core
  core.round = round
  core.step = 'propose'
  core.isProposalDue = false
  if (!core.votes) return
  for (const timer of [timers.propose, timers.prevote, timers.precommit]) context.clearTimer(timer)
  context.setTimer(timers.retry, settings.retry)
  if (proposerOf(core, height, round) === context.self) {
    core.isProposalDue = true
    tryPropose(core)
  } else context.setTimer(timers.propose, settings.proposeTimeout(round))
  considerAll(core)
}

/** As the proposer: what was prevoted by a quorum before, or a new block. */
export function tryPropose(core: Core): void {
  const { context, finality, height, round, settings } = core
  if (!core.isProposalDue) return
  const parent = finality.final()
  if (!finality.bring(parent, none)) return
  const block = core.validBlock === none ? buildBlock(core, parent) : core.validBlock
  if (block < 0) return
  core.isProposalDue = false
  const { validRound } = core
  const proposal: Proposal = { type: messageTypes.proposal, height, round, block, validRound }
  roundOf(core, height, round).proposal = proposal
  const proof = validRound < 0 ? 0 : certificateBytes(core.quorumSize)
  const bytes = context.blocks.bytes(block) + voteBytes + framingBytes + proof
  toVoters(context, finality.electorate, proposal, bytes)
  context.setTimer(timers.propose, settings.proposeTimeout(round))
}

function buildBlock(core: Core, parent: BlockId): BlockId {
  const { context, finality, settings } = core
  // Attempts so far along this chain: one for each height, and one more for each further round.
  const round = context.blocks.round(parent) + 1 + core.round
  const block = context.build(parent, { round, bytes: settings.headerBytes })
  if (block < 0) return block
  finality.chain.adopt(block)
  context.report.proposed(block)
  return block
}

/** Looks at all rules again, for every round of the height that is known. */
export function considerAll(core: Core): void {
  const { height } = core
  for (const known of [...core.rounds]) if (known.height === height) consider(core, known)
}

/** The rules of the algorithm for what is known of one round, by the lines of its listing. */
export function consider(core: Core, known: Round): void {
  if (!core.votes || known.height !== core.height || core.step === 'wait') return
  // Line 55: some honest member is in a higher round.
  if (known.round > core.round) {
    if (hasHonest(core.finality.electorate, heardOf(core, known))) startRound(core, known.round)
    return
  }
  if (known.round === core.round) {
    tryPrevote(core, known)
    considerPrevotes(core, known)
  }
  considerPrecommits(core, known)
}

/** The weight of all who have said anything of a round. */
function heardOf(core: Core, { height, precommits, prevotes, proposal, round }: Round): number {
  const { weights, voters } = core.finality.electorate
  let weight = 0
  for (const voter of voters) {
    const isHeard = hasVoted(prevotes.set, voter) || hasVoted(precommits.set, voter)
    const hasProposed = proposal !== undefined && proposerOf(core, height, round) === voter
    if (isHeard || hasProposed) weight += weights[voter]!
  }
  return weight
}

/** Lines 22 and 28: prevotes for the proposal where the lock allows it, for none where not. */
function tryPrevote(core: Core, known: Round): void {
  const { context, finality } = core
  const { proposal } = known
  if (core.step !== 'propose' || proposal === undefined) return
  const { block, validRound } = proposal
  const { blocks } = context
  const isFree = core.lockedRound === -1 || core.lockedBlock === block
  if (validRound >= known.round) return
  if (!finality.bring(finality.final(), blocks.proposer(block))) return
  if (!finality.chain.isHeld(block)) {
    finality.bring(block, blocks.proposer(block))
    return
  }
  const isAllowed = isFree || (validRound >= 0 && core.lockedRound <= validRound)
  const isValid =
    blocks.parent(block) === finality.final() &&
    (finality.chain.isReady(block) || finality.chain.validate(block))
  castPrevote(core, known, isAllowed && isValid ? block : nil)
}

export function castPrevote(core: Core, known: Round, block: BlockId): void {
  core.step = 'prevote'
  known.ownPrevote = block
  sayVote(core, messageTypes.prevote, known, false)
  count(core, known.prevotes, core.context.self, block)
  considerPrevotes(core, known)
}

/** Lines 34, 36 and 44: what a quorum of prevotes leads to. */
function considerPrevotes(core: Core, known: Round): void {
  const { context, finality, settings } = core
  const { electorate } = finality
  const { prevotes, proposal } = known
  if (core.step === 'propose' || core.step === 'wait') return
  if (proposal !== undefined && isQuorum(electorate, weightOf(prevotes, proposal.block))) {
    const { block } = proposal
    if (core.validRound < known.round && finality.chain.isReady(block)) {
      core.validBlock = block
      core.validRound = known.round
      finality.notarise(block, none)
      if (core.step === 'prevote') {
        core.lockedBlock = block
        core.lockedRound = known.round
        castPrecommit(core, known, block)
        return
      }
    }
  }
  if (core.step !== 'prevote') return
  if (isQuorum(electorate, weightOf(prevotes, nil))) castPrecommit(core, known, nil)
  else if (isQuorum(electorate, prevotes.total) && !known.waitsForPrevotes) {
    known.waitsForPrevotes = true
    context.setTimer(timers.prevote, settings.voteTimeout(known.round))
  }
}

export function castPrecommit(core: Core, known: Round, block: BlockId): void {
  core.step = 'precommit'
  known.ownPrecommit = block
  sayVote(core, messageTypes.precommit, known, false)
  count(core, known.precommits, core.context.self, block)
  considerPrecommits(core, known)
}

/** Lines 47 and 49: what a quorum of precommits leads to, whatever the round. */
function considerPrecommits(core: Core, known: Round): void {
  const { context, finality, settings } = core
  const { electorate } = finality
  const { precommits, proposal } = known
  const { block } = precommits.set
  const decided = proposal?.block ?? (block > 0 ? block : none)
  if (decided !== none && isQuorum(electorate, weightOf(precommits, decided))) {
    finality.decide(decided, none)
    return
  }
  const isNow = known.round === core.round && !known.waitsForPrecommits
  if (isNow && isQuorum(electorate, precommits.total)) {
    known.waitsForPrecommits = true
    context.setTimer(timers.precommit, settings.voteTimeout(known.round))
  }
}
