import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import { ceremonyBytes, ceremonyDataFor } from './ceremony.ts'
import { type Core, toVoters } from './core.ts'
import { bring } from './execution.ts'
import { requestBlock, requestCertificates } from './fetching.ts'
import { framingBytes, messageTypes } from './messages.ts'
import { findParent, isEndOfEpoch } from './parentRule.ts'
import { pushShards } from './shards.ts'
import { timers } from './timers.ts'

/** The execution rules have made no block. */
export const failed = -2

/**
 * The leader's clock starts when it enters its view: the budget less the time that others will
 * need to check the block. What the parent needs is asked for meanwhile.
 */
export function startBuilding(core: Core): void {
  const { chain, context, settings, view } = core
  const parent = findParent(core, view)
  const isAgain = parent !== none && isEndOfEpoch(core, parent)
  const budget = isAgain ? 0 : Math.max(0, settings.buildBudget - chain.estimateValidation())
  context.setTimer(timers.build, Math.round(budget))
  preparedParent(core)
}

/**
 * Builds; an epoch that has its last block but not its finality gets that block again.
 *
 * @returns a block, or `none` where the parent is not there yet, or `failed`.
 */
export function buildBlock(core: Core): BlockId {
  const { chain, context, settings, view } = core
  const parent = preparedParent(core)
  if (parent === none) return none
  if (isEndOfEpoch(core, parent)) return parent
  const data = ceremonyDataFor(core, parent)
  const bytes = settings.headerBytes + ceremonyBytes(core, data)
  const block = context.build(parent, { round: view, bytes, data })
  if (block < 0) return failed
  chain.adopt(block)
  context.report.proposed(block)
  return block
}

/** Sends the whole block to every other voter, one copy each, or each voter its shard. */
export function pushBlock(core: Core, block: BlockId): void {
  if (core.settings.dissemination === 'coded') {
    pushShards(core, block)
    return
  }
  const bytes = core.context.blocks.bytes(block) + framingBytes
  toVoters(core, { type: messageTypes.block, view: core.view, block }, bytes)
}

/** The parent, executed; or `none`, and what is missing is asked for. */
function preparedParent(core: Core): BlockId {
  const { chain, fetching, finalisedView, view } = core
  const parent = findParent(core, view)
  if (parent === none) {
    requestCertificates(core, finalisedView, view, fetching.informant)
    return none
  }
  const missing = bring(core, parent)
  if (missing !== none) requestBlock(core, missing)
  return chain.isReady(parent) ? parent : none
}
