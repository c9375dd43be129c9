import type { BeaconBlock } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, epochOf, slotsPerEpoch } from './chain.ts'
import type { Choice, Heads, View } from './heads.ts'

/**
 * What each node sees at a moment. Nodes that see the same blocks and votes make the same choice,
 * so a choice is made once for each distinct view: views are told apart by a hash of 53 bits over
 * what has not yet come to all.
 */
export type Views = {
  /** A slot begins: what has come to all by now is told apart no longer. */
  begin: (time: number, slot: number, timelyBefore: number) => void
  /** Something new is there: views are made anew. */
  add: (what: { block: number } | { bundle: number }) => void
  choice: (node: number, time: number) => Choice
  /** The same without chains that hold an objectionable block above the final one. */
  cleanChoice: (node: number, time: number) => Choice
  /** What everybody would choose in the next slot if all that is there had come to all. */
  forecast: () => Choice
  /** True where the node has the block at that time. */
  sees: (node: number, block: number, time: number) => boolean
}

export function createViews(chain: BeaconChain, { choose, settle }: Heads): Views {
  const { blocks, bundles } = chain
  let slot = 0
  let timelyBefore = 0
  let openBlocks: number[] = []
  let openBundles: number[] = []
  /** Blocks of the current slot, of which the first that is timely gets the boost. */
  let current: number[] = []
  const cache = new Map<number, Choice>()

  const isOpen = (item: { settled: number; partial: boolean }, time: number): boolean =>
    item.partial || item.settled > time

  /** The last slot before the epoch whose blocks the shuffling of this one hangs on. */
  let dependentSlot = 0
  /** Do blocks that are still in play hang on different ones there? */
  let isShuffledApart = false

  const noteShufflings = (): void => {
    dependentSlot = (epochOf(slot) - 1) * slotsPerEpoch - 1
    const roots = new Set<number>()
    for (let id = blocks.length - 1; id > 0; id--) {
      const block = blocks[id]!
      // Blocks come in the order of their slots: from here on all are older.
      if (block.slot <= dependentSlot) break
      if (blocks[block.parent]!.slot <= dependentSlot) roots.add(block.parent)
    }
    isShuffledApart = roots.size > 1
  }

  const dependentOf = (block: number): number => chain.ancestorAt(block, dependentSlot)

  /** A block is not boosted that hangs on another shuffling than the head before it. */
  const withBoost = (view: View): Choice => {
    const { boosted, sees } = view
    if (boosted < 0 || !isShuffledApart) return choose(view)
    const without = (block: BeaconBlock): boolean => block.id !== boosted && sees(block)
    const before = choose({ ...view, boosted: -1, sees: without })
    const isSame = dependentOf(before.head) === dependentOf(boosted)
    return choose(isSame ? view : { ...view, boosted: -1 })
  }

  const boostedOf = (node: number, time: number): number => {
    let boosted = -1
    let first = Number.POSITIVE_INFINITY
    for (const id of current) {
      const at = blocks[id]!.seen[node]!
      if (at <= time && at < timelyBefore && at < first) {
        first = at
        boosted = id
      }
    }
    return boosted
  }

  /** Both halves of the hash of a view. */
  let low = 0
  let high = 0
  /** Takes 32 bits in; 1 is what the next ones begin with. */
  const mix = (bits: number): 1 => {
    low = Math.imul(low ^ bits, 0x85ebca6b)
    low ^= low >>> 13
    high = Math.imul(high ^ bits, 0xc2b2ae35) + low
    high ^= high >>> 16
    return 1
  }

  const viewOf = (node: number, time: number): Pick<View, 'sees' | 'hasVote'> => {
    const has = ({ partial, settled, seen }: BeaconBlock | Bundle): boolean =>
      (!partial && settled <= time) || seen[node]! <= time
    return { sees: has, hasVote: (id) => has(bundles[id]!) }
  }

  const cleanChoice: Views['cleanChoice'] = (node, time) => {
    const { sees, hasVote } = viewOf(node, time)
    const view = { slot, sees, hasVote, open: openBundles, boosted: boostedOf(node, time) }
    const final = choose(view).finalised.block
    const tainted = new Set<number>()
    for (let id = final + 1; id < blocks.length; id++) {
      const { parent, isObjectionable } = blocks[id]!
      if (isObjectionable === true || tainted.has(parent)) tainted.add(id)
    }
    const boosted = tainted.has(view.boosted) ? -1 : view.boosted
    const isClean = (block: BeaconBlock): boolean => !tainted.has(block.id) && sees(block)
    return withBoost({ ...view, sees: isClean, boosted })
  }

  return {
    cleanChoice,
    forecast: () => {
      const all = (): boolean => true
      return choose({ slot: slot + 1, sees: all, hasVote: all, open: openBundles, boosted: -1 })
    },
    begin: (time, nextSlot, before) => {
      slot = nextSlot
      timelyBefore = before
      openBlocks = openBlocks.filter((id) => isOpen(blocks[id]!, time))
      openBundles = openBundles.filter((id) => {
        const bundle = bundles[id]!
        if (isOpen(bundle, time) || isOpen(blocks[bundle.head]!, time)) return true
        settle(id)
        return false
      })
      noteShufflings()
      current = []
      cache.clear()
    },
    add: (what) => {
      cache.clear()
      const open = 'block' in what ? openBlocks : openBundles
      const id = 'block' in what ? what.block : what.bundle
      if (open.includes(id)) return
      open.push(id)
      // What is brought again may be older than the last one.
      open.sort((a, b) => a - b)
      if (!('block' in what)) return
      if (blocks[id]!.slot === slot) current.push(id)
      noteShufflings()
    },
    choice: (node, time) => {
      const boosted = boostedOf(node, time)
      low = boosted | 0
      high = 0x9e3779b1 | 0
      let bits = 1
      for (const id of openBlocks) {
        bits = (bits << 1) | (blocks[id]!.seen[node]! <= time ? 1 : 0)
        if (bits < 0) bits = mix(bits)
      }
      bits = mix(bits)
      for (const id of openBundles) {
        bits = (bits << 1) | (bundles[id]!.seen[node]! <= time ? 1 : 0)
        if (bits < 0) bits = mix(bits)
      }
      mix(bits)
      const key = (high >>> 0) * 2_097_152 + (low & 2_097_151)
      let choice = cache.get(key)
      if (choice === undefined) {
        const view = { slot, ...viewOf(node, time), open: openBundles, boosted }
        cache.set(key, (choice = withBoost(view)))
      }
      return choice
    },
    sees: (node, block, time) => blocks[block]!.seen[node]! <= time,
  }
}
