import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import { lognormal, ms, type Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Attestation, BlockBody } from './attestation.ts'
import { nodeSetOf } from './bits.ts'
import { chainOf } from './chain.ts'
import { quietEpochsAfterGenesis } from './finality.ts'
import { dutiesOf } from './duties.ts'
import type { GasperMessage } from './messages.ts'
import { type GasperParameters, timingOf } from './parameters.ts'
import { createStore } from './store.ts'
import { createSync } from './sync.ts'

const timers = { slot: 0, attest: 1, propose: 2, aggregate: 3, request: 4 } as const

/** How far ahead a block's slot may be. Source: MAXIMUM_GOSSIP_CLOCK_DISPARITY, 500 ms. */
const clockTolerance: Time = ms(500)

/** One node: it follows the chain and, with a weight above 0, votes, aggregates and proposes. */
export function createGasperReplica(
  parameters: GasperParameters,
  context: ReplicaContext<GasperMessage>,
): Replica<GasperMessage> {
  const { self, report, blocks, committee } = context
  const { attestationBytes, requestBytes, requestBlocksMax, slotsPerEpoch } = parameters
  const timing = timingOf(parameters)
  const isFlooded = parameters.attestationSpread === 'flooded'
  const quietEpochs = parameters.start === 'running' ? 0 : quietEpochsAfterGenesis
  const chain = chainOf(blocks, committee, slotsPerEpoch, quietEpochs)
  const isVoter = chain.weights[self]! > 0
  const duties = dutiesOf(chain, {
    weights: chain.weights,
    beacon: context.beacon,
    aggregators: parameters.aggregators,
  })
  const store = createStore({
    chain,
    proposerBoost: parameters.proposerBoost,
    onJustified: ({ root }) => report.notarised(root),
    onFinalised: ({ root }) => report.finalised(root),
  })
  /** True while the vote of the current slot is still to be cast. */
  let owesVote = false
  let hasSeenBlock = false
  let parentOfProposal: BlockId = -1
  let proposalDue: Time = 0

  const currentSlot = (): number => Math.floor(context.now() / timing.slot)
  const startOf = (slot: number): Time => slot * timing.slot

  const setTimerAt = (timer: number, due: Time): void =>
    context.setTimer(timer, Math.max(0, due - context.now()))

  const followHead = (): BlockId => {
    const head = store.head()
    report.headChanged(head)
    return head
  }

  /** The slot's block is there: the vote need not wait for the deadline. */
  const hastenVote = (block: BlockId): void => {
    if (!owesVote || hasSeenBlock || chain.slotOf(block) !== store.slot()) return
    hasSeenBlock = true
    const draw = context.random('attestation').uniform()
    const deadline = startOf(store.slot()) + timing.attestationDue
    const prompt = context.now() + Math.floor(draw * timing.attestationDelayMax)
    const due = Math.min(deadline, prompt)
    setTimerAt(timers.attest, due)
  }

  /** Adds a block to the tree; `arrival` is when it came, before the work of checking it. */
  const adopt = (block: BlockId, arrival: Time): void => {
    const start = startOf(chain.slotOf(block))
    store.addBlock(block, arrival >= start && arrival < start + timing.attestationDue)
    followHead()
    hastenVote(block)
    sync.release(block)
  }

  const accept = (block: BlockId): void => {
    const arrival = context.now()
    const slot = chain.slotOf(block)
    if (store.judge(block) !== 'acceptable') return
    if (startOf(slot) > arrival + clockTolerance) return
    if (slot <= chain.slotOf(blocks.parent(block))) return
    if (blocks.proposer(block) !== duties.proposerOf(slot)) return
    const work = context.validate(block)
    if (typeof work !== 'number') return
    context.spend(work)
    adopt(block, arrival)
  }

  const sync = createSync({
    context,
    store,
    timer: timers.request,
    requestTimeout: timing.requestTimeout,
    requestBytes,
    requestBlocksMax,
    accept,
  })

  const planProposal = (slot: number): void => {
    const stream = context.random('proposal')
    const isMissed = stream.chance(parameters.missedSlotProbability)
    const { proposalDelayMedianMs, proposalDelaySigma } = parameters
    const delay = ms(lognormal(stream, proposalDelayMedianMs, proposalDelaySigma))
    if (isMissed || delay >= timing.slot) return
    parentOfProposal = store.head()
    proposalDue = startOf(slot) + delay
    setTimerAt(timers.propose, proposalDue)
  }

  const propose = (): void => {
    const slot = store.slot()
    if (!store.has(parentOfProposal) || chain.slotOf(parentOfProposal) >= slot) return
    const state = chain.stateAt(parentOfProposal, chain.epochOf(slot))
    const attestations = store.pool.includable(state, slot)
    const body: BlockBody = { attestations }
    const bytes = parameters.blockBaseBytes + attestations.length * attestationBytes
    const block = context.build(parentOfProposal, { round: slot, data: body, bytes })
    report.proposed(block)
    context.broadcast({ kind: 'block', block }, blocks.bytes(block))
    adopt(block, context.now())
  }

  const castVote = (): void => {
    owesVote = false
    const slot = store.slot()
    const head = followHead()
    const state = chain.stateAt(head, chain.epochOf(slot))
    const attestation: Attestation = {
      slot,
      head,
      source: state.justified,
      target: state.checkpoint,
      voters: nodeSetOf(committee.size, self),
    }
    store.addAttestation(attestation, isFlooded)
    const message: GasperMessage = {
      kind: 'attestations',
      attestations: [attestation],
      aggregated: isFlooded,
    }
    if (isFlooded) context.broadcast(message, attestationBytes)
    else {
      for (const aggregator of duties.aggregatorsOf(slot)) {
        if (aggregator !== self) context.send(aggregator, message, attestationBytes)
      }
    }
  }

  const publishAggregates = (): void => {
    const slot = store.slot()
    if (!store.pool.hasUnpublished(slot)) return
    const attestations = store.pool.aggregates(slot)
    for (const attestation of attestations) store.addAttestation(attestation, true)
    const bytes = attestations.length * attestationBytes
    context.broadcast({ kind: 'attestations', attestations, aggregated: true }, bytes)
  }

  const takeDuties = (slot: number): void => {
    owesVote = true
    setTimerAt(timers.attest, startOf(slot) + timing.attestationDue)
    if (!isFlooded) {
      const rank = duties.aggregatorsOf(slot).indexOf(self)
      const due = timing.aggregationDue + rank * timing.aggregationStep
      if (rank >= 0 && due < timing.slot) setTimerAt(timers.aggregate, startOf(slot) + due)
    }
    // Slot 0 has the genesis block.
    if (slot > 0 && duties.proposerOf(slot) === self) planProposal(slot)
  }

  const beginSlot = (): void => {
    const slot = currentSlot()
    store.tick(slot)
    owesVote = false
    hasSeenBlock = false
    followHead()
    setTimerAt(timers.slot, startOf(slot + 1))
  }

  const expire = (timer: number): void => {
    if (timer === timers.slot) {
      beginSlot()
      if (isVoter && !sync.isRecovering()) takeDuties(store.slot())
    } else if (timer === timers.attest) castVote()
    else if (timer === timers.propose) propose()
    else if (timer === timers.aggregate) publishAggregates()
    else sync.retry()
  }

  const receive = (from: NodeId, message: GasperMessage): void => {
    switch (message.kind) {
      case 'block':
        if (store.judge(message.block) === 'orphan') sync.keep(message.block, from)
        else accept(message.block)
        break
      case 'attestations':
        for (const attestation of message.attestations) {
          store.addAttestation(attestation, message.aggregated)
        }
        break
      case 'request':
        sync.serve(from, message.want, message.have)
        break
      case 'answer':
        sync.take(from, message)
    }
  }

  /** Timers that ran out during the outage would expire next: duties of past slots are void. */
  const recover = (): void => {
    if (currentSlot() > store.slot()) {
      context.clearTimer(timers.attest)
      context.clearTimer(timers.propose)
      context.clearTimer(timers.aggregate)
      beginSlot()
    } else if (proposalDue <= context.now()) context.clearTimer(timers.propose)
    sync.recover()
  }

  return {
    start: () => {
      beginSlot()
      // Who joins later than at genesis has a chain to fetch first.
      if (store.slot() > 0) sync.recover()
      else if (isVoter) takeDuties(0)
    },
    receive,
    expire,
    recover,
  }
}
