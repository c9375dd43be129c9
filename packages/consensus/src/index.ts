export { monitorAgreement, type AgreementMonitor, type Conflict } from './agreement.ts'
export {
  createCluster,
  type Behaviour,
  type Cluster,
  type ClusterNetworkOptions,
  type ClusterOptions,
  type Member,
} from './cluster.ts'
export { emptyBlocks } from './emptyBlocks.ts'
export {
  attackFigureKinds,
  type AttackedChain,
  type AttackFigureKind,
  type AttackFigures,
  type KnownAttackFigures,
  type PaymentsOfAccounts,
  type PlannedAttacks,
} from './attacks.ts'
export { createCommittee, equalCommittee } from './committee.ts'
export {
  defineConsensus,
  type BlockHeader,
  type BroadcastChain,
  type Committee,
  type CommitteeRecord,
  type ConsensusModel,
  type ConsensusObserver,
  type ConsensusReport,
  type Executor,
  type Invalid,
  type LeadersInTurn,
  type Replica,
  type ReplicaContext,
  type Rewards,
} from './contract.ts'
export type { Crowd, CrowdContext, Inherited, Settled } from './crowd.ts'
export type { ServiceTimes, Signatures } from './service.ts'
export type { BlockSourceRecords, StakeRecords } from './stakeRecords.ts'
export type { CreateWhole, ModelProblem, RunningChain, WholeOptions } from './whole.ts'
export { refuseSnapshots } from './unsavedState.ts'
export { createLottery, type Lottery, type LotteryOptions } from './lottery.ts'
export {
  censoringLeader,
  doubleVoter,
  equivocatingLeader,
  type IsOwnWord,
  replayer,
  selectiveSender,
  silent,
  skewedClock,
  slow,
  twin,
  voteWithholder,
} from './behaviours/behaviours.ts'
