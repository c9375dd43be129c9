import { toVoters } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Core } from './core.ts'
import { framingBytes, messageTypes, voteBytes } from './messages.ts'

/** The shards of one block that a replica has. */
type Collected = { from: Set<NodeId>; view: number }

/** Shards of blocks that are not put together yet. */
export type Shards = Map<BlockId, Collected>

/** How many of the voters' shards give the block: f + 1, so that some of them are honest. */
export function shardsNeeded(voters: number): number {
  return Math.floor((voters - 1) / 3) + 1
}

/**
 * Bytes of one shard: its part of the block, rounded up to an even number, as Reed-Solomon codes
 * over 16 bits need. Proofs that it belongs to the block are left out.
 *
 * Source: commonwarexyz/monorepo dc41a89, examples/estimator/simplex_large_block_coding_50.lazy:
 * 61,682 bytes for a block of 1 MiB and 50 members.
 */
export function shardBytes(blockBytes: number, voters: number): number {
  return 2 * Math.ceil(blockBytes / (2 * shardsNeeded(voters)))
}

/** Sends each voter its shard of an own block. */
export function pushShards(core: Core, view: number, block: BlockId): void {
  const { context, electorate } = core
  const bytes = shardBytes(context.blocks.bytes(block), electorate.voters.length) + framingBytes
  for (const to of electorate.voters) {
    if (to === context.self) continue
    context.send(to, { type: messageTypes.shard, view, block, owner: to }, bytes)
  }
}

/** Votes to notarise a block and passes the own shard on with the vote. */
export function voteWithShard(core: Core, view: number, block: BlockId): void {
  const { context, electorate } = core
  const { notarise } = messageTypes
  const bytes = shardBytes(context.blocks.bytes(block), electorate.voters.length)
  const vote = { type: notarise, view, block, owner: context.self }
  toVoters(context, electorate, vote, voteBytes(notarise) + bytes)
}

/** Whether the shard that its leader has sent to this replica is here. */
export function hasOwnShard({ chain, context, shards }: Core, block: BlockId): boolean {
  return chain.isHeld(block) || shards.get(block)?.from.has(context.self) === true
}

/** Takes in a shard. True where it completes the block, which is held from now on. */
export function addShard(core: Core, view: number, block: BlockId, owner: NodeId): boolean {
  const { chain, context, electorate, shards } = core
  if (chain.isHeld(block) || !(electorate.weights[owner]! > 0)) return false
  let collected = shards.get(block)
  if (collected === undefined) {
    collected = { from: new Set(), view }
    shards.set(block, collected)
  }
  collected.from.add(owner)
  if (collected.from.size < shardsNeeded(electorate.voters.length)) return false
  shards.delete(block)
  chain.hold(block)
  context.report.received(block)
  return true
}

/** Forgets shards of views that are over for good. */
export function forgetShards({ finalisedView, shards }: Core): void {
  for (const [block, { view }] of shards) if (view <= finalisedView) shards.delete(block)
}
