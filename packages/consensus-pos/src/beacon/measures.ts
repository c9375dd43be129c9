import type { Time } from '@counterpoise/engine'
import type { BuilderLedger } from '../transition/builderPayments.ts'
import type { BeaconNode } from './beaconOptions.ts'
import type { BeaconBlock } from './blocks.ts'
import { type BeaconChain, epochOf } from './chain.ts'
import type { Choice } from './heads.ts'

/** What a run shows, slot by slot; read with `summary`. */
export type BeaconMeasures = {
  assigned: (slot: number, members: Int32Array, effective: Float64Array) => void
  voted: (head: number, ether: number, isLate: boolean) => void
  published: (block: BeaconBlock) => void
  proposerReorged: () => void
  endSlot: (slot: number, choiceOf: (node: number) => Choice) => void
  summary: () => BeaconSummary
  /** When the observer held the block for justified, and for final, µs; undefined: not yet. */
  justifiedAt: (block: number) => Time | undefined
  finalAt: (block: number) => Time | undefined
}

export type BeaconSummary = {
  slots: number
  /** Blocks published, and those that the observer's chain left behind. */
  blocks: number
  orphaned: number
  /** Those of them whose proposer was no adversary. */
  orphanedHonest: number
  missedSlots: number
  /** Share of the chain's blocks whose payload is not part of it; 0 before Gloas. */
  emptyPayloads: number
  /**
   * In Gloas, of the observer's chain, Gwei: what builders owe for payloads that are part of it,
   * for those that were left out although the quorum voted for their blocks, what lapsed, and
   * what proposers have got of that by now.
   */
  builderPayments?: BuilderSums | undefined
  /** How often the head changed to a block that does not build on it, by blocks left behind. */
  reorgDepths: readonly number[]
  /** Times a proposer left a late head out. */
  proposerReorgs: number
  /**
   * Share of the voting stake that voted at all, and of these votes for the block that stayed in
   * the chain. An adversary's votes are not counted.
   */
  participation: number
  headAccuracy: number
  /** Share of the votes that came to their aggregators when those had spoken. */
  lateVotes: number
  /** Mean distance, epochs, of the justified and of the final checkpoint at the end of a slot. */
  justifiedDistance: number
  finalisedDistance: number
  /** Delay from the beginning of a slot until its block was final, s, of blocks that are. */
  finalityDelaysSeconds: readonly number[]
  /** The same until justified. */
  justificationDelaysSeconds: readonly number[]
  /** From publication until a node has the block, ms, of a sample of 16 nodes for each block. */
  spreadMs: readonly number[]
  /** From the slot's beginning until a node of the sample has the block, ms. */
  seenMs: readonly number[]
}

export type BuilderSums = Pick<
  BuilderLedger,
  'settledGwei' | 'quorumGwei' | 'lapsedGwei' | 'paidGwei'
>

export function createMeasures(options: {
  chain: BeaconChain
  nodes: readonly BeaconNode[]
  firstSlot: number
  slotTime: Time
  up: Uint8Array
}): BeaconMeasures {
  const { chain, nodes, firstSlot, slotTime, up } = options
  let observer = Math.max(0, nodes.findIndex((node) => node.adversary !== true && !node.down))
  const sample = Math.max(1, Math.floor(nodes.length / 16))
  const reorgDepths: number[] = []
  const finalityDelays: number[] = []
  const justificationDelays: number[] = []
  const justifiedTimes: Time[] = []
  const finalTimes: Time[] = []
  const spreadMs: number[] = []
  const seenMs: number[] = []
  /** Votes by head, per slot, with what was assigned. */
  const ballots: { slot: number; assigned: number; votes: Map<number, number> }[] = []
  let votes = new Map<number, number>()
  let late = 0
  let slots = 0
  let published = 0
  let proposerReorgs = 0
  let justifiedSum = 0
  let finalisedSum = 0
  let head = 0
  let finalBlock = 0
  let justifiedBlock = 0

  const startOf = (slot: number): Time => (slot - firstSlot) * slotTime

  /** Delays of the blocks from the last final one, exclusive, to this one. */
  const settle = (from: number, to: number, now: Time, into: number[], when: Time[]): void => {
    const stop = chain.blocks[from]!.slot
    for (let at = to; at > 0 && chain.blocks[at]!.slot > stop; at = chain.blocks[at]!.parent) {
      if (when[at] !== undefined) continue
      into.push((now - startOf(chain.blocks[at]!.slot)) / 1e6)
      when[at] = now
    }
  }

  const noteReorg = (next: number): void => {
    const isExtension = chain.ancestorAt(next, chain.blocks[head]!.slot) === head
    if (isExtension) return
    let depth = 0
    let at = head
    while (at > 0 && chain.ancestorAt(next, chain.blocks[at]!.slot) !== at) {
      at = chain.blocks[at]!.parent
      depth++
    }
    reorgDepths.push(depth)
  }

  return {
    assigned: (slot, members, effective) => {
      let assigned = 0
      members.forEach((count, node) => (assigned += count * effective[node]!))
      ballots.push({ slot, assigned, votes })
      votes = new Map()
    },
    voted: (to, ether, isLate) => {
      if (isLate) late += ether
      votes.set(to, (votes.get(to) ?? 0) + ether)
    },
    published: (block) => {
      published++
      for (let node = block.id % sample; node < nodes.length; node += sample) {
        const at = block.seen[node]!
        if (node === block.proposer || at === Number.POSITIVE_INFINITY) continue
        spreadMs.push((at - block.time) / 1_000)
        seenMs.push((at - startOf(block.slot)) / 1_000)
      }
    },
    proposerReorged: () => proposerReorgs++,
    justifiedAt: (block) => justifiedTimes[block],
    finalAt: (block) => finalTimes[block],
    endSlot: (slot, choiceOf) => {
      slots++
      if (up[observer] === 0) {
        const next = nodes.findIndex((node, index) => !node.adversary && up[index] === 1)
        if (next >= 0) observer = next
      }
      const now = startOf(slot + 1)
      const choice = choiceOf(observer)
      const epoch = epochOf(slot)
      justifiedSum += epoch - choice.justified.epoch
      finalisedSum += epoch - choice.finalised.epoch
      if (choice.head !== head) noteReorg(choice.head)
      head = choice.head
      if (choice.justified.block > justifiedBlock) {
        settle(justifiedBlock, choice.justified.block, now, justificationDelays, justifiedTimes)
        justifiedBlock = choice.justified.block
      }
      if (choice.finalised.block > finalBlock) {
        settle(finalBlock, choice.finalised.block, now, finalityDelays, finalTimes)
        finalBlock = choice.finalised.block
      }
    },
    summary: () => {
      let [assigned, cast, right] = [0, 0, 0]
      const onChain = new Set([0])
      for (let at = head; at > 0; at = chain.blocks[at]!.parent) onChain.add(at)
      const orphans = chain.blocks.filter(({ id }) => !onChain.has(id))
      const isHonest = ({ proposer }: BeaconBlock): boolean => nodes[proposer]!.adversary !== true
      for (const ballot of ballots) {
        assigned += ballot.assigned
        const expected = chain.ancestorAt(head, ballot.slot)
        for (const [to, ether] of ballot.votes) {
          cast += ether
          if (to === expected) right += ether
        }
      }
      return {
        slots,
        blocks: published,
        orphaned: orphans.length,
        orphanedHonest: orphans.filter(isHonest).length,
        missedSlots: slots - slotsWithBlocks(chain, firstSlot + slots),
        emptyPayloads: emptyShare(chain, head),
        builderPayments: builderSums(chain.blocks[head]!.builders),
        reorgDepths,
        proposerReorgs,
        participation: cast / assigned,
        headAccuracy: right / cast,
        lateVotes: late / cast,
        justifiedDistance: justifiedSum / slots,
        finalisedDistance: finalisedSum / slots,
        finalityDelaysSeconds: finalityDelays,
        justificationDelaysSeconds: justificationDelays,
        spreadMs,
        seenMs,
      }
    },
  }
}

/** Slots before the given one for which somebody made a block, be it kept back. */
function slotsWithBlocks({ blocks }: BeaconChain, end: number): number {
  const found = new Set<number>()
  for (const { id, slot } of blocks) if (id > 0 && slot < end) found.add(slot)
  return found.size
}

/** Of the blocks below the head, which has no child yet, those whose payload was left out. */
function emptyShare({ blocks }: BeaconChain, head: number): number {
  let [empty, all] = [0, 0]
  for (let at = head; blocks[at]!.parent > 0; at = blocks[at]!.parent) {
    all++
    if (blocks[at]!.isParentWhole === false) empty++
  }
  return all === 0 ? 0 : empty / all
}

function builderSums(ledger: BuilderLedger | undefined): BuilderSums | undefined {
  if (ledger === undefined) return undefined
  const { settledGwei, quorumGwei, lapsedGwei, paidGwei } = ledger
  return { settledGwei, quorumGwei, lapsedGwei, paidGwei }
}
