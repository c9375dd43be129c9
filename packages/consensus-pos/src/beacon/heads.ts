import type { BeaconBlock, Root } from './blocks.ts'
import { type BeaconChain, epochOf } from './chain.ts'
import { createGhost, type Viability } from './ghost.ts'
import { createLatestVotes, type Electorate } from './latestVotes.ts'
import { createPayloadGhost } from './payloadGhost.ts'
import type { PayloadTally } from './payloadVotes.ts'

/** The rules of the fork choice that may be switched, as the ways to reproduce old attacks. */
export type ForkChoiceSwitches = {
  /** Share of a slot's committee that a timely block is lent; 0 without the rule. */
  proposerBoost: number
  /** Votes of validators that contradict themselves count no longer. */
  equivocationDiscount: boolean
}

/** What a node sees at a moment, or several that see the same. */
export type View = {
  slot: number
  sees: (block: BeaconBlock) => boolean
  /** By bundle id. */
  hasVote: (bundle: number) => boolean
  /** The bundles that not everybody has yet, ascending; all others are settled. */
  open: readonly number[]
  /** The block that has the boost; −1 without one. */
  boosted: number
  /** In forks with payloads apart from blocks: what it knows of them. */
  payloads?: SeenPayloads | undefined
}

/** What a view knows of payloads. */
export type SeenPayloads = {
  /** The block's payload is there and executed. */
  has: (block: BeaconBlock) => boolean
  /** Votes of the payload timeliness committee of the slot before. */
  tally: (block: number) => PayloadTally
  /** The block was there when its slot's committee voted. */
  isEarly: (block: BeaconBlock) => boolean
}

export type Choice = {
  head: number
  /** Whether the payload of the head is part of the chain; true where payloads are in blocks. */
  isFull: boolean
  justified: Root
  finalised: Root
  /** Weight of the votes for a block and what follows it, ETH, without the boost. */
  weightOf: (block: number) => number
  /** Stake of the committee of the slot before that is known to have contradicted itself, ETH. */
  equivocatingEther: number
  /** What the committee of the head's payload said, where it is of the slot before. */
  tally?: PayloadTally | undefined
}

export type Heads = {
  choose: (view: View) => Choice
  prune: (block: number) => void
  /** Everybody has the bundle and its block now. */
  settle: (bundle: number) => void
}

/**
 * LMD-GHOST with the filter of viable branches over the shared tree: `get_head`.
 *
 * @param payloadCommittee Members of a payload timeliness committee, in forks that have one.
 */
export function createHeads(
  chain: BeaconChain,
  switches: ForkChoiceSwitches,
  slotEther: () => number,
  electorate: Electorate,
  payloadCommittee?: number,
): Heads {
  const { blocks, bundles } = chain
  let base = 0
  const ghost =
    payloadCommittee === undefined
      ? createGhost(chain)
      : createPayloadGhost(chain, payloadCommittee, slotEther)
  const votes = createLatestVotes(chain, electorate, switches.equivocationDiscount, ghost.add)

  const choose = (view: View): Choice => {
    const epoch = epochOf(view.slot)
    const top = blocks.length - 1
    let justified = blocks[base]!.justified
    let finalised = blocks[base]!.finalised
    for (let id = base; id <= top; id++) {
      const block = blocks[id]!
      if (id !== base && !view.sees(block)) continue
      const isPast = epochOf(block.slot) < epoch
      const newer = isPast ? block.unrealisedJustified : block.justified
      if (newer.epoch > justified.epoch) justified = newer
      const settled = isPast ? block.unrealisedFinalised : block.finalised
      if (settled.epoch > finalised.epoch) finalised = settled
    }
    ghost.begin(base)
    const equivocatingEther = votes.weigh({
      ...view,
      sees: (block) => block < base || view.sees(blocks[block]!),
      hasPayload: (block) => view.payloads?.has(blocks[block]!) ?? true,
    })
    const isViable: Viability = (block) => fits(block, epoch, justified, finalised)
    const boost = switches.proposerBoost * slotEther()
    const root = Math.max(base, justified.block)
    const found = ghost.descend({ ...view, boost, equivocatingEther, root, isViable })
    return { ...found, justified, finalised, equivocatingEther }
  }

  /** May the chain that ends in this block be followed? */
  const fits = (block: BeaconBlock, epoch: number, justified: Root, finalised: Root): boolean => {
    const isPast = epochOf(block.slot) < epoch
    const source = (isPast ? block.unrealisedJustified : block.justified).epoch
    const isRecent = justified.epoch === 0 || source === justified.epoch || source + 2 >= epoch
    if (!isRecent || finalised.block <= base) return isRecent
    return chain.ancestorAt(block.id, blocks[finalised.block]!.slot) === finalised.block
  }

  return {
    choose,
    prune: (block) => {
      base = Math.max(base, block)
    },
    settle: (bundle) => votes.settle(bundles[bundle]!),
  }
}
