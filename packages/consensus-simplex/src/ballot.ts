import { none, voteOf } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import { isCeremonyDataValid } from './ceremony.ts'
import type { Core } from './core.ts'
import { requestBlock, requestCertificates } from './fetching.ts'
import { followsOwnVote, isOfFuture, judgeProposal } from './parentRule.ts'
import { hasOwnShard } from './shards.ts'
import { isGivenUp } from './terms.ts'
import type { ViewState } from './viewWindow.ts'

/** `wait`: something is missing, and was asked for where somebody may have it. */
export type Ballot = 'approve' | 'refuse' | 'wait'

/**
 * Whether to vote for the leader's proposal in the current view, or one ahead of it. What must be
 * executed before the vote is executed here.
 */
export function judgeBallot(core: Core, state: ViewState): Ballot {
  const { context, leader, settings, votes } = core
  const block = voteOf(state.notarise, leader)
  if (block < 0 || state.ownNotarise !== none || !votes || isGivenUp(core, state)) return 'wait'
  const isCoded = settings.dissemination === 'coded'
  if (isCoded ? !hasOwnShard(core, block) : !core.chain.isHeld(block)) return 'wait'
  const { view } = state
  if (view > core.view) {
    if (isOfFuture(core, block) || !followsOwnVote(core, state, block)) return 'wait'
  } else {
    const verdict = judgeProposal(core, view, block)
    if (verdict === 'refused') return 'refuse'
    if (verdict === 'missing') requestCertificates(core, core.finalisedView, view, leader)
    if (verdict !== 'justified') return 'wait'
  }
  if (isCoded) return 'approve'
  return judgeContents(core, block, context.blocks.round(block) < view)
}

/** @param isAgain the last block of an epoch, certified before. */
function judgeContents(core: Core, block: BlockId, isAgain: boolean): Ballot {
  const { chain, context, settings } = core
  const parent = isAgain ? block : context.blocks.parent(block)
  const isDeferred = settings.dissemination === 'deferred'
  const missing = isDeferred ? chain.missing(parent) : chain.bring(parent)
  if (missing !== none) {
    requestBlock(core, missing)
    return 'wait'
  }
  if (isDeferred || chain.isReady(block)) {
    return isAgain || isCeremonyDataValid(core, block) ? 'approve' : 'refuse'
  }
  return isCeremonyDataValid(core, block) && chain.validate(block) ? 'approve' : 'refuse'
}
