import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'

/** What one node knows of the block tree. */
export type KnownBlocks = {
  /** The block is valid, and so are all its ancestors. */
  isConnected: (block: BlockId) => boolean
  /** Notes a block of the node's own, whose parent is connected. */
  add: (block: BlockId) => void
  /**
   * Takes a block that has reached the node. One whose parent is missing is kept until the parent
   * comes. Returns the blocks that are connected by this, parents first.
   */
  take: (block: BlockId) => BlockId[]
  /** The first missing block on the way to the heaviest one that is kept, if any. */
  missing: () => BlockId | undefined
  /**
   * The blocks that were connected here and not inherited, parents first; undefined where one was
   * refused, or waits.
   */
  learned: () => readonly BlockId[] | undefined
}

const unknown = 0
/** Its parent, or a parent's parent, is missing. */
const kept = 1
const connected = 2
const refused = 3
const statesMin = 256

/**
 * A node's view, with the genesis block only, or what it inherits. `check` says whether a block is
 * valid.
 */
export function createKnownBlocks(
  blocks: BlockStore,
  check: (block: BlockId) => boolean,
  knows?: (block: BlockId) => boolean,
): KnownBlocks {
  /** From `first` on; who inherits is mostly concerned with the latest blocks. */
  let states = new Uint8Array(statesMin)
  let first = knows === undefined ? 0 : Math.max(0, blocks.size() - statesMin / 2)
  /** The kept blocks by the parent that they wait for. */
  const waiting = new Map<BlockId, BlockId[]>()
  const learned: BlockId[] = []
  let hasRefused = false

  const isInherited = (block: BlockId): boolean => block === genesis || knows?.(block) === true
  const stateOf = (block: BlockId): number => {
    const place = block - first
    const state = place >= 0 && place < states.length ? states[place]! : unknown
    return state === unknown && isInherited(block) ? connected : state
  }
  const note = (block: BlockId, state: number): void => {
    if (block < first || block >= first + states.length) widen(block)
    states[block - first] = state
    if (state === refused) hasRefused = true
    // Who inherits nothing goes on like this for good.
    else if (state === connected && knows !== undefined) learned.push(block)
  }
  const widen = (block: BlockId): void => {
    const start = block < first ? 0 : first
    const end = Math.max(block + 1, first + states.length * 2)
    const wider = new Uint8Array(end - start)
    wider.set(states, first - start)
    states = wider
    first = start
  }

  const keep = (block: BlockId, parent: BlockId): void => {
    note(block, kept)
    const siblings = waiting.get(parent)
    if (siblings === undefined) waiting.set(parent, [block])
    else siblings.push(block)
  }

  /** Judges a block whose parent is judged. */
  const settled = (block: BlockId): boolean => {
    const isValid = stateOf(blocks.parent(block)) === connected && check(block)
    note(block, isValid ? connected : refused)
    return isValid
  }

  return {
    isConnected: (block) => stateOf(block) === connected,
    add: (block) => note(block, connected),
    take: (block) => {
      if (stateOf(block) !== unknown) return []
      const parent = blocks.parent(block)
      if (stateOf(parent) < connected) {
        keep(block, parent)
        return []
      }
      // Nearly always nothing waits for it.
      if (!waiting.has(block)) return settled(block) ? [block] : []
      const valid: BlockId[] = []
      const queue = [block]
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (settled(next)) valid.push(next)
        const children = waiting.get(next)
        if (children !== undefined) {
          waiting.delete(next)
          queue.push(...children.reverse())
        }
      }
      return valid
    },
    missing: () => {
      let heaviest: BlockId | undefined
      for (const children of waiting.values()) {
        for (const block of children) {
          const work = blocks.totalWork(block)
          if (heaviest === undefined || work > blocks.totalWork(heaviest)) heaviest = block
        }
      }
      let missing = heaviest
      while (missing !== undefined && stateOf(missing) === kept) missing = blocks.parent(missing)
      return missing
    },
    learned: () => (waiting.size > 0 || hasRefused ? undefined : learned),
  }
}
