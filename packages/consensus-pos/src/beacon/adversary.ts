import type { Time } from '@counterpoise/engine'
import type { ResolvedOptions } from './beaconOptions.ts'
import type { BeaconBlock } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, epochOf } from './chain.ts'
import type { Delivery } from './delivery.ts'
import type { EvidencePool } from './evidence.ts'
import type { AdversaryTurn, ProposalPlan } from './strategy.ts'
import type { Views } from './views.ts'

/** The adversary's hands: carries out what its strategy decides. */
export type Adversary = {
  /** A slot begins; this is the head that honest nodes follow. */
  beginSlot: (publicHead: number) => void
  /** The slot's proposer has chosen what it builds on. */
  afterChoice: (slot: number, now: Time) => void
  propose: (slot: number, now: Time) => ProposalPlan
  made: (slot: number, block: number) => void
  /** A node of the adversary has so many validators that vote in this slot. */
  collect: (node: number, members: number, etherEach: number) => void
  vote: (slot: number, now: Time) => void
  aggregate: (slot: number, now: Time) => void
}

/** Bytes of votes that are let go: assumed to be small. */
const revealBytes = 10_000

export function createAdversary(options: {
  settings: ResolvedOptions
  chain: BeaconChain
  views: Views
  delivery: Delivery
  evidence: EvidencePool
  proposerOf: (slot: number) => number
}): Adversary {
  const { settings, chain, views, delivery, evidence, proposerOf } = options
  const { nodes, strategy } = settings
  const own = nodes.flatMap((node, index) => (node.adversary === true ? [index] : []))
  const source = own[0] ?? 0
  let kept: (BeaconBlock | Bundle)[] = []
  let publicHead = 0
  let voters: number[] = []
  let members: number[] = []
  let ether = 0
  let ballot: { head: number; withhold: boolean; second: number | undefined } | undefined

  const turnAt = (slot: number, now: Time): AdversaryTurn => ({
    slot,
    publicHead,
    cleanHead: () => views.cleanChoice(source, now).head,
    proposes: (at) => nodes[proposerOf(at)]?.adversary === true,
    slotOf: (block) => chain.blocks[block]!.slot,
    parentOf: (block) => chain.blocks[block]!.parent,
  })

  const letGo = (now: Time): void => {
    for (const item of kept) {
      delivery.reveal(item, delivery.spread(source, revealBytes, now))
    }
    kept = []
  }

  /** Publishes, or keeps back, one vote of all who vote in the slot. */
  const say = (slot: number, head: number, withhold: boolean, now: Time): Bundle => {
    const epoch = epochOf(slot)
    const { beacon } = chain.stateAt(head, epoch)
    const bundle: Bundle = {
      id: chain.bundles.length,
      slot,
      head,
      targetEpoch: epoch,
      target: chain.checkpoint(head, epoch),
      sourceEpoch: beacon.justified,
      source: chain.checkpoint(head, beacon.justified),
      voters: Int32Array.from(voters),
      members: Int32Array.from(members),
      ether,
      seen: withhold ? delivery.hidden(now) : delivery.spread(source, revealBytes, now),
      settled: 0,
      partial: false,
      twin: -1,
    }
    delivery.addBundle(bundle)
    evidence.addVote(bundle)
    if (withhold) kept.push(bundle)
    return bundle
  }

  return {
    beginSlot: (head) => {
      publicHead = head
    },
    afterChoice: (slot, now) => {
      if (strategy?.release?.(turnAt(slot, now)) === true) letGo(now)
    },
    propose: (slot, now) => strategy?.propose?.(turnAt(slot, now)) ?? {},
    made: (slot, id) => {
      const block = chain.blocks[id]!
      if (block.partial) kept.push(block)
      strategy?.proposed?.(turnAt(slot, block.time), id)
    },
    collect: (node, count, each) => {
      voters.push(node)
      members.push(count)
      ether += count * each
    },
    vote: (slot, now) => {
      if (voters.length === 0) return
      const plan = strategy?.vote?.(turnAt(slot, now)) ?? {}
      const head = plan.head ?? views.choice(source, now).head
      ballot = { head, withhold: plan.withhold === true, second: plan.second }
    },
    aggregate: (slot, now) => {
      if (ballot === undefined) return
      const { head, withhold, second } = ballot
      const first = say(slot, head, withhold, now)
      if (second !== undefined) {
        const other = say(slot, second, withhold, now)
        first.twin = other.id
        other.twin = first.id
      }
      voters = []
      members = []
      ether = 0
      ballot = undefined
    },
  }
}
