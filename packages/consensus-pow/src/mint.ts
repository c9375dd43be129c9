import { createSampler, type Sampler } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { BlockRules } from './blockRules.ts'
import type { WorkContext } from './conduct.ts'
import type { WorkData } from './difficulty.ts'
import { blockOverheadBytes } from './messages.ts'
import type { NakamotoParameters } from './parameters.ts'
import { findUncles } from './uncles.ts'

/** Makes the block that a miner has found on a head. */
export type Mint = (head: BlockId, isKnown: (block: BlockId) => boolean) => BlockId

export function createMint(
  parameters: NakamotoParameters,
  context: WorkContext,
  rules: BlockRules,
): Mint {
  const { blocks, conduct } = context
  const drawBytes = sizesOf(parameters, context)
  return (head, isKnown) => {
    const timestamp =
      conduct?.stamp?.(rules.stampRange(head, context.now())) ??
      rules.timestamp(head, context.now())
    const difficulty = rules.difficulty(head, timestamp)
    const data: WorkData = { difficulty, timestamp }
    if (parameters.unclesMax > 0) {
      data.uncles = findUncles(blocks, head, parameters.unclesMax, isKnown)
    }
    const round = blocks.height(head) + 1
    const bytes = blockOverheadBytes + drawBytes()
    return context.build(head, { round, work: difficulty, data, bytes })
  }
}

/** Draws the bytes of a block besides its payments, as many as whole bytes. */
function sizesOf(
  { blockBytes }: NakamotoParameters,
  context: WorkContext,
): () => number {
  if (typeof blockBytes === 'number') return () => Math.round(blockBytes)
  let sampler: Sampler | undefined
  return () => {
    sampler ??= createSampler(blockBytes)
    return Math.max(0, Math.round(sampler(context.random('block size'))))
  }
}
