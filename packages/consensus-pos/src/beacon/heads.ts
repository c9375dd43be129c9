import type { BeaconBlock, Root } from './blocks.ts'
import { type BeaconChain, epochOf } from './chain.ts'
import { createLatestVotes, type Electorate } from './latestVotes.ts'

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
}

export type Choice = {
  head: number
  justified: Root
  finalised: Root
  /** Weight of the votes for a block and what follows it, ETH, without the boost. */
  weightOf: (block: number) => number
  /** Stake of the committee of the slot before that is known to have contradicted itself, ETH. */
  equivocatingEther: number
}

export type Heads = {
  choose: (view: View) => Choice
  prune: (block: number) => void
  /** Everybody has the bundle and its block now. */
  settle: (bundle: number) => void
}

/** LMD-GHOST with the filter of viable branches over the shared tree: `get_head`. */
export function createHeads(
  chain: BeaconChain,
  switches: ForkChoiceSwitches,
  slotEther: () => number,
  electorate: Electorate,
): Heads {
  const { blocks, bundles } = chain
  let base = 0
  let weights = new Float64Array(256)
  let best = new Int32Array(256)
  let bestScore = new Float64Array(256)
  let viable = new Uint8Array(256)

  const room = (count: number): void => {
    if (count <= weights.length) return
    weights = new Float64Array(2 * count)
    best = new Int32Array(2 * count)
    bestScore = new Float64Array(2 * count)
    viable = new Uint8Array(2 * count)
  }

  const addWeight = (block: number, ether: number): void => {
    if (block >= base) weights[block - base] = weights[block - base]! + ether
  }
  const votes = createLatestVotes(chain, electorate, switches.equivocationDiscount, addWeight)

  const choose = (view: View): Choice => {
    const epoch = epochOf(view.slot)
    const top = blocks.length - 1
    const count = top - base + 1
    room(count)
    weights.fill(0, 0, count)
    best.fill(-1, 0, count)
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
    const equivocatingEther = votes.weigh({
      ...view,
      sees: (block) => block < base || view.sees(blocks[block]!),
    })
    const boost = switches.proposerBoost * slotEther()
    let boostedPath = view.boosted
    for (let id = top; id > base; id--) {
      const at = id - base
      const block = blocks[id]!
      if (!view.sees(block)) continue
      const isLeaf = best[at] === -1 && viable[at] !== 2
      const fits = isLeaf ? isViable(block, epoch, justified, finalised) : best[at] !== -1
      const parent = block.parent - base
      let score = weights[at]!
      if (parent >= 0) weights[parent] = weights[parent]! + score
      if (id === boostedPath) {
        score += boost
        boostedPath = block.parent
      }
      if (parent < 0) continue
      viable[parent] = 2
      if (!fits) continue
      // Later ids come first in this pass, so a tie stays with the larger id.
      if (best[parent] === -1 || score > bestScore[parent]!) {
        best[parent] = id
        bestScore[parent] = score
      }
    }
    viable.fill(0, 0, count)
    let head = Math.max(base, justified.block)
    while (best[head - base] !== -1) head = best[head - base]!
    const floor = base
    const counted = weights.slice(0, count)
    const weightOf = (block: number): number => counted[block - floor] ?? 0
    return { head, justified, finalised, weightOf, equivocatingEther }
  }

  const isViable = (
    block: BeaconBlock,
    epoch: number,
    justified: Root,
    finalised: Root,
  ): boolean => {
    const isPast = epochOf(block.slot) < epoch
    const source = (isPast ? block.unrealisedJustified : block.justified).epoch
    const fits = justified.epoch === 0 || source === justified.epoch || source + 2 >= epoch
    if (!fits || finalised.block <= base) return fits
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
