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
}

const unknown = 0
/** Its parent, or a parent's parent, is missing. */
const kept = 1
const connected = 2
const refused = 3

/**
 * A node's view, with the genesis block only, or what it inherits. `check` says whether a block is
 * valid.
 */
export function createKnownBlocks(
  blocks: BlockStore,
  check: (block: BlockId) => boolean,
  knows?: (block: BlockId) => boolean,
): KnownBlocks {
  let states = new Uint8Array(Math.max(256, knows === undefined ? 0 : blocks.size()))
  states[genesis] = connected
  if (knows !== undefined) {
    for (let block = 0; block < blocks.size(); block++) if (knows(block)) states[block] = connected
  }
  /** The kept blocks by the parent that they wait for. */
  const waiting = new Map<BlockId, BlockId[]>()

  const stateOf = (block: BlockId): number =>
    block < states.length ? states[block]! : unknown
  const note = (block: BlockId, state: number): void => {
    if (block >= states.length) {
      const wider = new Uint8Array(Math.max(block + 1, states.length * 2))
      wider.set(states)
      states = wider
    }
    states[block] = state
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
  }
}
