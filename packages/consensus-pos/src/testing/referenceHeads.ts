import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock, Root } from '../beacon/blocks.ts'
import { lineOfSlot } from '../beacon/assignment.ts'
import type { Bundle } from '../beacon/bundles.ts'
import { type BeaconChain, createBeaconChain, epochOf } from '../beacon/chain.ts'
import { createEvidencePool, type Evidence } from '../beacon/evidence.ts'

export type Draft = {
  parent: number
  gap: number
  justified: number
  pulled: number
  /** In Gloas: builds on its parent's payload; who made it. */
  full?: boolean
  proposer?: number
}
export type Vote = {
  head: number
  back: number
  /** Bit k: node k votes so. */
  who: number
  source: number
  has: boolean
  open: boolean
  /** In Gloas: the payload is there, says a vote for an earlier block. */
  present?: boolean
  /** A second vote of some of them for the same slot. */
  second: { head: number; who: number } | undefined
}
/** A block that reports a conflict, both by number. */
export type Report = { block: number; conflict: number }

/** Effective balance behind each node's vote, ETH. */
export const ethers = [3, 5, 8]

export function chainOf(
  drafts: readonly Draft[],
  votes: readonly Vote[],
  now: number,
  reports: readonly Report[] = [],
): BeaconChain {
  const beacon = createBeaconState({ groups: [{ entity: 'all', count: 1 }], start: 'running' })
  const { slashing: rules } = beacon.profile
  const pool = createEvidencePool({ rules, nodes: 3, slotMembers: 3, lineOf: lineOfSlot })
  const { all: evidence, conflicts } = pool
  const chain = createBeaconChain(
    { epoch: 8, tip: 0, beacon },
    { firstSlot: 256, nodes: 1, evidence, conflicts },
  )
  const root = (block: number, epoch: number): Root => ({
    epoch,
    block: chain.checkpoint(block, epoch),
  })
  for (const draft of drafts) {
    const parent = chain.blocks[draft.parent % chain.blocks.length]!
    const id = chain.blocks.length
    const block: BeaconBlock = {
      ...{ ...parent, id, parent: parent.id, slot: parent.slot + draft.gap },
      ...{ isParentWhole: draft.full, proposer: draft.proposer ?? 0 },
    }
    chain.blocks.push(block)
    const last = epochOf(block.slot)
    const justified = Math.max(parent.justified.epoch, Math.min(draft.justified, last))
    block.justified = root(id, justified)
    block.unrealisedJustified = root(id, Math.max(justified, Math.min(draft.pulled, last)))
    block.finalised = root(id, Math.min(parent.finalised.epoch, 6))
    block.unrealisedFinalised = block.finalised
  }
  const asked = votes.flatMap((vote) =>
    vote.second === undefined ? [vote] : [vote, { ...vote, ...vote.second }],
  )
  const slotOf = ({ back }: Vote): number => Math.max(256, now - back)
  asked.sort((a, b) => slotOf(a) - slotOf(b))
  for (const vote of asked) {
    const id = chain.bundles.length
    const slot = slotOf(vote)
    const head = vote.head % chain.blocks.length
    const voters = Int32Array.from([0, 1, 2].filter((node) => (vote.who >> node) % 2 === 1))
    const bundle: Bundle = {
      ...{ id, slot, head, ether: 1 },
      payloadPresent: vote.present && chain.blocks[head]!.slot < slot,
      ...{ targetEpoch: epochOf(slot), target: 0, source: 0 },
      sourceEpoch: Math.min(vote.source, epochOf(slot) - 1),
      ...{ voters, members: voters.map(() => 1) },
      ...{ seen: new Float64Array(1), settled: vote.has ? 0 : 1, partial: vote.open },
    }
    chain.bundles.push(bundle)
    pool.addVote(bundle)
  }
  for (const { block, conflict } of conflicts.length > 0 ? reports : []) {
    const reporter = chain.blocks[block % chain.blocks.length]!
    reporter.slashings = conflicts[conflict % conflicts.length]!.reports
    chain.reporters.push(reporter.id)
  }
  return chain
}

/** `is_slashable_attestation_data`. */
function is_slashable(one: Bundle, two: Bundle): boolean {
  const equal =
    one.head === two.head &&
    one.sourceEpoch === two.sourceEpoch &&
    one.payloadPresent === two.payloadPresent
  return (
    (!equal && one.targetEpoch === two.targetEpoch) ||
    (one.sourceEpoch < two.sourceEpoch && two.targetEpoch < one.targetEpoch)
  )
}

export type Seen = {
  now: number
  has: (id: number) => boolean
  hasVote: (id: number) => boolean
  isOpen: (id: number) => boolean
  boosted: number
  boost: number
  discount: boolean
  /** In Gloas: `is_payload_verified`. */
  verified?: (id: number) => boolean
}

/** Latest messages by validator. */
export type LatestMessages = Map<string, { epoch: number; head: number; ether: number; of: Bundle }>

/** A block whose parent is unknown is unknown, and in Gloas one upon an unknown payload. */
export function isKnown(chain: BeaconChain, view: Seen, b: BeaconBlock): boolean {
  if (b.id === 0) return true
  const isWaiting = b.isParentWhole === true && view.verified?.(b.parent) === false
  return view.has(b.id) && !isWaiting && isKnown(chain, view, chain.blocks[b.parent]!)
}

/**
 * The latest messages of those who have not contradicted themselves, and the stake of the last
 * slot's committee that has.
 */
export function latest_messages(
  chain: BeaconChain,
  view: Seen,
): { latest: LatestMessages; equivocating: number } {
  const { blocks, bundles, evidence } = chain
  const { now } = view
  const known = (b: BeaconBlock): boolean => isKnown(chain, view, b)
  const latest: LatestMessages = new Map()
  const equivocating = new Set<string>()
  const attesters = ({ slot, voters }: Bundle): string[] =>
    [...voters].map((node) => `${node} of line ${lineOfSlot(slot)}`)
  for (const one of bundles) {
    for (const two of bundles) {
      if (!view.discount || !is_slashable(one, two)) continue
      // `on_attester_slashing`, of a slashing that somebody made of the two, or from a block.
      const reports = ({ pair }: Evidence): boolean =>
        pair?.includes(one.id) === true && pair.includes(two.id)
      const isReported = blocks.some(
        (b) => known(b) && b.slashings.some((report) => reports(evidence[report]!)),
      )
      if (!(view.hasVote(one.id) && view.hasVote(two.id)) && !isReported) continue
      const others = attesters(two)
      for (const index of attesters(one)) if (others.includes(index)) equivocating.add(index)
    }
  }
  // Of two votes for one epoch the first to come counts: what everybody has came before the rest.
  const arrivals = bundles.toSorted((a, b) => Number(view.isOpen(a.id)) - Number(view.isOpen(b.id)))
  for (const bundle of arrivals) {
    const { id, slot, head, voters } = bundle
    if (slot >= now || !view.hasVote(id) || !known(blocks[head]!)) continue
    if (bundle.payloadPresent === true && view.verified?.(head) === false) continue
    attesters(bundle).forEach((validator, at) => {
      const before = latest.get(validator)
      const epoch = epochOf(slot)
      const ether = ethers[voters[at]!]!
      if (before === undefined || epoch > before.epoch) {
        latest.set(validator, { epoch, head, ether, of: bundle })
      }
    })
  }
  for (const validator of equivocating) latest.delete(validator)
  const committee = ethers.map((ether, node) => ({ ether, name: `${node} of line ` }))
  const sum = committee.reduce((total, { ether, name }) => {
    return total + (equivocating.has(name + lineOfSlot(now - 1)) ? ether : 0)
  }, 0)
  return { latest, equivocating: sum }
}

/** `get_head` as the specification tells it, recursive and without any memory. */
export function get_head(chain: BeaconChain, view: Seen): { head: number; equivocating: number } {
  const { blocks, ancestorAt } = chain
  const known = (b: BeaconBlock): boolean => isKnown(chain, view, b)
  const { latest, equivocating } = latest_messages(chain, view)
  const epoch = epochOf(view.now)
  const seen = blocks.filter(known)
  const source = (b: BeaconBlock): Root =>
    epochOf(b.slot) < epoch ? b.unrealisedJustified : b.justified
  let justified = blocks[0]!.justified
  for (const b of seen) if (source(b).epoch > justified.epoch) justified = source(b)
  const isAncestor = (a: number, b: number): boolean => ancestorAt(b, blocks[a]!.slot) === a
  const weight = (b: BeaconBlock): number => {
    let sum = 0
    for (const v of latest.values()) if (isAncestor(b.id, v.head)) sum += v.ether
    const isBoosted = view.boosted >= 0 && isAncestor(b.id, view.boosted)
    return sum + (isBoosted ? view.boost : 0)
  }
  const children = (id: number): BeaconBlock[] => seen.filter((b) => b.parent === id && b.id > 0)
  const filter = (b: BeaconBlock): boolean => {
    const below = children(b.id)
    if (below.length > 0) return below.some(filter)
    const voting = source(b).epoch
    return justified.epoch === 0 || voting === justified.epoch || voting + 2 >= epoch
  }
  let head = justified.block
  for (;;) {
    const next = children(head).filter(filter)
    if (next.length === 0) return { head, equivocating }
    next.sort((a, b) => weight(b) - weight(a) || b.id - a.id)
    head = next[0]!.id
  }
}
