import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { Core } from './core.ts'
import { dealShares } from './ceremony.ts'
import { bring } from './execution.ts'
import { requestBlock } from './fetching.ts'
import { isEndOfEpoch } from './parentRule.ts'
import { timers } from './timers.ts'

/**
 * A certificate stands behind a block: it is reported once it is executed. Where votes come before
 * the execution, it is reported as soon as it is here, and followed once it is executed.
 */
export function awaitBlock(core: Core, view: number, block: BlockId): void {
  if (isEndOfEpoch(core, block)) {
    // It may be certified again in a later view.
    if (block === core.certifiedEnd) return
    core.certifiedEnd = block
  }
  if (core.chain.isReady(block) && core.awaiting.length === 0) reportNotarised(core, view, block)
  else {
    core.awaiting.push({ view, block, isReported: false })
    settle(core)
  }
}

/** The highest finalisation has changed. */
export function awaitFinality(core: Core): void {
  if (core.awaiting.length > 0 || !core.chain.isReady(core.finalisedBlock)) settle(core)
  else reportFinalised(core)
}

/**
 * Executes the certified blocks that have arrived, asks for those that have not, and reports them
 * when the work on them is done.
 */
export function settle(core: Core): void {
  const { awaiting, chain, context } = core
  if (awaiting.length === 0 && core.finalisedBlock === core.reportedFinal) return
  const before = chain.work()
  for (const { block } of awaiting) bringOrRequest(core, block)
  bringOrRequest(core, core.finalisedBlock)
  if (chain.work() > before) {
    context.setTimer(timers.settle, 0)
    return
  }
  if (awaiting.length > 1) awaiting.sort((one, other) => one.view - other.view)
  const isFinal = chain.isReady(core.finalisedBlock)
  let kept = 0
  for (const entry of awaiting) {
    if (!entry.isReported && chain.isHeld(entry.block)) {
      entry.isReported = true
      context.report.notarised(entry.block)
    }
    if (chain.isReady(entry.block)) followNotarised(core, entry.view, entry.block)
    // With the final chain executed, what is missing beside it has been left behind.
    else if (!isFinal || entry.view > core.finalisedView) awaiting[kept++] = entry
  }
  awaiting.length = kept
  if (isFinal) reportFinalised(core)
}

function bringOrRequest(core: Core, block: BlockId): void {
  const missing = bring(core, block)
  if (missing !== none) requestBlock(core, missing)
}

function reportNotarised(core: Core, view: number, block: BlockId): void {
  core.context.report.notarised(block)
  followNotarised(core, view, block)
}

function followNotarised(core: Core, view: number, block: BlockId): void {
  if (view <= core.headView) return
  core.headView = view
  core.context.report.headChanged(block)
}

function reportFinalised(core: Core): void {
  if (core.finalisedBlock === core.reportedFinal) return
  core.reportedFinal = core.finalisedBlock
  core.context.report.finalised(core.finalisedBlock)
  if (isEndOfEpoch(core, core.finalisedBlock)) core.context.setTimer(timers.epoch, 0)
  else dealShares(core)
}
