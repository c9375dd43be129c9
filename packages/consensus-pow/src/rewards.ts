import type { Rewards } from '@counterpoise/consensus'
import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import { unclesOf } from './difficulty.ts'
import type { NakamotoParameters } from './parameters.ts'

/** New money for the block at a height of the run, native units; halved in whole units. */
export function subsidyAt({ subsidy }: NakamotoParameters, height: number): number {
  const { initial, halvingBlocks, fromHeight } = subsidy
  let amount = initial
  const halvings = Math.floor((fromHeight + height) / halvingBlocks)
  for (let halving = 0; halving < halvings && amount > 0; halving++) amount = Math.floor(amount / 2)
  return amount
}

/**
 * What the chain that ends in a block has paid to each member: a subsidy for each block, and
 * where uncles are paid (Ethereum, yellow paper): (8 − d) / 8 of it to a named stale block d blocks
 * below, and 1 / 32 to the block that names it.
 */
export function rewardsOf(
  parameters: NakamotoParameters,
  blocks: BlockStore,
  head: BlockId,
  size: number,
): Rewards {
  const rewards = { blocks: new Float64Array(size), uncles: new Float64Array(size) }
  const add = (column: Float64Array, block: BlockId, amount: number): void => {
    const maker = blocks.proposer(block)
    column[maker] = column[maker]! + amount
  }
  for (let block = head; block !== genesis; block = blocks.parent(block)) {
    const height = blocks.height(block)
    const amount = subsidyAt(parameters, height)
    add(rewards.blocks, block, amount)
    if (!parameters.subsidy.uncles) continue
    for (const uncle of unclesOf(blocks, block)) {
      add(rewards.blocks, block, amount / 32)
      add(rewards.uncles, uncle, (amount * (8 - height + blocks.height(uncle))) / 8)
    }
  }
  return rewards
}
