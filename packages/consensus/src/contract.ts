import type { Stream, Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { BroadcastProtocol, NodeId } from '@counterpoise/network'
import type { z } from 'zod'
import type { AttackedChain, PlannedAttacks } from './attacks.ts'
import type { Member } from './cluster.ts'
import type { Crowd, CrowdContext, Inherited, Settled } from './crowd.ts'
import type { ServiceTimes, Signatures } from './service.ts'
import type { CreateWhole, ModelProblem } from './whole.ts'

/**
 * A pluggable consensus model: a value, passed by reference in a script, by name in a file.
 *
 * `message` is what its replicas say to each other: immutable objects, made once and delivered by
 * reference.
 */
export type ConsensusModel<parameters = any, message = any> = {
  /** How a scenario names it, e.g. `simplex` or `my-lab/avalanche`. */
  name: string
  /** Checked when a scenario is read, shown in the JSON Schema. */
  parameters: z.ZodType<parameters>
  /**
   * What its finality rests on. `probabilistic`: the model never reports a block as finalised,
   * an observer counts confirmations. `deterministic`: certificates. `economic`: stake at risk.
   */
  finality: 'probabilistic' | 'deterministic' | 'economic'
  /** How a broadcast travels: straight to everybody, or by flooding over a topology. */
  dissemination: 'direct' | 'gossip'
  /** How many faulty members of `count` equally heavy ones it promises to survive. */
  faultLimit: (count: number) => number
  /** What decisions take where members lead in turn, in their order. */
  leadersInTurn?: ((parameters: parameters) => LeadersInTurn) | undefined
  /** What the chain that ends in a block has newly given to each of `size` members. */
  rewards?:
    | ((parameters: parameters, blocks: BlockStore, head: BlockId, size: number) => Rewards)
    | undefined
  /**
   * Whether a message is its sender's own word of the block that it names as `block`: a proposal or
   * a vote, and no certificate, which nobody can forge. Members that lie alter nothing else.
   */
  isOwnWord?: ((message: message) => boolean) | undefined
  /**
   * How committees have followed each other along the chain that ends in a block, the first one
   * left out; undefined where the committee never changes under these parameters.
   */
  committees?:
    | ((
        parameters: parameters,
        blocks: BlockStore,
        head: BlockId,
      ) => readonly CommitteeRecord[] | undefined)
    | undefined
  /** The attacks that the parameters name, made anew for each cluster. */
  attacks?:
    | ((parameters: parameters, chain: AttackedChain) => PlannedAttacks | undefined)
    | undefined
  /** What a receiver verifies of a message; nothing where left out. */
  signatures?: ((message: message) => Signatures) | undefined
  /**
   * What verifying takes among so many voters where a scenario does not say it: published figures
   * for the signatures that the model uses. Nothing where left out.
   */
  serviceTimes?: ((voters: number) => ServiceTimes) | undefined
  createReplica: (
    parameters: parameters,
    context: ReplicaContext<message>,
    inherited?: Inherited,
  ) => Replica<message>
  /**
   * Keeps honest members together in columns, at a fraction of what a replica costs each, as long
   * as all that happens to them is that blocks come which take them no time: those that the
   * network has let them check, or that cost nothing. Undefined where it cannot on this network.
   */
  createCrowd?:
    | ((parameters: parameters, context: CrowdContext<message>) => Crowd<message> | undefined)
    | undefined
  /**
   * For models that gossip: how a broadcast travels over a topology, where the network does not
   * say; without it, by flooding.
   */
  broadcast?:
    | ((parameters: parameters, chain: BroadcastChain<message>) => BroadcastProtocol)
    | undefined
  /**
   * Keeps all members together and brings what they say by itself, in place of replicas on a
   * network of messages. A rail takes it where it is there.
   */
  createWhole?: CreateWhole<parameters> | undefined
  /**
   * What a scenario may say of a validator besides its weight, as its `stake`; members have it as
   * their `data`, with `entry`, its place in the scenario's list.
   */
  stake?: z.ZodType | undefined
  /**
   * What in the parameters or the validators of a scenario, with payments among so many accounts,
   * keeps the model from running.
   */
  problems?:
    | ((
        parameters: parameters,
        validators: readonly Member[],
        accounts: number,
      ) => readonly ModelProblem[])
    | undefined
}

/** What a decision takes where members lead in turn. */
export type LeadersInTurn = {
  /** In how many rounds in a row each of them leads. */
  each: number
  /** How many rounds in a row a decision takes whose leaders take part. */
  needed: number
  /** Whether that ends with the first decision, after which those who take part are preferred. */
  onlyAtFirst: boolean
}

/** What a chain of a model has paid to those who made its blocks, native units by member. */
export type Rewards = { blocks: Float64Array; uncles: Float64Array }

/** What a protocol that carries a model's messages may know of the chain. */
export type BroadcastChain<message> = {
  committee: Committee
  /** What checking a block costs a node, µs, or why it is refused. */
  validate: (block: BlockId, node: NodeId) => Time | Invalid
  /** Only gives the type of the messages. */
  message?: message | undefined
}

/** Returns the model and infers its types. */
export function defineConsensus<parameters, message>(
  model: ConsensusModel<parameters, message>,
): ConsensusModel<parameters, message> {
  return model
}

/** Deterministic and reactive: all it knows came in here, all it does goes out by the context. */
export type Replica<message> = {
  /** Called once: when the cluster starts, or when a node that was down then first comes up. */
  start: () => void
  receive: (from: NodeId, message: message) => void
  /**
   * Whether a gossiped message may be passed on to others: asked when it arrives, before the node
   * works on it, as the gate of a gossip layer is. It must change nothing. What it refuses is
   * received all the same. Without it everything is passed on.
   */
  accepts?: ((from: NodeId, message: message) => boolean) | undefined
  /**
   * Whether a message may tell the replica something, asked before it works on it: of one that
   * cannot, signatures are not verified. It must change nothing. Without it all are.
   */
  isNews?: ((message: message) => boolean) | undefined
  /**
   * Whether a message would change nothing, now or whenever it comes: where `duplicates` are
   * `counted`, a copy of it is counted when it is sent. It must change nothing either.
   */
  ignores?: ((message: message) => boolean) | undefined
  /** The timer of this number has run out. */
  expire: (timer: number) => void
  /**
   * The node is up again after an outage. What the replica stored is intact, timers that ran out
   * meanwhile expire after this call, messages sent to it meanwhile are lost: ask for them. What
   * it was still working on when it went down (`spend`) has not left it.
   */
  recover: () => void
  /** It has won in the lottery (`compete`), whatever its processor is doing. */
  win?: (() => void) | undefined
  /**
   * For one that came out of a crowd: what its member has to know to go on there without it, asked
   * when it has no timer running, no work and no message to send; undefined where it knows more.
   */
  settled?: (() => Settled | undefined) | undefined
}

/** Who takes part, with which weight. Members of weight 0 follow without a vote. */
export type Committee = {
  /** Number of members; members are the nodes 0 … size − 1. */
  size: number
  weights: ArrayLike<number>
  /** Sum of the weights. */
  totalWeight: number
  /** The members with a weight above 0, ascending. */
  voters: readonly NodeId[]
}

/** What a consensus model says of a block that it makes. */
export type BlockHeader = {
  /** The view, slot or round that it belongs to. */
  round: number
  /** What it adds to its chain's weight; 1 by default. */
  work?: number | undefined
  /** What the model wants to find again in `blocks.data`; it must never be altered. */
  data?: unknown
  /** Bytes on top of the payments: header, votes, certificates. */
  bytes?: number | undefined
  /** What its maker leaves out: everything, or payments from and to some accounts. */
  omits?: 'everything' | ReadonlySet<number> | undefined
  /** Payments of accounts that it omits are in it all the same if sent until then, µs. */
  listedUntil?: Time | undefined
  /** What was sent later is not in it, µs: its content was settled then. */
  settledAt?: Time | undefined
  /** What the block says of when it was made, µs; left out, it is true. */
  time?: Time | undefined
}

/** Why execution rules refuse a block. */
export type Invalid = { invalid: string }

/** A block after which others may decide. */
export type CommitteeRecord = {
  block: BlockId
  /** False where what had been registered did not come about. */
  succeeded: boolean
  /** By member: its votes after that block. */
  weights: readonly number[]
}

/** What a replica can do to the world; there is no other way out of it. */
export type ReplicaContext<message> = {
  self: NodeId
  committee: Committee
  /** Whom this node is connected with and its gossip goes to, ascending; never alter it. */
  neighbours: () => Int32Array
  /** This replica's clock, µs. While it works (`spend`), the end of that work. */
  now: () => Time
  /** A random stream of this replica's own. */
  random: (purpose: string) => Stream
  /**
   * Public randomness of a round: 32 bits, the same for every replica, as a threshold VRF or a
   * RANDAO gives. A model must not look at it before its protocol reveals it.
   */
  beacon: (round: number) => number
  send: (to: NodeId, message: message, bytes: number) => void
  /** To every other member; the sender does not hear itself. */
  broadcast: (message: message, bytes: number) => void
  /** Starts a timer (a small integer of at least 0); starting it again replaces it. */
  setTimer: (timer: number, delay: Time) => void
  clearTimer: (timer: number) => void
  /**
   * Takes part in the cluster's lottery from now on, with so many wins expected per µs; 0 leaves.
   * It has no memory: a rate may be said anew at any moment. Nobody wins while its node is down.
   */
  compete: (rate: number) => void
  /** Keeps the node's processor busy: what it sends or reports from now on leaves after that. */
  spend: (work: Time) => void
  /** Lets the execution rules fill a block on a parent. Nobody knows of it until it is sent. */
  build: (parent: BlockId, header: BlockHeader) => BlockId
  /**
   * What checking the block costs this node, µs, or why it is refused. No time where the network
   * hands over only what it has let the node check.
   */
  validate: (block: BlockId) => Time | Invalid
  /**
   * By member: the votes that the execution rules have registered up to the end of the chain in a
   * block; for models whose committee changes. Without such rules, `undefined`.
   */
  registered?: ((block: BlockId) => ArrayLike<number> | undefined) | undefined
  /** All blocks of the run. A replica may look only at those that have reached it. */
  blocks: BlockStore
  report: ConsensusReport
}

/** The words that all models share for what they did. */
export type ConsensusReport = {
  /** This replica made the block and sent it. */
  proposed: (block: BlockId) => void
  /** The block, made by another replica, has reached this one; nothing of it is checked yet. */
  received: (block: BlockId) => void
  /** A quorum stands behind the block: a notarisation, a justified checkpoint. */
  notarised: (block: BlockId) => void
  /** The block and all its ancestors are final for this replica. */
  finalised: (block: BlockId) => void
  /** The chain that this replica follows now ends in the block. */
  headChanged: (block: BlockId) => void
  /** This replica holds a proof that a member contradicted itself. */
  equivocated: (offender: NodeId) => void
}

/** Sees what replicas report. Every function is optional and costs nothing when absent. */
export type ConsensusObserver = {
  proposed?: ((node: NodeId, block: BlockId) => void) | undefined
  received?: ((node: NodeId, block: BlockId) => void) | undefined
  notarised?: ((node: NodeId, block: BlockId) => void) | undefined
  finalised?: ((node: NodeId, block: BlockId) => void) | undefined
  headChanged?: ((node: NodeId, head: BlockId, previous: BlockId) => void) | undefined
  equivocated?: ((node: NodeId, offender: NodeId) => void) | undefined
}

/** Fills blocks and checks them: the part of a chain that is not consensus. */
export type Executor = {
  build: (parent: BlockId, header: BlockHeader, proposer: NodeId, now: Time) => BlockId
  /** µs of work on one node, or why the block is refused. */
  validate: (block: BlockId, node: NodeId) => Time | Invalid
  /** By member: its votes, as registered by the chain that ends in a block. */
  registered?: ((block: BlockId) => ArrayLike<number> | undefined) | undefined
}
