import { priorities, type Simulation } from '@counterpoise/engine'
import { type BlockId, type BlockStore, createBlockStore, genesis } from '@counterpoise/ledger'
import {
  type BroadcastNetwork,
  type BroadcastProtocol,
  createNetwork,
  type Network,
  type NetworkOptions,
  type NodeId,
  type Place,
} from '@counterpoise/network'
import { createBeacon } from './beacon.ts'
import { createCommittee } from './committee.ts'
import { emptyBlocks } from './emptyBlocks.ts'
import { createListeners, type ReportWord } from './listeners.ts'
import { createLottery } from './lottery.ts'
import type {
  Committee,
  ConsensusModel,
  ConsensusObserver,
  ConsensusReport,
  Executor,
  Replica,
  ReplicaContext,
} from './contract.ts'
import { createProcessors } from './processors.ts'
import { type ServiceTimes, verifying } from './service.ts'
import { refuseSnapshots } from './unsavedState.ts'

/** A place with a say: its weight is its share of the vote, stake or hash rate. */
export type Member = Place & {
  weight: number
  /** What its model wants to know of it besides; never altered. */
  data?: unknown
}

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
  /** What verifying messages takes every member; nothing without it. */
  service?: ServiceTimes | undefined
  /** Members that depart from the protocol. */
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
}

/** The replicas of one model on one network, running in one simulation. */
export type Cluster = {
  committee: Committee
  members: readonly Member[]
  blocks: BlockStore
  network: Network<unknown> & Partial<BroadcastNetwork<unknown>>
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
  const listeners = createListeners()
  const replicas: (Replica<message> | undefined)[] = Array.from({ length: size })
  const started = new Uint8Array(size)
  let resting = false

  const start = (node: NodeId): void => {
    if (resting || started[node] === 1) return
    started[node] = 1
    if (replicas[node] === undefined && crowd!.start(node)) return
    replicaOf(node).start()
  }

  refuseSnapshots(simulation, `${name}/replicas`, `the replicas of the cluster '${name}'`)
  const { broadcast, topology } = options
  const validate: Executor['validate'] = (block, node) => executor.validate(block, node)
  const isGossip = model.dissemination === 'gossip'
  const usesTopology = broadcast !== undefined || isGossip
  const chain = { committee, validate }
  const own = isGossip && topology ? model.broadcast?.(parameters, chain) : undefined
  const open = (broadcast ?? own)?.open ?? createNetwork
  const network: Network<message> & Partial<BroadcastNetwork<message>> = open<message>(simulation, {
    ...networkOptionsOf(options),
    name,
    places: members,
    topology: usesTopology ? topology : undefined,
    relay: 'after-accept',
    countAtOnce: (to, message) => replicas[to]?.ignores?.(message) === true,
    deliver: (to, from, message) => {
      if (resting) return true
      if (replicas[to] === undefined && crowd!.receive(to, from, message)) return true
      const isAccepted = replicaOf(to).accepts?.(from, message) ?? true
      processors.receive(to, from, message)
      if (crowd !== undefined) readmit(to)
      return isAccepted
    },
    onChange: (node, up) => {
      if (resting) return
      if (up) lottery.resume(node)
      else lottery.pause(node)
      if (!up) return
      if (started[node] === 0) start(node)
      else {
        replicaOf(node)
        processors.resume(node)
      }
    },
  })
  const isChecked = network.checksContents === true
  const lottery = createLottery(simulation, {
    name,
    size,
    win: (node) => {
      if (resting) return
      if (replicas[node] === undefined) crowd!.win(node)
      else replicas[node].win?.()
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
    listeners.tell(word, node, subject, previous)
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
    received: (block) => processors.report(node, 'received', block),
    notarised: (block) => processors.report(node, 'notarised', block),
    finalised: (block) => processors.report(node, 'finalised', block),
    headChanged: (block) => processors.report(node, 'headChanged', block),
    equivocated: (offender) => processors.report(node, 'equivocated', offender),
  })

  /** What is left for a member to check when a block comes. */
  const costOf: Executor['validate'] = (block, node) => {
    const cost = executor.validate(block, node)
    return isChecked && typeof cost === 'number' ? 0 : cost
  }
  const contextOf = (node: NodeId): ReplicaContext<message> => ({
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
    compete: (rate) => lottery.compete(node, rate),
    spend: (work) => processors.spend(node, work),
    build: (parent, header) =>
      executor.build(parent, header, node, header.time ?? processors.now(node)),
    validate: (block) => costOf(block, node),
    registered: (block) => executor.registered?.(block),
    blocks,
    report: reportOf(node),
  })

  const crowd = model.createCrowd?.(parameters, {
    ...{ committee, blocks, isChecked, contextOf, now: simulation.now },
    validate: costOf,
    headChanged: (node, head) => announce(node, 'headChanged', head),
    compete: lottery.compete,
  })

  /** The replica of a node; one of the crowd becomes one when it is first asked for. */
  function replicaOf(node: NodeId): Replica<message> {
    const found = replicas[node]
    if (found !== undefined) return found
    const inherited = crowd?.inheritanceOf(node)
    const context = contextOf(node)
    const honest = (given: ReplicaContext<message>): Replica<message> =>
      model.createReplica(parameters, given, inherited)
    const made = behaviours?.get(node)?.(honest, context) ?? honest(context)
    const { service } = options
    const replica = service ? verifying(made, model, service, context.spend) : made
    replicas[node] = replica
    return replica
  }
  /** A replica that came out of the crowd goes back when nothing is left for it to do. */
  function readmit(node: NodeId): void {
    if (behaviours?.has(node) || !processors.isIdle(node)) return
    const settled = replicas[node]!.settled?.()
    if (settled === undefined) return
    crowd!.readmit(node, settled)
    replicas[node] = undefined
  }
  for (let node = 0; node < size; node++) {
    if (crowd === undefined || behaviours?.has(node)) replicaOf(node)
  }

  // Before the messages of the same instant: nobody is spoken to before he has started.
  const startKind = simulation.define(
    `${name}/start`,
    (node, last) => {
      for (let each = node; each <= last; each++) if (network.isUp(each)) start(each)
    },
    priorities.deliver - 1,
  )
  for (let node = 0, last = 0; node < size; node = last + 1) {
    last = node
    // One event does for a row of the crowd.
    while (last + 1 < size && !replicas[node] && !replicas[last + 1]) last++
    simulation.after(0, startKind, node, last)
  }

  return {
    committee,
    members,
    blocks,
    network: network as Cluster['network'],
    head: (node) => heads[node]!,
    finalised: (node) => finals[node]!,
    observe: listeners.observe,
    rest: () => {
      resting = true
      processors.rest()
      lottery.rest()
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
