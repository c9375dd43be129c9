import type { BeaconBlock } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import type { BeaconChain } from './chain.ts'
import type { Choice, View } from './heads.ts'

/** May a chain that ends in the block be followed? */
export type Viability = (block: BeaconBlock) => boolean

/** A view with what the descent needs besides. */
export type Descent = View & {
  /** What the boosted block is lent, ETH. */
  boost: number
  equivocatingEther: number
  /** Where it begins. */
  root: number
  isViable: Viability
}

/** The greedy heaviest observed subtree, one view after another in the same columns. */
export type Ghost = {
  /** A new view: nothing weighs anything, and no block lies below `base`. */
  begin: (base: number) => void
  /** Adds weight, ETH, to what the bundle votes for; a negative one takes it away. */
  add: (bundle: Bundle, ether: number) => void
  descend: (descent: Descent) => Pick<Choice, 'head' | 'isFull' | 'weightOf' | 'tally'>
}

/** Over blocks that hold their payloads. */
export function createGhost({ blocks }: BeaconChain): Ghost {
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

  const descend: Ghost['descend'] = ({ sees, boosted, boost, root, isViable }) => {
    const top = blocks.length - 1
    let boostedPath = boosted
    for (let id = top; id > base; id--) {
      const at = id - base
      const block = blocks[id]!
      if (!sees(block)) continue
      const isLeaf = best[at] === -1 && viable[at] !== 2
      const fits = isLeaf ? isViable(block) : best[at] !== -1
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
    viable.fill(0, 0, top - base + 1)
    let head = root
    while (best[head - base] !== -1) head = best[head - base]!
    const floor = base
    const counted = weights.slice(0, top - base + 1)
    return { head, isFull: true, weightOf: (block) => counted[block - floor] ?? 0 }
  }

  return {
    begin: (from) => {
      base = from
      const count = blocks.length - base
      room(count)
      weights.fill(0, 0, count)
      best.fill(-1, 0, count)
    },
    add: ({ head }, ether) => {
      if (head >= base) weights[head - base] = weights[head - base]! + ether
    },
    descend,
  }
}
