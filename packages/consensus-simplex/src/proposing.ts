import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import { ceremonyBytes, ceremonyDataFor } from './ceremony.ts'
import { type Core, toVoters } from './core.ts'
import { bring } from './execution.ts'
import { requestBlock, requestCertificates } from './fetching.ts'
import { framingBytes, messageTypes } from './messages.ts'
import { findParent, isEndOfEpoch } from './parentRule.ts'
import { pushShards } from './shards.ts'
import { isSameTerm, viewsAhead } from './terms.ts'
import { timers } from './timers.ts'
import { knownView } from './viewWindow.ts'

/** The execution rules have made no block. */
export const failed = -2

/**
 * The leader's clock starts when it enters its view: the budget less the time that others will
 * need to check the block. What the parent needs is asked for meanwhile. Within a term it goes on
 * with the next view as soon as it has proposed, some views ahead of the one that it is in.
 */
export function startBuilding(core: Core): void {
  const { chain, context, proposedView, settings, view } = core
  const next = Math.max(view, proposedView + 1)
  if (next > view + viewsAhead(core) || next === core.buildView) return
  if (!isSameTerm(core, next, view)) return
  const parent = parentFor(core, next)
  const isEnd = parent !== none && isEndOfEpoch(core, parent)
  // The last block of an epoch is proposed again view by view.
  if (isEnd && next > view) return
  core.buildView = next
  core.isBuildDue = false
  const budget = isEnd ? 0 : Math.max(0, settings.buildBudget - chain.estimateValidation())
  context.setTimer(timers.build, Math.round(budget))
  preparedParent(core)
}

/** Ends what a leader has been building. */
export function stopBuilding(core: Core): void {
  core.buildView = 0
  core.isBuildDue = false
  core.context.clearTimer(timers.build)
}

/**
 * Builds; an epoch that has its last block but not its finality gets that block again.
 *
 * @returns a block, or `none` where the parent is not there yet, or `failed`.
 */
export function buildBlock(core: Core): BlockId {
  const { buildView, chain, context, settings } = core
  const parent = preparedParent(core)
  if (parent === none) return none
  if (isEndOfEpoch(core, parent)) return parent
  const data = ceremonyDataFor(core, parent)
  const bytes = settings.headerBytes + ceremonyBytes(core, data)
  // A leader whose clock is behind keeps the times of a chain from going back.
  const time = Math.max(context.now(), context.blocks.time(parent))
  const block = context.build(parent, { round: buildView, bytes, data, time })
  if (block < 0) return failed
  chain.adopt(block)
  context.report.proposed(block)
  return block
}

/** Sends the whole block to every other voter, one copy each, or each voter its shard. */
export function pushBlock(core: Core, block: BlockId): void {
  if (core.settings.dissemination === 'coded') {
    pushShards(core, core.buildView, block)
    return
  }
  const bytes = core.context.blocks.bytes(block) + framingBytes
  toVoters(core, { type: messageTypes.block, view: core.buildView, block }, bytes)
}

/** The parent, executed; or `none`, and what is missing is asked for. */
function preparedParent(core: Core): BlockId {
  const { buildView, chain, fetching, finalisedView } = core
  const parent = parentFor(core, buildView)
  if (parent === none) {
    requestCertificates(core, finalisedView, buildView, fetching.informant)
    return none
  }
  const missing = bring(core, parent)
  if (missing !== none) requestBlock(core, missing)
  return chain.isReady(parent) ? parent : none
}

/** Ahead of its own view a leader builds on its last block. */
function parentFor(core: Core, view: number): BlockId {
  if (view <= core.view) return findParent(core, view)
  return knownView(core.window, view - 1)?.ownNotarise ?? none
}
