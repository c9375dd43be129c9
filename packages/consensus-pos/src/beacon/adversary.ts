import { ms, type Time } from '@counterpoise/engine'
import type { ResolvedOptions } from './beaconOptions.ts'
import type { BeaconBlock } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, epochOf, slotsPerEpoch } from './chain.ts'
import type { Delivery } from './delivery.ts'
import type { EvidencePool } from './evidence.ts'
import { hasPayload } from './payloads.ts'
import { createHeldVotes, type Voters } from './heldVotes.ts'
import type { AdversaryTurn, ProposalPlan, Swaying } from './strategy.ts'
import type { Views } from './views.ts'

/** The adversary's hands: carries out what its strategy decides. */
export type Adversary = {
  /** A slot begins; this is the head that honest nodes follow. */
  beginSlot: (publicHead: number) => void
  /** The slot's proposer has chosen what it builds on. */
  afterChoice: (slot: number, now: Time) => void
  propose: (slot: number, now: Time) => ProposalPlan
  made: (slot: number, block: number) => void
  /** Does it keep a bundle back? */
  keeps: (bundle: Bundle) => boolean
  /** A node of the adversary has so many validators that vote in this slot. */
  collect: (node: number, members: number, etherEach: number) => void
  vote: (slot: number, now: Time) => void
  aggregate: (slot: number, now: Time) => void
  /** Where links are cut, the sides on which it has a node beside honest ones; else none. */
  sides: (now: Time) => readonly Side[]
}

/** A part of the network that others cannot reach: the adversary's node there, and the head. */
export type Side = { source: number; head: number; isFull: boolean }

/** Bytes of votes that are let go: assumed to be small. */
const revealBytes = 10_000

export function createAdversary(options: {
  settings: ResolvedOptions
  chain: BeaconChain
  views: Views
  delivery: Delivery
  evidence: EvidencePool
  proposerOf: (slot: number) => number
  /** Effective balance of a validator of each node, and of all that vote in a slot, ETH. */
  effective: Float64Array
  slotEther: number
  halves: Uint8Array
}): Adversary {
  const { settings, chain, views, delivery, evidence, proposerOf, effective, halves } = options
  const { nodes, strategy } = settings
  const own = nodes.flatMap((node, index) => (node.adversary === true ? [index] : []))
  const source = own[0] ?? 0
  const held = createHeldVotes((node) => effective[node]!)
  let kept: (BeaconBlock | Bundle)[] = []
  let publicHead = 0
  let voters: number[] = []
  let members: number[] = []
  let ether = 0
  let ballots: Ballot[] = []

  const isOwn = (node: number): boolean => nodes[node]?.adversary === true

  const turnAt = (slot: number, now: Time): AdversaryTurn => ({
    slot,
    publicHead,
    cleanHead: () => views.cleanChoice(source, now).head,
    proposes: (at) => isOwn(proposerOf(at)),
    forecast: () => views.forecast().weightOf,
    boostEther: settings.proposerBoost * options.slotEther,
    heldEther: held.ether,
    proposerHalf: isOwn(proposerOf(slot)) ? undefined : halves[proposerOf(slot)],
    slotOf: (block) => chain.blocks[block]!.slot,
    parentOf: (block) => chain.blocks[block]!.parent,
  })

  const letGo = (now: Time): void => {
    for (const item of kept) {
      delivery.reveal(item, delivery.spread(source, revealBytes, now))
    }
    kept = []
  }

  const say = (whose: Voters, head: number, seen: Float64Array, isFull: boolean): Bundle => {
    const epoch = epochOf(whose.slot)
    const { beacon } = chain.stateAt(head, epoch)
    const bundle: Bundle = {
      id: chain.bundles.length,
      slot: whose.slot,
      head,
      targetEpoch: epoch,
      target: chain.checkpoint(head, epoch),
      sourceEpoch: beacon.justified,
      source: chain.checkpoint(head, beacon.justified),
      payloadPresent: settings.profile.payload && isFull && chain.blocks[head]!.slot < whose.slot,
      voters: Int32Array.from(whose.nodes),
      members: Int32Array.from(whose.members),
      ether: whose.ether,
      seen,
      settled: 0,
      partial: false,
    }
    delivery.addBundle(bundle)
    evidence.addVote(bundle)
    return bundle
  }

  /** Votes that one half has before the next slot, and the other one when it has voted there. */
  const sway = (now: Time, { head, half, ether: wanted }: Swaying): void => {
    const { slotMs, aggregateDueMs, attestationDueMs } = settings
    const late = now + ms(slotMs - aggregateDueMs + attestationDueMs) + 1
    for (const whose of held.take(wanted)) {
      const seen = delivery.spread(source, revealBytes, now)
      seen.forEach((time, node) => {
        if (halves[node] !== half && !isOwn(node)) seen[node] = Math.max(time, late)
      })
      say(whose, head, seen, hasPayload(chain.blocks[head]!, source, now))
    }
  }

  const sides: Adversary['sides'] = (now) => {
    const sideOf = delivery.sides()
    if (sideOf === undefined) return []
    const found = new Map<number, Side>()
    for (const node of own) {
      const side = sideOf[node]!
      const other = nodes.findIndex((_, index) => sideOf[index] === side && !isOwn(index))
      if (other < 0 || found.has(side)) continue
      const { head, isFull } = views.choice(other, now)
      found.set(side, { source: node, head, isFull })
    }
    return [...found.values()]
  }

  const planVote = (slot: number, now: Time): Ballot[] => {
    const plan = strategy?.vote?.(turnAt(slot, now)) ?? {}
    const own = views.choice(source, now)
    const { head = own.head, withhold = false, second } = plan
    const ballot = (of: number): Ballot => {
      const isFull = of === own.head ? own.isFull : hasPayload(chain.blocks[of]!, source, now)
      return { source, head: of, isFull, withhold }
    }
    if (plan.holds === true) {
      held.add({ slot, nodes: voters, members, ether })
      return []
    }
    const apart = plan.onEachSide === true ? sides(now) : []
    if (apart.length > 1) return apart.map((side) => ({ ...side, withhold: false }))
    return second === undefined ? [ballot(head)] : [ballot(head), ballot(second)]
  }

  return {
    sides,
    keeps: (bundle) => kept.includes(bundle),
    beginSlot: (head) => {
      publicHead = head
    },
    afterChoice: (slot, now) => {
      if (strategy?.release?.(turnAt(slot, now)) === true) letGo(now)
    },
    propose: (slot, now) => strategy?.propose?.(turnAt(slot, now)) ?? {},
    made: (slot, id) => {
      const block = chain.blocks[id]!
      if (block.partial && block.seen.every((time, node) => isOwn(node) || time === Infinity)) {
        kept.push(block)
      }
      strategy?.proposed?.(turnAt(slot, block.time), id)
    },
    collect: (node, count, each) => {
      voters.push(node)
      members.push(count)
      ether += count * each
    },
    vote: (slot, now) => {
      if (voters.length > 0) ballots = planVote(slot, now)
    },
    aggregate: (slot, now) => {
      const whose = { slot, nodes: voters, members, ether }
      /** What is said on several sides is one bundle where it is the same. */
      const said = new Map<number, { ballot: Ballot; seen: Float64Array }>()
      for (const ballot of ballots) {
        const { source: from, head, isFull, withhold } = ballot
        const seen = withhold ? delivery.hidden(now) : delivery.spread(from, revealBytes, now)
        const key = 2 * head + (isFull ? 1 : 0)
        const before = said.get(key)?.seen
        if (before === undefined) said.set(key, { ballot, seen })
        else seen.forEach((time, node) => (before[node] = Math.min(before[node]!, time)))
      }
      for (const { ballot, seen } of said.values()) {
        const bundle = say(whose, ballot.head, seen, ballot.isFull)
        if (ballot.withhold) kept.push(bundle)
      }
      voters = []
      members = []
      ether = 0
      ballots = []
      held.dropBefore(slot - slotsPerEpoch)
      for (const swaying of strategy?.sway?.(turnAt(slot + 1, now)) ?? []) sway(now, swaying)
    },
  }
}

/** One thing that all voters of a slot say. */
type Ballot = Side & { withhold: boolean }
