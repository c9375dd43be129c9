import { ms, type Simulation, type Stream, type Time } from '@counterpoise/engine'
import type { Adversary } from './adversary.ts'
import type { Assignment } from './assignment.ts'
import type { ResolvedOptions } from './beaconOptions.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, epochOf } from './chain.ts'
import type { Delivery } from './delivery.ts'
import type { Choice } from './heads.ts'
import { lognormalTable, tableBits } from './mesh.ts'
import type { BeaconMeasures } from './measures.ts'
import { usableAt } from './payloads.ts'
import type { Views } from './views.ts'

export type Stage = {
  simulation: Simulation
  settings: ResolvedOptions
  chain: BeaconChain
  views: Views
  delivery: Delivery
  measures: BeaconMeasures
  adversary: Adversary
  up: Uint8Array
  startOf: (slot: number) => Time
}

export type Voting = { vote: (slot: number) => void; aggregate: (slot: number) => void }

/** Compressed bytes of a slot's aggregates. Assumed: 64 committees of about 400 bytes. */
const aggregateBytes = 25_600

/** Votes of one slot that say the same and start in the same part of the network. */
type Ballot = {
  slot: number
  isLate: boolean
  head: number
  choice: Choice
  side: number
  voters: number[]
  members: number[]
  ether: number
}

/** A number for each head, payload, justified epoch, side and lateness that occur in one slot. */
const keyOf = ({ head, isFull, justified }: Choice, side: number, isLate: boolean): number =>
  ((head * 4_096 + (justified.epoch % 4_096)) * 16_384 + side) * 4 +
  (isFull ? 2 : 0) +
  (isLate ? 1 : 0)

/**
 * Attesting: at the slot's block, or when it is due, and publishing the aggregates. Called when
 * votes are due: what a node knew when it voted no longer changes then.
 */
export function createVoting(
  stage: Stage & { assign: Assignment; effective: Float64Array },
): Voting {
  const { simulation, settings, chain, views, delivery, measures, adversary, up } = stage
  const { nodes, name } = settings
  const members = new Int32Array(nodes.length)
  const stream = simulation.stream(`${name}/attestation`)
  const delayMax = ms(settings.attestationDelayMaxMs)
  let ballots = new Map<number, Ballot>()
  /** Votes that their aggregators got too late, of the slot before. */
  let late: Ballot[] = []
  const subnets = simulation.stream(`${name}/subnets`)
  const ways = lognormalTable(settings.subnetMedianMs, settings.subnetSigma)
  const shift = 32 - tableBits

  const arrivalOf = (node: number, slot: number): Time => {
    let first = Number.POSITIVE_INFINITY
    for (let id = chain.blocks.length - 1; id > 0 && chain.blocks[id]!.slot >= slot; id--) {
      const block = chain.blocks[id]!
      if (block.slot === slot) first = Math.min(first, usableAt(chain, block, node))
    }
    return first
  }

  const cast = (slot: number, node: number, count: number, time: Time): void => {
    const choice = views.choice(node, time)
    const side = delivery.sides()?.[node] ?? 0
    const aggregateDue = stage.startOf(slot) + ms(settings.aggregateDueMs)
    const isLate = time + ways[subnets.bits() >>> shift]! > aggregateDue
    const key = keyOf(choice, side, isLate)
    let ballot = ballots.get(key)
    if (ballot === undefined) {
      ballot = { slot, isLate, head: choice.head, choice, side, voters: [], members: [], ether: 0 }
      ballots.set(key, ballot)
    }
    const last = ballot.voters.length - 1
    if (ballot.voters[last] === node) ballot.members[last] = ballot.members[last]! + count
    else {
      ballot.voters.push(node)
      ballot.members.push(count)
    }
    ballot.ether += count * stage.effective[node]!
    measures.voted(choice.head, count * stage.effective[node]!, isLate)
  }

  const vote = (slot: number): void => {
    ballots = new Map()
    const due = stage.startOf(slot) + ms(settings.attestationDueMs)
    stage.assign(slot, members)
    for (let node = 0; node < nodes.length; node++) {
      const count = members[node]!
      if (count === 0 || up[node] === 0) continue
      if (nodes[node]!.adversary === true) {
        adversary.collect(node, count, stage.effective[node]!)
        continue
      }
      const arrival = Math.max(stage.startOf(slot), arrivalOf(node, slot))
      if (settings.attestations === 'committee') {
        cast(slot, node, count, Math.min(due, arrival + Math.floor(stream.uniform() * delayMax)))
      } else {
        for (let validator = 0; validator < count; validator++) {
          cast(slot, node, 1, Math.min(due, arrival + Math.floor(stream.uniform() * delayMax)))
        }
      }
    }
    measures.assigned(slot, members, stage.effective)
    adversary.vote(slot, due)
  }

  const aggregate = (slot: number): void => {
    const now = simulation.now()
    /** One spread for each side: its aggregators speak at once. */
    const spreads = new Map<number, Float64Array>()
    const draws = simulation.stream(`${name}/aggregators`)
    const before = late
    late = [...ballots.values()].filter(({ isLate }) => isLate)
    for (const ballot of [...before, ...ballots.values()]) {
      if (ballot.isLate && ballot.slot === slot) continue
      let seen = spreads.get(ballot.side)
      if (seen === undefined) {
        const source = aggregatorOf(ballot, draws)
        if (source === undefined) continue
        seen = delivery.spread(source, aggregateBytes, now)
        spreads.set(ballot.side, seen)
      }
      delivery.addBundle(bundleOf(ballot, seen))
    }
    adversary.aggregate(slot, now)
  }

  /** One of the voters whose node is up. */
  const aggregatorOf = ({ voters }: Ballot, draws: Stream): number | undefined => {
    const first = draws.below(voters.length)
    for (let k = 0; k < voters.length; k++) {
      const node = voters[(first + k) % voters.length]!
      if (up[node] === 1) return node
    }
    return undefined
  }

  const bundleOf = (ballot: Ballot, seen: Float64Array): Bundle => {
    const { slot } = ballot
    const epoch = epochOf(slot)
    const { beacon } = chain.stateAt(ballot.head, epoch)
    return {
      id: chain.bundles.length,
      slot,
      head: ballot.head,
      targetEpoch: epoch,
      target: chain.checkpoint(ballot.head, epoch),
      sourceEpoch: beacon.justified,
      source: chain.checkpoint(ballot.head, beacon.justified),
      payloadPresent:
        settings.profile.payload && ballot.choice.isFull && chain.blocks[ballot.head]!.slot < slot,
      voters: Int32Array.from(ballot.voters),
      members: Int32Array.from(ballot.members),
      ether: ballot.ether,
      seen,
      settled: 0,
      partial: false,
    }
  }

  return { vote, aggregate }
}
