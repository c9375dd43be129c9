import { priorities, type Simulation } from '@counterpoise/engine'
import { type BlockId, type BlockStore, createBlockStore, genesis } from '@counterpoise/ledger'
import {
  type BroadcastProtocol,
  createNetwork,
  type Network,
  type NetworkOptions,
  type NodeId,
  type Place,
} from '@counterpoise/network'
import { createCommittee } from './committee.ts'
import type {
  Committee,
  ConsensusModel,
  ConsensusObserver,
  ConsensusReport,
  Executor,
  Replica,
  ReplicaContext,
} from './contract.ts'
import { createProcessors, type ReportWord } from './processors.ts'

/** A place with a say: its weight is its share of the vote, stake or hash rate. */
export type Member = Place & { weight: number }

/**
 * How a node departs from the protocol: it gets the honest way to make a replica and returns
 * another one, usually the honest one with a changed context.
 */
export type Behaviour = <message>(
  honest: (context: ReplicaContext<message>) => Replica<message>,
  context: ReplicaContext<message>,
) => Replica<message>

/**
 * What a cluster hands on to its network. The topology and the delay before passing on are for
 * models that gossip; without a topology, a broadcast goes straight to everybody.
 */
export type ClusterNetworkOptions<message> = Pick<
  NetworkOptions<message>,
  | 'latency'
  | 'topology'
  | 'relayDelay'
  | 'fifo'
  | 'bandwidth'
  | 'duplicates'
  | 'streams'
  | 'lossProbability'
  | 'partitionMode'
>

export type ClusterOptions<parameters, message> = ClusterNetworkOptions<message> & {
  /** Prefix of its event kinds and random streams; unique within the simulation. */
  name: string
  model: ConsensusModel<parameters, message>
  parameters: parameters
  members: readonly Member[]
  /**
   * How a broadcast reaches everybody, whatever the model would do of itself; over the topology,
   * as far as the protocol looks at one.
   */
  broadcast?: BroadcastProtocol | undefined
  /** Without one, blocks are empty and cost nothing. */
  executor?: Executor | undefined
  blocks?: BlockStore | undefined
  /** Members that depart from the protocol. */
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
}

/** The replicas of one model on one network, running in one simulation. */
export type Cluster = {
  committee: Committee
  members: readonly Member[]
  blocks: BlockStore
  network: Network<unknown>
  /** The end of the chain that a member follows. */
  head: (node: NodeId) => BlockId
  /** The highest block that a member holds for final. */
  finalised: (node: NodeId) => BlockId
  observe: (observer: ConsensusObserver) => void
  /** Takes all replicas out of service: nothing more happens here. Ends a rail that is done. */
  rest: () => void
}

/** Puts a replica on every member's node and starts them at the current time. */
export function createCluster<parameters, message>(
  simulation: Simulation,
  options: ClusterOptions<parameters, message>,
): Cluster {
  const { name, model, parameters, members, behaviours } = options
  const size = members.length
  const committee = createCommittee(members.map((member) => member.weight))
  const blocks = options.blocks ?? createBlockStore()
  const executor = options.executor ?? emptyBlocks(blocks)
  const heads = new Int32Array(size).fill(genesis)
  const finals = new Int32Array(size).fill(genesis)
  const observers: ConsensusObserver[] = []
  const replicas: Replica<message>[] = []
  const started = new Uint8Array(size)
  let resting = false

  const start = (node: NodeId): void => {
    if (resting || started[node] === 1) return
    started[node] = 1
    replicas[node]!.start()
  }

  const { broadcast } = options
  const usesTopology = broadcast !== undefined || model.dissemination === 'gossip'
  const open = broadcast?.open ?? createNetwork
  const network: Network<message> = open<message>(simulation, {
    ...networkOptionsOf(options),
    name,
    places: members,
    topology: usesTopology ? options.topology : undefined,
    relay: 'after-accept',
    deliver: (to, from, message) => {
      if (resting) return true
      const isAccepted = replicas[to]!.accepts?.(from, message) ?? true
      processors.receive(to, from, message)
      return isAccepted
    },
    onChange: (node, up) => {
      if (!up || resting) return
      if (started[node] === 1) processors.resume(node)
      else start(node)
    },
  })

  const announce = (node: NodeId, word: ReportWord, subject: number): void => {
    const previous = heads[node]!
    if (word === 'headChanged') {
      if (subject === previous) return
      heads[node] = subject
    } else if (word === 'finalised') {
      if (blocks.height(subject) > blocks.height(finals[node]!)) finals[node] = subject
    }
    for (const observer of observers) observer[word]?.(node, subject, previous)
  }
  const processors = createProcessors<message>(simulation, {
    name,
    size,
    network,
    replicas,
    announce,
  })

  const beacon = createBeacon(simulation, `${name}/beacon`)
  const reportOf = (node: NodeId): ConsensusReport => ({
    proposed: (block) => processors.report(node, 'proposed', block),
    notarised: (block) => processors.report(node, 'notarised', block),
    finalised: (block) => processors.report(node, 'finalised', block),
    headChanged: (block) => processors.report(node, 'headChanged', block),
    equivocated: (offender) => processors.report(node, 'equivocated', offender),
  })

  for (let node = 0; node < size; node++) {
    const context: ReplicaContext<message> = {
      self: node,
      committee,
      neighbours: () => network.neighbours(node),
      now: () => processors.now(node),
      random: (purpose) => simulation.stream(`${name}/${purpose}`, node),
      beacon,
      send: (to, message, bytes) => processors.send(node, to, message, bytes),
      broadcast: (message, bytes) => processors.send(node, -1, message, bytes),
      setTimer: (timer, delay) => processors.setTimer(node, timer, delay),
      clearTimer: (timer) => processors.clearTimer(node, timer),
      spend: (work) => processors.spend(node, work),
      build: (parent, header) => executor.build(parent, header, node, processors.now(node)),
      validate: (block) => executor.validate(block, node),
      blocks,
      report: reportOf(node),
    }
    const honest = (given: ReplicaContext<message>): Replica<message> =>
      model.createReplica(parameters, given)
    replicas.push(behaviours?.get(node)?.(honest, context) ?? honest(context))
  }

  // Before the messages of the same instant: nobody is spoken to before he has started.
  const startKind = simulation.define(
    `${name}/start`,
    (node) => {
      if (network.isUp(node)) start(node)
    },
    priorities.deliver - 1,
  )
  for (let node = 0; node < size; node++) simulation.after(0, startKind, node)

  return {
    committee,
    members,
    blocks,
    network: network as Network<unknown>,
    head: (node) => heads[node]!,
    finalised: (node) => finals[node]!,
    observe: (observer) => {
      observers.push(observer)
    },
    rest: () => {
      resting = true
      processors.rest()
    },
  }
}

function networkOptionsOf<message>(
  options: ClusterNetworkOptions<message>,
): ClusterNetworkOptions<message> {
  const { latency, relayDelay, fifo, bandwidth } = options
  const { duplicates, streams, lossProbability, partitionMode } = options
  return {
    ...{ latency, relayDelay, fifo, bandwidth },
    ...{ duplicates, streams, lossProbability, partitionMode },
  }
}

/** Execution rules of a chain without payments. */
export function emptyBlocks(blocks: BlockStore): Executor {
  return {
    build: (parent, header, proposer, now) =>
      blocks.append({ ...header, parent, proposer, time: now }),
    validate: () => 0,
  }
}

/** 32 public random bits for each round, drawn when a round is first asked for. */
function createBeacon(simulation: Simulation, purpose: string): (round: number) => number {
  const drawn = new Map<number, number>()
  return (round) => {
    let bits = drawn.get(round)
    if (bits === undefined) {
      bits = simulation.detachedStream(purpose, round).bits()
      drawn.set(round, bits)
    }
    return bits
  }
}
