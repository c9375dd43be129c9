import { none } from '@counterpoise/consensus/parts'
import type { Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import { isCeremonyDataValid } from './ceremony.ts'
import type { Core } from './core.ts'
import { timers } from './timers.ts'

/**
 * Executes blocks one after the other beside the work of consensus, where votes do not wait for
 * that. With `inline` dissemination it stays empty: blocks are executed before the vote.
 */
export type Execution = {
  queue: BlockId[]
  /** The block that is being executed, or `none`. */
  running: BlockId
  /** How long that takes, µs. */
  time: Time
  /** Blocks that this replica's own execution refuses. */
  refused: Set<BlockId>
}

export function createExecution(): Execution {
  return { queue: [], running: none, time: 0, refused: new Set() }
}

/**
 * Executes a certified block with those of its ancestors that wait for it: now, or in the
 * background. Whether it is done then says `chain.isReady`.
 *
 * @returns `none`, or the first block on the way down that is missing.
 */
export function bring(core: Core, block: BlockId): BlockId {
  const { chain, context, execution, settings } = core
  if (settings.dissemination === 'inline') return chain.bring(block)
  const missing = chain.missing(block)
  if (missing !== none) return missing
  const path: BlockId[] = []
  for (let each = block; !chain.isReady(each); each = context.blocks.parent(each)) path.push(each)
  for (const each of path.reverse()) {
    if (each !== execution.running && !execution.queue.includes(each)) execution.queue.push(each)
  }
  executeNext(core)
  return none
}

/** The block in work is done; the next one begins. */
export function finishExecution(core: Core): void {
  const { chain, execution } = core
  const { running, time } = execution
  if (running === none) return
  execution.running = none
  chain.finish(running, time)
  executeNext(core)
}

/** After an outage: the work that it has interrupted begins anew. */
export function resumeExecution(core: Core): void {
  const { context, execution } = core
  if (execution.running === none) return
  context.clearTimer(timers.execution)
  execution.queue.unshift(execution.running)
  execution.running = none
  executeNext(core)
}

function executeNext(core: Core): void {
  const { chain, context, execution } = core
  const { queue } = execution
  while (execution.running === none && queue.length > 0) {
    const block = queue.shift()!
    if (chain.isReady(block)) continue
    const time = judge(core, block)
    if (time === none) execution.refused.add(block)
    else if (time === 0) chain.finish(block, 0)
    else {
      execution.running = block
      execution.time = time
      context.setTimer(timers.execution, time)
    }
  }
}

/** How long a block takes, µs, or `none` where it is refused. What is final is refused no more. */
function judge(core: Core, block: BlockId): Time {
  const { chain, context, finalisedBlock, settings } = core
  const { blocks } = context
  const verdict = context.validate(block)
  if (blocks.isAncestor(block, finalisedBlock)) return typeof verdict === 'number' ? verdict : 0
  if (typeof verdict !== 'number' || !chain.isReady(blocks.parent(block))) return none
  // With shards a vote comes before the contents.
  if (settings.dissemination === 'coded' && !isCeremonyDataValid(core, block)) return none
  return verdict
}
