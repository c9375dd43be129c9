import type { ReplicaContext } from '@counterpoise/consensus'
import {
  type Chain,
  createChain,
  createElectorate,
  type Electorate,
  none,
  toVoters as multicast,
} from '@counterpoise/consensus/parts'
import type { Stream } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { type Ceremony, createCeremony } from './ceremony.ts'
import { createExecution, type Execution } from './execution.ts'
import { leaderOf } from './leaders.ts'
import type { SimplexMessage } from './messages.ts'
import type { Settings } from './parameters.ts'
import type { Shards } from './shards.ts'
import { createViewWindow, openView, type ViewState, type ViewWindow } from './viewWindow.ts'

/** A block that a certificate stands behind and that is not executed yet. */
export type Certified = { view: number; block: BlockId }

/** A certified block that is not executed; `isReported`: that it is certified is known. */
export type Awaiting = Certified & { isReported: boolean }

/** What a replica has asked its peers for. */
export type Fetching = {
  peers: Stream
  /** Who sent the latest certificate, or `none`: the first to be asked. */
  informant: NodeId
  /** Blocks that are under way. */
  blocks: BlockId[]
  /** The certificates below this view are under way; 0 where none are. */
  certificatesBelow: number
  /** After an outage, until somebody has answered. */
  catchingUp: boolean
  isTimerSet: boolean
  /** The last requests went unanswered: ask somebody else. */
  isRetrying: boolean
}

/** A replica's whole state. All of it survives an outage: votes are written down when cast. */
export type Core = {
  context: ReplicaContext<SimplexMessage>
  settings: Settings
  electorate: Electorate
  /** Whether this member votes; the others follow. */
  votes: boolean
  chain: Chain
  window: ViewWindow
  fetching: Fetching
  epoch: number
  ceremony: Ceremony
  /** Of each epoch that is over: its last block and a view in which that was finalised. */
  ends: Certified[]
  /** The last block of an epoch that has been certified, so that it is not reported again. */
  certifiedEnd: BlockId
  /** The view that it is in; it holds a certificate of the view before. */
  view: number
  current: ViewState
  leader: NodeId
  /** By the first view of a term: from which view on a nullification covers it. */
  nullifiedFrom: Map<number, number>
  /** By the first view of a term: from which view on this replica has given it up. */
  givenUpFrom: Map<number, number>
  /** As a leader: the view for which it builds, and the highest one that it has proposed in. */
  buildView: number
  proposedView: number
  /** Its time to build is up; the proposal waits only for the parent. */
  isBuildDue: boolean
  /** By member: the highest view of which a vote of its came in. */
  heard: Int32Array
  /** From this view on it has followed every view. */
  followedSince: number
  /** The highest view with a finalisation, and its block. */
  finalisedView: number
  finalisedBlock: BlockId
  awaiting: Awaiting[]
  execution: Execution
  shards: Shards
  /** Views with a notarisation whose block is not executed yet. */
  uncertified: number[]
  /** The latest notarised tip that is executed, by its view. */
  headView: number
  reportedFinal: BlockId
}

export function createCore(context: ReplicaContext<SimplexMessage>, settings: Settings): Core {
  const { size, weights } = context.committee
  const window = createViewWindow(size, settings.viewsToTrack)
  const electorate = createElectorate(context.committee)
  return {
    context,
    settings,
    electorate,
    votes: weights[context.self]! > 0,
    chain: createChain(context),
    window,
    fetching: {
      peers: context.random('peers'),
      informant: none,
      blocks: [],
      certificatesBelow: 0,
      catchingUp: false,
      isTimerSet: false,
      isRetrying: false,
    },
    epoch: 0,
    ceremony: createCeremony(context, settings, 0, genesis),
    ends: [],
    certifiedEnd: none,
    view: 1,
    current: openView(window, 1)!,
    leader: leaderOf(context, electorate.voters, 1, settings.termViews),
    nullifiedFrom: new Map(),
    givenUpFrom: new Map(),
    buildView: 0,
    proposedView: 0,
    isBuildDue: false,
    heard: new Int32Array(size),
    followedSince: 1,
    finalisedView: 0,
    finalisedBlock: genesis,
    awaiting: [],
    execution: createExecution(),
    shards: new Map(),
    uncertified: [],
    headView: 0,
    reportedFinal: genesis,
  }
}

/** To every other voter; those who follow have no use for votes and fetch their blocks. */
export function toVoters(core: Core, message: SimplexMessage, bytes: number): void {
  multicast(core.context, core.electorate, message, bytes)
}
