import type { Simulation } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { BroadcastNetwork, Network, NodeId } from '@counterpoise/network'
import type { Member } from './cluster.ts'
import type { Committee, ConsensusObserver, Executor } from './contract.ts'
import type { StakeRecords } from './stakeRecords.ts'

/** What a chain's surroundings see of it while it runs, however its members are kept. */
export type RunningChain = {
  committee: Committee
  members: readonly Member[]
  blocks: BlockStore
  network: Pick<Network<unknown>, 'isUp' | 'takeDown' | 'bringUp' | 'addLinkFault'> &
    Partial<Pick<BroadcastNetwork<unknown>, 'onSpread' | 'underWay'>>
  /** The end of the chain that a member follows. */
  head: (node: NodeId) => BlockId
  /** The highest block that a member holds for final. */
  finalised: (node: NodeId) => BlockId
  observe: (observer: ConsensusObserver) => void
  /** Takes all members out of service: nothing more happens here. Ends a rail that is done. */
  rest: () => void
  /** What stake does here; absent where there is none. */
  stake?: (() => StakeRecords) | undefined
}

/** What a model that keeps all members together is given. */
export type WholeOptions<parameters> = {
  /** Prefix of its event kinds and random streams; unique within the simulation. */
  name: string
  parameters: parameters
  members: readonly Member[]
  /** Members whose heads are followed block by block, as payers see the chain through them. */
  followed: readonly NodeId[]
  executor: Executor
  blocks: BlockStore
  /** Whether a block holds a payment from or to one of some accounts; without it, none does. */
  holdsPaymentOf?: ((block: BlockId, accounts: ReadonlySet<number>) => boolean) | undefined
}

/** Runs all members at once. */
export type CreateWhole<parameters> = (
  simulation: Simulation,
  options: WholeOptions<parameters>,
) => RunningChain

/** What in a scenario keeps a model from running: where, below the chain, and what is expected. */
export type ModelProblem = {
  /** `consensus.parameters` and what is below it, or `validators` and what is below that. */
  path: readonly (string | number)[]
  expected: string
  found: string
  hint?: string | undefined
}
