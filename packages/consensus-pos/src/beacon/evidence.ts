import type { SlashingRules } from '../transition/forkProfile.ts'
import type { Time } from '@counterpoise/engine'
import type { BeaconBlock } from './blocks.ts'
import { type Bundle, sharedVoters } from './bundles.ts'

/** Validators of a node that contradicted themselves; the same ones have the same key. */
export type Offence = { node: number; members: number; key: number }

/** Two messages of the same validators that a block may report together. */
export type Evidence = {
  kind: 'votes' | 'proposals'
  offences: readonly Offence[]
  /** The bundles of which it consists, of votes. */
  pair?: readonly [first: number, second: number] | undefined
  /** When each node has both messages, µs, as they may still come. */
  knownTo: (node: number) => Time
}

/** Two bundles of which no validator may sign both, and who did. */
export type Conflict = Pick<Bundle, 'voters' | 'members'> & {
  first: number
  second: number
  /** The slot of the second one. */
  slot: number
  /** The numbers of what may be reported of it: all parts together name everybody. */
  reports: readonly number[]
}

/** What may be reported, and to which chains that is news. */
export type EvidencePool = {
  all: readonly Evidence[]
  conflicts: readonly Conflict[]
  /** A vote of validators that may contradict what they said before. */
  addVote: (vote: Bundle) => void
  /** Two blocks of one proposer for one slot. */
  addProposals: (first: BeaconBlock, second: BeaconBlock) => void
  /** What a proposer knows and its chain has not reported yet, as much as a block may hold. */
  reportsFor: (parent: BeaconBlock, proposer: number, now: Time) => number[]
  /** What a final block's chain has reported is asked for no more. */
  forget: (finalised: BeaconBlock) => void
}

/** `is_slashable_attestation_data`: two votes for one epoch, or one that surrounds the other. */
export function contradict(one: Bundle, other: Bundle): boolean {
  const isSame =
    one.head === other.head &&
    one.payloadPresent === other.payloadPresent &&
    one.target === other.target &&
    one.sourceEpoch === other.sourceEpoch &&
    one.source === other.source
  const isDouble = one.targetEpoch === other.targetEpoch && !isSame
  const surrounds = (outer: Bundle, inner: Bundle): boolean =>
    outer.sourceEpoch < inner.sourceEpoch && inner.targetEpoch < outer.targetEpoch
  return isDouble || surrounds(one, other) || surrounds(other, one)
}

/** Committees of a slot: one for each 128 of its validators, at most 64. */
const committeesOf = (members: number): number =>
  Math.min(64, Math.max(1, Math.floor(members / 128)))

/** One of so many parts, as equal as they can be, of a number of validators. */
const partOf = (members: number, part: number, parts: number): number =>
  Math.floor((members * (part + 1)) / parts) - Math.floor((members * part) / parts)

/**
 * What nodes know of others' contradictions. Each node looks out by itself and has heard of all
 * that is gossiped, so a proposer reports what it has seen both parts of.
 *
 * @param options.lineOf whose turn a slot is, where the same validators vote together in each
 * epoch; −1 where they do not, so that every offence is another one's.
 */
export function createEvidencePool(options: {
  rules: SlashingRules
  nodes: number
  /** Validators that vote in a slot. */
  slotMembers: number
  lineOf: (slot: number) => number
}): EvidencePool {
  const { rules, nodes, slotMembers, lineOf } = options
  const all: Evidence[] = []
  const conflicts: Conflict[] = []
  const parts = rules.spansCommittees ? 1 : committeesOf(slotMembers)
  let open: number[] = []
  const keyOf = (place: number, node: number, part: number): number =>
    (place * parts + part) * nodes + node

  const knownOf =
    (first: Bundle | BeaconBlock, second: Bundle | BeaconBlock) =>
    (node: number): Time =>
      Math.max(first.seen[node]!, second.seen[node]!)

  const add = (evidence: Evidence): void => {
    open.push(all.length)
    all.push(evidence)
  }

  /** What the same validators have said so far: those of a line, or of a slot. */
  const said = new Map<number, Said[]>()
  const addVote: EvidencePool['addVote'] = (vote) => {
    const line = lineOf(vote.slot)
    const whose = line >= 0 ? line : 32 + vote.slot
    const before = said.get(whose) ?? []
    for (const { bundle, voters, members } of before) {
      if (!contradict(bundle, vote)) continue
      const both = sharedVoters({ voters, members }, vote)
      if (both.voters.length === 0) continue
      ;(bundle.contradicts ??= []).push(vote.id)
      ;(vote.contradicts ??= []).push(bundle.id)
      report(bundle, vote, both, line >= 0 ? line : 32 + vote.id)
    }
    // Bundles forget their voters when they are old.
    said.set(whose, [...before, { bundle: vote, voters: vote.voters, members: vote.members }])
  }

  const report = (
    first: Bundle,
    second: Bundle,
    both: Pick<Bundle, 'voters' | 'members'>,
    place: number,
  ): void => {
    const reports: number[] = []
    for (let part = 0; part < parts; part++) {
      const offences: Offence[] = []
      both.voters.forEach((node, index) => {
        const members = partOf(both.members[index]!, part, parts)
        if (members > 0) offences.push({ node, members, key: keyOf(place, node, part) })
      })
      if (offences.length === 0) continue
      reports.push(all.length)
      const pair = [first.id, second.id] as const
      add({ kind: 'votes', offences, pair, knownTo: knownOf(first, second) })
    }
    conflicts.push({ ...both, first: first.id, second: second.id, slot: second.slot, reports })
  }

  const addProposals: EvidencePool['addProposals'] = (first, second) => {
    const { proposer: node, slot } = first
    const offences = [{ node, members: 1, key: -1 - slot }]
    add({ kind: 'proposals', offences, knownTo: knownOf(first, second) })
  }

  const reportsFor: EvidencePool['reportsFor'] = ({ offences: done }, proposer, now) => {
    const found: number[] = []
    const room = { votes: rules.attesterMaximum, proposals: rules.proposerMaximum }
    const taken = new Set<number>()
    for (const id of open) {
      const { kind, offences, knownTo } = all[id]!
      if (room[kind] === 0 || offences.every(({ key }) => done.has(key) || taken.has(key))) continue
      if (knownTo(proposer) > now) continue
      room[kind]--
      found.push(id)
      for (const { key } of offences) taken.add(key)
    }
    return found
  }

  const forget: EvidencePool['forget'] = ({ offences: done }) => {
    open = open.filter((id) => !all[id]!.offences.every(({ key }) => done.has(key)))
  }

  return { all, conflicts, addVote, addProposals, reportsFor, forget }
}

/** A bundle with its voters, as it was said. */
type Said = Pick<Bundle, 'voters' | 'members'> & { bundle: Bundle }
