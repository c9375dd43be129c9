import type { PlannedAttacks, Rewards, RunningChain } from '@counterpoise/consensus'
import { toMs } from '@counterpoise/engine'
import { type BlockId, type BlockStore, genesis, type MicroUsd } from '@counterpoise/ledger'
import type { BlockRecords, BlockTree, MakerRecord } from '../contract.ts'
import { createSpreadTally } from './spreadTally.ts'

/** Watches the blocks of a chain. */
export type BlockWatch = {
  records: () => BlockRecords
  onBlock: (listener: (made: number) => void) => void
}

export type BlockWatchOptions = {
  cluster: RunningChain
  /** Fees of the payments in a block. */
  feesOf: (block: BlockId) => MicroUsd
  /** What the model pays for the chain that ends in a block. */
  rewardsOf: ((head: BlockId) => Rewards) | undefined
  /** Whether blocks may be left behind, so that the records hold the tree. */
  forks: boolean
  attacks?: PlannedAttacks | undefined
}

export function watchBlocks(options: BlockWatchOptions): BlockWatch {
  const { cluster } = options
  const { blocks } = cluster
  const tally = createSpreadTally(cluster.committee.weights)
  const reorganisations = new Map<number, number>()
  const listeners: ((made: number) => void)[] = []
  cluster.network.onSpread?.((_content, ...spread) => tally.add(...spread))
  cluster.observe({
    proposed: () => {
      for (const listener of listeners) listener(blocks.size() - 1)
    },
    headChanged: (_node, head, previous) => {
      if (blocks.parent(head) === previous || previous === genesis) return
      const depth = blocks.height(previous) - blocks.height(blocks.commonAncestor(previous, head))
      if (depth > 0) reorganisations.set(depth, (reorganisations.get(depth) ?? 0) + 1)
    },
  })
  return {
    onBlock: (listener) => {
      listeners.push(listener)
    },
    records: () => {
      const { network, members } = cluster
      // What most nodes have counts, though some slow ones will take long: they never catch up
      // where blocks come faster than they can send them on.
      const open: Parameters<typeof tally.add>[] = []
      network.underWay?.((_content, ...spread) => {
        if (spread[0].reached * 2 >= members.length) open.push(spread)
      })
      return recordsOf(options, { reorganisations, spread: tally.record(open) })
    },
  }
}

/** The head with the most work behind it that some member follows. */
export function bestHead({ blocks, members, head }: RunningChain): BlockId {
  let best = genesis
  for (let node = 0; node < members.length; node++) {
    const other = head(node)
    if (blocks.totalWork(other) > blocks.totalWork(best)) best = other
  }
  return best
}

/** The chain of the member with the most work behind its head, and what was left beside it. */
function recordsOf(
  options: BlockWatchOptions,
  watched: Pick<BlockRecords, 'reorganisations' | 'spread'>,
): BlockRecords {
  const { cluster } = options
  const { blocks } = cluster
  const head = bestHead(cluster)
  const times = new Float64Array(blocks.height(head))
  const isInChain = new Uint8Array(blocks.size())
  isInChain[genesis] = 1
  for (let block = head; block !== genesis; block = blocks.parent(block)) {
    times[blocks.height(block) - 1] = blocks.time(block)
    isInChain[block] = 1
  }
  const { attacks, forks } = options
  const isOpen = openBlocks(blocks, head)
  const { makers, numbers } = makersOf(options, head, isInChain, isOpen)
  return {
    ...watched,
    times,
    stale: blocks.size() - 1 - times.length - isOpen.reduce((sum, open) => sum + open, 0),
    makers,
    ...(forks && { tree: treeOf(cluster, numbers, isInChain, isOpen) }),
    ...(attacks && { attacks: attacks.figures(head) }),
  }
}

/**
 * Marks the blocks that stand on the head and that nobody follows yet: proposals under way, or
 * blocks that are withheld. They may still come into the chain, so that they are not stale.
 */
function openBlocks(blocks: BlockStore, head: BlockId): Uint8Array {
  const isOpen = new Uint8Array(blocks.size())
  // Parents come before their children.
  for (let block = head + 1; block < isOpen.length; block++) {
    const parent = blocks.parent(block)
    if (parent === head || isOpen[parent] === 1) isOpen[block] = 1
  }
  return isOpen
}

/** What each operator made, and the numbers of the operators by member. */
function makersOf(
  { cluster, feesOf, rewardsOf }: BlockWatchOptions,
  head: BlockId,
  isInChain: Uint8Array,
  isOpen: Uint8Array,
): { makers: MakerRecord[]; numbers: Int32Array } {
  const { blocks, members, committee } = cluster
  const numbers = new Int32Array(members.length).fill(-1)
  const byOperator = new Map<string, number>()
  const makers: MakerRecord[] = []
  for (const node of committee.voters) {
    const { operator } = members[node]!.attributes
    let number = byOperator.get(operator)
    if (number === undefined) {
      number = makers.push({ operator, chain: 0, stale: 0, rewards: 0, fees: 0 }) - 1
      byOperator.set(operator, number)
    }
    numbers[node] = number
  }
  for (let block = 1; block < blocks.size(); block++) {
    const maker = makers[numbers[blocks.proposer(block)]!]
    if (maker === undefined) continue
    if (isInChain[block] === 1) {
      maker.chain++
      maker.fees += feesOf(block)
    } else if (isOpen[block] === 0) maker.stale++
  }
  const paid = rewardsOf?.(head)
  if (paid !== undefined) {
    for (const node of committee.voters) {
      const maker = makers[numbers[node]!]!
      maker.rewards += paid.blocks[node]! + paid.uncles[node]!
    }
  }
  return { makers, numbers }
}

function treeOf(
  { blocks }: RunningChain,
  numbers: Int32Array,
  isInChain: Uint8Array,
  isOpen: Uint8Array,
): BlockTree {
  const column = (value: (block: BlockId) => number): number[] => {
    const values: number[] = []
    for (let block = 0; block < blocks.size(); block++) values.push(value(block))
    return values
  }
  return {
    parents: column(blocks.parent),
    heights: column(blocks.height),
    times_ms: column((block) => toMs(blocks.time(block))),
    bytes: column(blocks.bytes),
    makers: column((block) => (block === genesis ? -1 : numbers[blocks.proposer(block)]!)),
    in_chain: column((block) => isInChain[block]!),
    open: column((block) => isOpen[block]!),
  }
}
