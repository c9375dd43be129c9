import { refuseSnapshots } from '@counterpoise/consensus'
import { lognormal, ms, priorities, type Simulation, type Time } from '@counterpoise/engine'
import type { LinkFault } from '@counterpoise/network'
import { createBeaconState } from '../transition/validatorGroup.ts'
import { createAdversary } from './adversary.ts'
import { drawnAssignment, evenAssignment, lineOfSlot } from './assignment.ts'
import { type BeaconNetworkOptions, resolveOptions } from './beaconOptions.ts'
import { type BeaconChain, createBeaconChain, slotsPerEpoch } from './chain.ts'
import { createDelivery } from './delivery.ts'
import { createEvidencePool } from './evidence.ts'
import { halvesOf } from './halves.ts'
import { type Choice, createHeads } from './heads.ts'
import { createInclusionLists, type ListedUntil } from './inclusionLists.ts'
import { createMeasures, type BeaconMeasures } from './measures.ts'
import { createMesh } from './mesh.ts'
import { createPayloads, payloadVoteAfter } from './payloads.ts'
import { createProposing } from './proposing.ts'
import { createViews } from './views.ts'
import { createVoting } from './voting.ts'

/** A network of beacon nodes in a simulation. */
export type BeaconNetwork = {
  chain: BeaconChain
  measures: BeaconMeasures
  firstSlot: number
  /** The slot that runs now. */
  slot: () => number
  /** The head of the chain that a node follows now. */
  headOf: (node: number) => number
  /** Epoch of the checkpoint that a node holds for final now. */
  finalisedEpochOf: (node: number) => number
  /** Head, justified and final checkpoint of a node now. */
  choiceOf: (node: number) => Choice
  isUp: (node: number) => boolean
  /** A node that is down neither sends nor receives; coming back, it fetches what it lacks. */
  takeDown: (node: number) => void
  bringUp: (node: number) => void
  /** Makes links faulty until the function that it returns is called. */
  addLinkFault: (fault: LinkFault) => () => void
  listedUntil: ListedUntil
  /** No slot begins any more. */
  rest: () => void
}

/** Two epochs of a chain that is there already are enough for a running start. */
const runningEpoch = 8

/**
 * Gasper on a network of nodes with groups of validators. Blocks spread hop by hop through a mesh
 * of their own; votes travel as aggregates that are published once in a slot. Time passes by four
 * events a slot (begin, propose, vote, aggregate); what each node does in between is worked out in
 * columns, as it depends on nothing but when things reach it.
 *
 * @throws BeaconOptionsError, ForkProfileError, ValidatorGroupError with the path of what is wrong.
 */
export function createBeaconNetwork(
  simulation: Simulation,
  options: BeaconNetworkOptions,
): BeaconNetwork {
  const settings = resolveOptions(options)
  const { nodes, profile, name } = settings
  refuseSnapshots(simulation, `${name}/beacon`, `the beacon network '${name}'`)
  const size = nodes.length
  const groups = nodes.flatMap((node) => (node.validators > 0 ? [node] : []))
  const beacon = createBeaconState({
    groups: groups.map(({ validators, ...node }) => ({ ...node, count: validators })),
    fork: profile,
    start: settings.start,
    epoch: runningEpoch,
  })
  // Groups are numbered as the nodes that hold them.
  const holders = nodes.flatMap((node, index) => (node.validators > 0 ? [index] : []))
  for (let at = 0; at < beacon.registry.size; at++) beacon.registry.group[at] = holders[at]!
  const firstSlot = beacon.epoch * slotsPerEpoch
  const isByCommittee = settings.attestations === 'committee'
  const evidence = createEvidencePool({
    ...{ rules: profile.slashing, nodes: size },
    slotMembers: beacon.activeCount / slotsPerEpoch,
    lineOf: isByCommittee ? lineOfSlot : () => -1,
  })
  const chain = createBeaconChain(
    { epoch: beacon.epoch, tip: 0, beacon },
    { firstSlot, nodes: size, evidence: evidence.all, conflicts: evidence.conflicts },
  )
  const slotTime = ms(settings.slotMs)
  const startOf = (slot: number): Time => (slot - firstSlot) * slotTime
  let slot = firstSlot - 1

  const effective = new Float64Array(size)
  for (let at = 0; at < beacon.registry.size; at++) {
    effective[beacon.registry.group[at]!] = beacon.registry.effective[at]!
  }
  const totalEther = beacon.activeEther
  const slotEther = (): number => totalEther / slotsPerEpoch
  const lineOf = isByCommittee ? lineOfSlot : (): number => -1
  const electorate = { nodes: size, effective, lineOf }
  const heads = createHeads(chain, settings, slotEther, electorate, profile.payload?.committee)
  const voteAfter = payloadVoteAfter(settings)
  const clock = voteAfter === undefined ? undefined : { voteAfter, slotTime }
  const views = createViews(chain, heads, clock)
  const mesh = createMesh(size, settings.mesh, simulation.stream(`${name}/mesh`))
  const up = new Uint8Array(size).fill(1)
  const { partition, observer: watching } = settings
  const delivery = createDelivery({
    ...{ simulation, name, chain, mesh, views, up, partition, nodes },
    onBlock: (block) => watching?.block?.(block),
    onPayload: (payload) => watching?.payload?.(payload),
  })
  const validators = nodes.map((node) => node.validators)
  const assign =
    isByCommittee
      ? evenAssignment(validators)
      : drawnAssignment(validators, (epoch) =>
          simulation.detachedStream(`${name}/committees`, epoch),
        )
  const cumulative = nodes.map(() => 0)
  nodes.reduce((sum, node, index) => {
    cumulative[index] = sum + effective[index]! * node.validators
    return cumulative[index]!
  }, 0)
  const nodeAt = (point: number): number =>
    cumulative.findIndex((sum) => sum > point * totalEther)
  const measures = createMeasures({ chain, nodes, firstSlot, slotTime, up })
  const halves = halvesOf(nodes, effective)
  const adversary = createAdversary({
    ...{ settings, chain, views, delivery, evidence, effective, halves },
    slotEther: totalEther / slotsPerEpoch,
    proposerOf: (at) => proposerOf(at),
  })
  const shared = { simulation, settings, chain, views, delivery, measures, adversary, up, startOf }
  const voting = createVoting({ ...shared, assign, effective })
  const payloads = createPayloads({ ...shared, nodeAt })
  const proposing = createProposing({
    ...{ ...shared, totalEther, firstSlot, payloads, evidence, halves },
  })

  /** Drawn by stake from public randomness; the same for a slot whenever it is asked. */
  const proposers = new Map<number, number>()
  const proposerOf = (at: number): number => {
    if (settings.proposerOf !== undefined) return settings.proposerOf(at - firstSlot)
    let node = proposers.get(at)
    if (node === undefined) {
      node = nodeAt(simulation.detachedStream(`${name}/proposer`, at).uniform())
      proposers.set(at, node)
      proposers.delete(at - 2 * slotsPerEpoch)
    }
    return node
  }

  const observer = Math.max(0, nodes.findIndex((node) => node.adversary !== true))
  let isResting = false
  const begin = (): void => {
    if (isResting) return
    const now = simulation.now()
    slot++
    delivery.beginSlot(slot - firstSlot)
    views.begin(now, slot, startOf(slot) + ms(settings.attestationDueMs))
    // After the tick: an epoch's end has realised its checkpoints.
    if (slot > firstSlot) measures.endSlot(slot - 1, (node) => views.choice(node, now))
    watching?.slot?.(slot)
    adversary.beginSlot(views.choice(observer, now).head)
    planProposal(proposerOf(slot), now)
    adversary.afterChoice(slot, now)
    simulation.at(startOf(slot) + ms(settings.attestationDueMs), voteKind)
    simulation.at(startOf(slot) + ms(settings.aggregateDueMs), aggregateKind)
    if (payloads !== undefined) simulation.at(startOf(slot) + payloads.voteAfter, payloadKind)
    // What the slot before has brought goes into the digest with the event.
    simulation.at(startOf(slot + 1), beginKind, 0, delivery.mark(), chain.blocks.length)
    prune(now)
  }

  const planProposal = (proposer: number, now: Time): void => {
    const node = nodes[proposer]!
    const stream = simulation.stream(`${name}/proposal`)
    const { missedSlotProbability = 0.0023, proposalMedianMs = 1_400, proposalSigma = 0.44 } = node
    const isMissed = stream.chance(missedSlotProbability)
    const delay = ms(lognormal(stream, proposalMedianMs, proposalSigma))
    if (up[proposer] === 0 || (isMissed && node.adversary !== true)) return
    if (isSlashed(proposer, now)) return
    const due = proposing.prepare(slot, proposer, now, delay)
    if (due !== undefined && due < startOf(slot + 1)) simulation.at(due, proposeKind)
  }

  /** A validator that is slashed proposes nothing: nobody would take its block. */
  const isSlashed = (proposer: number, now: Time): boolean => {
    const share = chain.unslashedIn(views.choice(proposer, now).head, proposer)
    if (share === 1) return false
    return simulation.detachedStream(`${name}/slashed-proposer`, slot).uniform() >= share
  }

  /** What lies below everybody's final block is never asked for again. */
  const prune = (now: Time): void => {
    if (slot % slotsPerEpoch !== 1) return
    let least = Number.POSITIVE_INFINITY
    for (let node = 0; node < size; node += Math.max(1, size >> 4)) {
      if (up[node] === 1) least = Math.min(least, views.choice(node, now).finalised.block)
    }
    if (least === Number.POSITIVE_INFINITY) return
    heads.prune(least)
    delivery.forget(least)
    evidence.forget(chain.blocks[least]!)
  }

  const beginKind = simulation.define(`${name}/begin`, begin, priorities.protocol)
  /** An act of the slot's nodes, as long as there is one. */
  const acting = (what: string, act: (slot: number) => void, priority: number): number =>
    simulation.define(`${name}/${what}`, () => (isResting ? undefined : act(slot)), priority)
  const proposeKind = acting('propose', proposing.publish, priorities.deliver)
  const voteKind = acting('vote', voting.vote, priorities.timer)
  const aggregateKind = acting('aggregate', voting.aggregate, priorities.timer)
  const votePayload = (at: number): void => payloads?.vote(at)
  const payloadKind = acting('payload-vote', votePayload, priorities.timer)
  simulation.after(0, beginKind)

  const choiceOf = (node: number): Choice => views.choice(node, simulation.now())
  return {
    chain,
    measures,
    firstSlot,
    slot: () => slot,
    headOf: (node) => choiceOf(node).head,
    finalisedEpochOf: (node) => choiceOf(node).finalised.epoch,
    choiceOf,
    isUp: (node) => up[node] === 1,
    takeDown: (node) => delivery.setUp(node, false),
    bringUp: (node) => delivery.setUp(node, true),
    addLinkFault: delivery.addLinkFault,
    listedUntil: createInclusionLists({
      ...{ nodes, firstSlot, nodeAt },
      members: settings.inclusionLists === false ? undefined : profile.inclusionListCommittee,
      streamOf: (at) => simulation.detachedStream(`${name}/inclusion-lists`, at),
      dueIn: (at) => startOf(at) + ms(settings.inclusionListDueMs),
    }),
    rest: () => {
      isResting = true
    },
  }
}
