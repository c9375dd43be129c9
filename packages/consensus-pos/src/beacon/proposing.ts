import { lognormal, ms, type Time } from '@counterpoise/engine'
import { type BeaconBlock, buildsOnFull } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, epochOf, slotsPerEpoch } from './chain.ts'
import type { Side } from './adversary.ts'
import { type BlockMarket, type BlockSource, checkMarket, drawSource } from './builderMarket.ts'
import type { EvidencePool } from './evidence.ts'
import type { Choice } from './heads.ts'
import { hasPayload, type Payloads } from './payloads.ts'
import { leavesHeadOut } from './proposerHead.ts'
import type { Stage } from './voting.ts'

export type Proposing = {
  /** A slot begins: what its proposer will build on, and when it publishes. */
  prepare: (slot: number, proposer: number, now: Time, delay: Time) => Time | undefined
  publish: (slot: number) => void
}

type Draft = {
  proposer: number
  parent: number
  /** In forks that part them: does the block build upon its parent's payload? */
  isParentWhole: boolean | undefined
  bundles: number[]
  slashings: number[]
  hidden: boolean
  equivocates: boolean
  /** Where links are cut: one block for each of these. */
  sides: readonly Side[]
  source: BlockSource | undefined
}

/** Proposers: on the head that they follow, or on its parent where that is late and weak. */
export function createProposing(
  stage: Stage & {
    totalEther: number
    firstSlot: number
    payloads: Payloads | undefined
    evidence: EvidencePool
    halves: Uint8Array
  },
): Proposing {
  const { simulation, settings, chain, views, delivery, measures, adversary, payloads } = stage
  const { evidence, halves } = stage
  const { name, nodes } = settings
  const slotEther = stage.totalEther / slotsPerEpoch
  let draft: Draft | undefined

  const prepare: Proposing['prepare'] = (slot, proposer, now, delay) => {
    const choice = views.choice(proposer, now)
    const isAdversary = nodes[proposer]!.adversary === true
    const plan = isAdversary ? adversary.propose(slot, now) : {}
    if (plan.skips === true) return undefined
    const usesReorg = settings.proposerReorg && !isAdversary
    const parent = plan.parent ?? (usesReorg ? parentFor(slot, proposer, now, choice) : choice.head)
    if (parent !== choice.head && !isAdversary) measures.proposerReorged()
    const source = plan.censors === true ? ownCensored : sourceOf(slot, proposer, isAdversary)
    const bundles = bundlesFor(slot, parent, proposer, now).filter(
      // What it keeps back it shows in no block either.
      (id) => plan.hidden === true || !isAdversary || !adversary.keeps(chain.bundles[id]!),
    )
    draft = {
      proposer,
      parent,
      isParentWhole: isWholeFor(parent, proposer, now, choice),
      bundles,
      slashings: isAdversary ? [] : evidence.reportsFor(chain.blocks[parent]!, proposer, now),
      hidden: plan.hidden === true,
      equivocates: plan.equivocates === true,
      sides: plan.onEachSide === true ? adversary.sides(now) : [],
      source,
    }
    if (plan.delayMs !== undefined) return now + ms(plan.delayMs)
    return now + Math.min(ms(settings.proposalLatestMs), delay + (source?.leg ?? 0))
  }

  /** Is a block upon the parent one upon its payload, too? */
  const isWholeFor = (
    parent: number,
    proposer: number,
    now: Time,
    choice: Choice,
  ): boolean | undefined => {
    if (payloads === undefined) return undefined
    if (parent === choice.head) return payloads.extends(choice)
    const head = chain.blocks[choice.head]!
    if (parent === head.parent) return buildsOnFull(head)
    return hasPayload(chain.blocks[parent]!, proposer, now)
  }

  const checked = new WeakSet<BlockMarket>()

  /** Where the proposer gets its block: from a relay, which takes a while, or from itself. */
  const sourceOf = (
    slot: number,
    proposer: number,
    isAdversary: boolean,
  ): BlockSource | undefined => {
    const { market } = settings
    const { relays, censors } = nodes[proposer]!
    if (isAdversary) return undefined
    if (market === undefined) return censors === true ? ownCensored : undefined
    const current = typeof market === 'function' ? market(slot - stage.firstSlot) : market
    if (!checked.has(current)) checkMarket(current)
    checked.add(current)
    const stream = simulation.stream(`${name}/sources`)
    return drawSource(current, stream, { isRelayed: relays, censorsLocally: censors })
  }

  /** The head, or its parent where that is better left out. */
  const parentFor = (slot: number, proposer: number, now: Time, choice: Choice): number => {
    const head = chain.blocks[choice.head]!
    const parent = chain.blocks[head.parent]
    if (parent === undefined || head.id === 0) return head.id
    const due = stage.startOf(head.slot) + ms(settings.attestationDueMs)
    const isOut = leavesHeadOut({
      ...{ slot, headSlot: head.slot, parentSlot: parent.slot, slotEther },
      isLate: head.seen[proposer]! >= due,
      isOnTime: now - stage.startOf(slot) <= ms(settings.reorgCutoffMs),
      isEquivocation: isTwice(head, proposer, now),
      headJustified: head.unrealisedJustified.epoch,
      parentJustified: parent.unrealisedJustified.epoch,
      quietEpochs: epochOf(slot) - choice.finalised.epoch,
      headEther: choice.weightOf(head.id) + choice.equivocatingEther,
      parentEther: choice.weightOf(parent.id),
    })
    return isOut ? parent.id : head.id
  }

  /** Has the proposer seen another block for the slot by whoever made this one? */
  const isTwice = (head: BeaconBlock, proposer: number, now: Time): boolean => {
    const { id, slot, proposer: maker } = head
    for (let at = chain.blocks.length - 1; at > 0 && chain.blocks[at]!.slot >= slot; at--) {
      const other = chain.blocks[at]!
      if (at !== id && other.slot === slot && other.proposer === maker) {
        if (other.seen[proposer]! <= now) return true
      }
    }
    return false
  }

  /** The votes that the proposer has and its chain lacks. */
  const bundlesFor = (slot: number, parent: number, proposer: number, now: Time): number[] => {
    const held = chain.included(parent)
    const found: number[] = []
    for (let id = chain.bundles.length - 1; id >= 0; id--) {
      const bundle = chain.bundles[id]!
      if (bundle.slot < (epochOf(slot) - 1) * slotsPerEpoch) break
      if (bundle.seen[proposer]! > now || held.has(id)) continue
      // Of two votes for one epoch a chain takes the first that comes.
      const others = doublesOf(chain, bundle)
      if (others.some((other) => held.has(other) || found.includes(other))) continue
      if (chain.isIncludable(bundle, parent, slot)) found.push(id)
    }
    return found.reverse()
  }

  /** A block that nobody else has yet, and how long others work on it. */
  const make = (slot: number, from: Draft, time: Time): { block: BeaconBlock; work: Time } => {
    const block = emptyBlock(chain, from.parent, slot)
    const stream = simulation.stream(`${name}/bytes`)
    block.proposer = from.proposer
    block.time = time
    block.bundles = from.bundles
    block.slashings = from.slashings
    block.source = from.source
    const drawn = lognormal(stream, settings.blockBytesMedian, settings.blockBytesSigma)
    block.isParentWhole = from.isParentWhole
    payloads?.bid(block, nodes[from.proposer]!.adversary === true)
    const { bytes, work, objectionable } = settings.fill?.(block) ?? { bytes: 0, work: 0 }
    block.isObjectionable = objectionable
    block.bytes = Math.max(Math.round(drawn), bytes)
    block.seen = delivery.hidden(time)
    return { block, work }
  }

  /** When the nodes have it and have executed it; passing it on does not wait for that. */
  const spread = (block: BeaconBlock, work: Time, source = block.proposer): Float64Array => {
    const isApart = payloads !== undefined
    const bytes = isApart ? settings.payloads.blockBytes : block.bytes
    const seen = delivery.spread(source, bytes, block.time)
    // A payload that comes apart is executed when it comes.
    if (work === 0 || isApart) return seen
    for (let node = 0; node < seen.length; node++) {
      if (node !== block.proposer) seen[node] = seen[node]! + work
    }
    return seen
  }

  const publish = (slot: number): void => {
    const from = draft
    draft = undefined
    if (from === undefined || stage.up[from.proposer] === 0) return
    const now = simulation.now()
    if (from.sides.length > 1) return publishApart(slot, from, now)
    const { block, work } = make(slot, from, now)
    if (from.hidden) {
      delivery.addBlock(block)
      payloads?.enclose(block, work)
      adversary.made(slot, block.id)
      return
    }
    block.seen = spread(block, work)
    if (from.equivocates) halve(block.seen, 0, now)
    open(block, work)
    measures.published(block)
    if (nodes[from.proposer]!.adversary === true) adversary.made(slot, block.id)
    if (!from.equivocates) return
    const second = make(slot, from, now)
    second.block.seen = spread(second.block, second.work)
    halve(second.block.seen, 1, now)
    open(second.block, second.work)
    adversary.made(slot, second.block.id)
    evidence.addProposals(block, second.block)
  }

  const open = (block: BeaconBlock, work: Time): void => {
    delivery.addBlock(block)
    payloads?.open(block, work)
  }

  /** A block on each side of a cut, as if the other side were not there. */
  const publishApart = (slot: number, from: Draft, now: Time): void => {
    const made = from.sides.map(({ source, head, isFull }) => {
      const isParentWhole = payloads && isFull
      const bundles = bundlesFor(slot, head, source, now)
      const { block, work } = make(slot, { ...from, parent: head, isParentWhole, bundles }, now)
      block.seen = spread(block, work, source)
      open(block, work)
      measures.published(block)
      return block
    })
    evidence.addProposals(made[0]!, made[1]!)
  }

  /** The other half of the nodes gets it only when the next slot is about to begin. */
  const halve = (seen: Float64Array, half: number, now: Time): void => {
    const late = now + ms(settings.slotMs) - 1
    seen.forEach((time, node) => {
      if (halves[node] === half || nodes[node]!.adversary === true) return
      seen[node] = Math.max(time, late)
    })
  }

  return { prepare, publish }
}

/** The bundles of some of its validators for the same epoch. */
const doublesOf = ({ bundles }: BeaconChain, { contradicts = [], targetEpoch }: Bundle): number[] =>
  contradicts.filter((id) => bundles[id]!.targetEpoch === targetEpoch)

/** A block that its proposer built, without what it objects to. */
const ownCensored: BlockSource = { builder: '', relay: '', censors: true, leg: 0 }

/** A block without content, whose chain is not derived yet. */
function emptyBlock(chain: BeaconChain, parent: number, slot: number): BeaconBlock {
  const before = chain.blocks[parent]!
  return {
    ...before,
    id: chain.blocks.length,
    parent,
    slot,
    bundles: [],
    slashings: [],
    payload: undefined,
    bid: undefined,
    settled: 0,
    partial: false,
    previousTarget: 0,
    currentTarget: 0,
  }
}
