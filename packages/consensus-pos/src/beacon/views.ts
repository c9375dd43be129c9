import type { Time } from '@counterpoise/engine'
import { type BeaconBlock, buildsOnFull } from './blocks.ts'
import { type BeaconChain, epochOf, slotsPerEpoch } from './chain.ts'
import type { Choice, Heads, View } from './heads.ts'
import { usableAt } from './payloads.ts'
import { addTallies, noTally, type PayloadVotes } from './payloadVotes.ts'

/** Something that nodes have from a time on, µs. */
type Item = { seen: Float64Array; settled: number; partial: boolean }

/**
 * What each node sees at a moment. Nodes that see the same blocks and votes make the same choice,
 * so a choice is made once for each distinct view: views are told apart by a hash of 53 bits over
 * what has not yet come to all.
 */
export type Views = {
  /** A slot begins: what has come to all by now is told apart no longer. */
  begin: (time: number, slot: number, timelyBefore: number) => void
  /** Something new is there: views are made anew. */
  add: (what: SeenItem) => void
  choice: (node: number, time: number) => Choice
  /** The same without chains that hold an objectionable block above the final one. */
  cleanChoice: (node: number, time: number) => Choice
  /** What everybody would choose in the next slot if all that is there had come to all. */
  forecast: () => Choice
  /** True where the node has the block at that time. */
  sees: (node: number, block: number, time: number) => boolean
}

/** What has come, or will, to some nodes: which of a kind. */
export type SeenItem =
  | { block: number }
  | { bundle: number }
  | { payloadOf: number }
  | { payloadVotes: number }

/** In forks that have payload committees: when they vote in their slot, and its length, µs. */
export type PayloadClock = { voteAfter: Time; slotTime: Time }

export function createViews(
  chain: BeaconChain,
  { choose, settle }: Heads,
  payloadClock?: PayloadClock,
): Views {
  const { blocks, bundles, payloadVotes } = chain
  let slot = 0
  let timelyBefore = 0
  let openBlocks: number[] = []
  let openBundles: number[] = []
  let openPayloads: number[] = []
  /** Votes on the payloads of the slot before. */
  let tallies: PayloadVotes[] = []
  /** Blocks of the slot before, where it has several, and when its committee voted. */
  let rivals: BeaconBlock[] = []
  let earlyBefore = 0
  /** Blocks of the current slot, of which the first that is timely gets the boost. */
  let current: number[] = []
  const cache = new Map<number, Choice>()

  const isOpen = (item: { settled: number; partial: boolean }, time: number): boolean =>
    item.partial || item.settled > time
  const isPayloadOpen = ({ payload }: BeaconBlock, time: number): boolean =>
    payload !== undefined && isOpen(payload, time)

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
      const at = usableAt(chain, blocks[id]!, node)
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

  const viewOf = (node: number, time: number): Pick<View, 'sees' | 'hasVote' | 'payloads'> => {
    const has = ({ partial, settled, seen }: Item): boolean =>
      (!partial && settled <= time) || seen[node]! <= time
    const hasVote = (id: number): boolean => has(bundles[id]!)
    if (payloadClock === undefined) return { sees: has, hasVote }
    const hasPayload = ({ payload }: BeaconBlock): boolean => payload === undefined || has(payload)
    return {
      hasVote,
      // A block upon a payload waits for it.
      sees: (block) =>
        has(block) && (block.id === 0 || !buildsOnFull(block) || hasPayload(blocks[block.parent]!)),
      payloads: {
        has: hasPayload,
        tally: (block) =>
          tallies.reduce(
            (sum, votes) => (votes.block === block && has(votes) ? addTallies(sum, votes) : sum),
            noTally,
          ),
        isEarly: ({ seen }) => seen[node]! < earlyBefore,
      },
    }
  }

  const cleanChoice: Views['cleanChoice'] = (node, time) => {
    const own = viewOf(node, time)
    const { sees } = own
    const view = { slot, ...own, open: openBundles, boosted: boostedOf(node, time) }
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

  const beginPayloads = (time: number): void => {
    if (payloadClock === undefined) return
    tallies = []
    for (let at = payloadVotes.length - 1; at >= 0 && payloadVotes[at]!.slot === slot - 1; at--) {
      tallies.push(payloadVotes[at]!)
    }
    rivals = []
    for (let id = blocks.length - 1; id > 0 && blocks[id]!.slot >= slot - 1; id--) {
      if (blocks[id]!.slot === slot - 1) rivals.push(blocks[id]!)
    }
    if (rivals.length < 2) rivals = []
    earlyBefore = time - payloadClock.slotTime + payloadClock.voteAfter
  }

  return {
    cleanChoice,
    forecast: () => {
      const all = (): boolean => true
      const payloads =
        payloadClock === undefined ? undefined : { has: all, tally: () => noTally, isEarly: all }
      const open = openBundles
      return choose({ slot: slot + 1, sees: all, hasVote: all, payloads, open, boosted: -1 })
    },
    begin: (time, nextSlot, before) => {
      slot = nextSlot
      timelyBefore = before
      openBlocks = openBlocks.filter((id) => isOpen(blocks[id]!, time))
      openPayloads = openPayloads.filter((id) => isPayloadOpen(blocks[id]!, time))
      beginPayloads(time)
      openBundles = openBundles.filter((id) => {
        const bundle = bundles[id]!
        const head = blocks[bundle.head]!
        if (isOpen(bundle, time) || isOpen(head, time)) return true
        if (bundle.payloadPresent === true && isPayloadOpen(head, time)) return true
        settle(id)
        return false
      })
      noteShufflings()
      current = []
      cache.clear()
    },
    add: (what) => {
      cache.clear()
      if ('payloadVotes' in what) return
      const open = 'block' in what ? openBlocks : 'bundle' in what ? openBundles : openPayloads
      const id = 'block' in what ? what.block : 'bundle' in what ? what.bundle : what.payloadOf
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
      bits = mix(bits)
      if (payloadClock !== undefined) {
        const note = (isSeen: boolean): void => {
          bits = (bits << 1) | (isSeen ? 1 : 0)
          if (bits < 0) bits = mix(bits)
        }
        for (const id of openPayloads) note(blocks[id]!.payload!.seen[node]! <= time)
        for (const { seen } of tallies) note(seen[node]! <= time)
        for (const { seen } of rivals) note(seen[node]! < earlyBefore)
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
