export { monitorAgreement, type AgreementMonitor, type Conflict } from './agreement.ts'
export {
  createCluster,
  emptyBlocks,
  type Behaviour,
  type Cluster,
  type ClusterNetworkOptions,
  type ClusterOptions,
  type Member,
} from './cluster.ts'
export { createCommittee, equalCommittee } from './committee.ts'
export {
  defineConsensus,
  type BlockHeader,
  type BroadcastChain,
  type Committee,
  type ConsensusModel,
  type ConsensusObserver,
  type ConsensusReport,
  type Executor,
  type Followers,
  type FollowersContext,
  type Inherited,
  type Invalid,
  type Replica,
  type ReplicaContext,
} from './contract.ts'
export { createLottery, type Lottery, type LotteryOptions } from './lottery.ts'
export {
  createElectorate,
  type Electorate,
  hasHonest,
  isMajorQuorum,
  isMinorQuorum,
  isQuorum,
} from './parts/electorate.ts'
export { createFinality, type Finality, type FinalityOptions } from './parts/finality.ts'
export { framingBytes, requestBytes, type SharedMessage, sharedTypes } from './parts/messages.ts'
export { toVoters } from './parts/multicast.ts'
export { createTimeouts, type TimeoutGrowth } from './parts/pacemaker.ts'
export { type Chain, createChain } from './parts/payloads.ts'
export { createValidationEstimate, type ValidationEstimate } from './parts/validationEstimate.ts'
export {
  addVote,
  clearVoteSet,
  contradiction,
  createVoteSet,
  none,
  repeated,
  type VoteSet,
} from './parts/voteSet.ts'
