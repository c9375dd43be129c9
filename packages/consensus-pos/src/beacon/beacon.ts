import { createCommittee, defineConsensus, type ConsensusObserver } from '@counterpoise/consensus'
import type { BlockHeader, CreateWhole } from '@counterpoise/consensus'
import { BaseError, ms, priorities } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId, SpreadListener } from '@counterpoise/network'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BlockDraft } from './beaconOptions.ts'
import type { BeaconBlock } from './blocks.ts'
import { marketOf } from './marketParameters.ts'
import { beaconProblems, nodesOf, strategyOf } from './members.ts'
import { type BeaconParameters, beaconParameters, beaconStake } from './parameters.ts'
import { stakeRecordsOf } from './stakeFigures.ts'

/** Up to so many nodes are looked at in every slot; of more, so many at even distances. */
const watchedMax = 1_024

/** Runs the members of a chain as a network of beacon nodes, in columns. */
export const createBeaconWhole: CreateWhole<BeaconParameters> = (simulation, options) => {
  const { name, parameters, members, followed, executor, blocks, holdsPaymentOf } = options
  const sanctioned = parameters.sanctioned && new Set(parameters.sanctioned)
  const size = members.length
  const observers: ConsensusObserver[] = []
  const spreads: SpreadListener<unknown>[] = []
  const heads = new Int32Array(size).fill(genesis)
  const justs = new Int32Array(size).fill(genesis)
  const finals = new Int32Array(size).fill(genesis)
  /** The ledger's block of each beacon block, and what executing it takes. */
  const ledgerOf: BlockId[] = [genesis]
  /** The ledger’s block on which it builds: the last one whose payload is in the chain. */
  const basisOf: BlockId[] = [genesis]
  const works: number[] = [0]
  /** Blocks that may still be on their way. */
  let spreading: BeaconBlock[] = []
  /** Number of the next block that is new. */
  let reported = 1

  const look = (node: NodeId): void => {
    if (!network.isUp(node)) return
    const { head, isFull, justified, finalised } = network.choiceOf(node)
    const change = (column: Int32Array, next: BlockId): BlockId | undefined => {
      const previous = column[node]!
      column[node] = next
      return next === previous ? undefined : previous
    }
    const before = change(heads, isFull ? ledgerOf[head]! : basisOf[head]!)
    if (before !== undefined) {
      for (const each of observers) each.headChanged?.(node, heads[node]!, before)
    }
    if (change(justs, checkpointOf(justified.block)) !== undefined) {
      for (const each of observers) each.notarised?.(node, justs[node]!)
    }
    if (change(finals, checkpointOf(finalised.block)) !== undefined) {
      for (const each of observers) each.finalised?.(node, finals[node]!)
    }
  }
  /** Where payloads come apart, that of a checkpoint's block is not certain to be in the chain. */
  const checkpointOf = (block: number): BlockId =>
    network.chain.blocks[block]!.payload === undefined ? ledgerOf[block]! : basisOf[block]!
  const lookKind = simulation.define(`${name}/look`, look, priorities.deliver)
  const step = Math.ceil(size / watchedMax)
  const watched = members.flatMap((_, node) =>
    node % step === 0 || followed.includes(node) ? [node] : [],
  )

  const tellSpreads = (): void => {
    for (const block of spreads.length > 0 ? spreading : []) {
      const work = works[block.id]!
      const arrivedAt = block.seen.map((time, node) =>
        node === block.proposer ? time : time - work,
      )
      const others = arrivedAt.filter((time, node) => node !== block.proposer && time < Infinity)
      const { proposer: origin, time: at, bytes } = block
      const reached = others.length
      const lastAt = others.reduce((last, time) => Math.max(last, time), at)
      for (const each of spreads) each(block.id, { origin, at, bytes, reached, lastAt }, arrivedAt)
    }
    spreading = []
  }

  const headerOf = ({ slot, source, time }: BlockDraft): BlockHeader => {
    const leg = source?.leg ?? 0
    return {
      round: slot,
      ...(leg > 0 && { settledAt: time - leg }),
      ...(source?.censors === true && {
        omits: sanctioned,
        listedUntil: network.listedUntil(slot),
      }),
    }
  }

  const lookWhenSeen = (seen: Float64Array): void => {
    const now = simulation.now()
    for (const node of followed) {
      const at = seen[node]!
      if (at >= now && at < Infinity) simulation.at(at, lookKind, node)
    }
  }

  const network = createBeaconNetwork(simulation, {
    ...parameters,
    name,
    nodes: nodesOf(parameters, members),
    strategy: strategyOf(parameters, members),
    market: parameters.market && marketOf(parameters.market),
    fill: (draft) => {
      const { id, parent, proposer, time } = draft
      basisOf[id] = draft.isParentWhole === false ? basisOf[parent]! : ledgerOf[parent]!
      const block = executor.build(basisOf[id]!, headerOf(draft), proposer, time)
      const work = executor.validate(block, proposer)
      ledgerOf[id] = block
      works[id] = typeof work === 'number' ? work : 0
      return {
        bytes: blocks.bytes(block),
        work: works[id]!,
        objectionable: sanctioned && holdsPaymentOf?.(block, sanctioned),
      }
    },
    observer: {
      slot: () => {
        tellSpreads()
        for (const node of watched) look(node)
      },
      block: (block) => {
        if (block.id === reported) {
          reported++
          spreading.push(block)
          for (const each of observers) each.proposed?.(block.proposer, ledgerOf[block.id]!)
        }
        lookWhenSeen(block.seen)
      },
      payload: ({ seen }) => lookWhenSeen(seen),
    },
  })

  return {
    committee: createCommittee(members.map(({ weight }) => weight)),
    members,
    blocks,
    network: {
      ...network,
      onSpread: (listener) => {
        spreads.push(listener)
      },
    },
    head: (node) => heads[node]!,
    finalised: (node) => finals[node]!,
    observe: (observer) => {
      observers.push(observer)
    },
    rest: network.rest,
    stake: () =>
      stakeRecordsOf(network, members, {
        node: followed[0] ?? 0,
        slotTime: ms(parameters.slotMs),
        sanctioned,
      }),
  }
}

/**
 * Ethereum's proof of stake as a network of beacon nodes with any number of validators: the rules
 * of `gasper` and of the beacon state, worked out slot by slot in columns. A member's weight is
 * its share of the validators. At most a third of the stake may fail, less one unit.
 */
export const beacon = defineConsensus<BeaconParameters, unknown>({
  name: 'beacon',
  parameters: beaconParameters,
  stake: beaconStake,
  finality: 'economic',
  dissemination: 'gossip',
  faultLimit: (count) => Math.floor((count - 1) / 3),
  createWhole: createBeaconWhole,
  problems: beaconProblems,
  createReplica: () => {
    throw new BaseError('The beacon network has no replicas: it keeps all its nodes together.', {
      metaMessages: ['Expected: a chain rail, or `createBeaconNetwork`; `gasper` has replicas.'],
    })
  },
})
