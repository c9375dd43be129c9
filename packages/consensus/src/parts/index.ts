export {
  createElectorate,
  type Electorate,
  hasHonest,
  isMajorQuorum,
  isMinorQuorum,
  isQuorum,
  quorumOf,
} from './electorate.ts'
export { createFinality, type Finality, type FinalityOptions } from './finality.ts'
export { framingBytes, requestBytes, type SharedMessage, sharedTypes } from './messages.ts'
export { longestRow } from './longestRow.ts'
export { toVoters } from './multicast.ts'
export { createTimeouts, type TimeoutGrowth } from './pacemaker.ts'
export { fetchTimeoutMs } from './parameters.ts'
export { pauseAlone } from './pauseAlone.ts'
export { type Chain, createChain } from './payloads.ts'
export {
  blsTimes,
  ed25519Times,
  sharedSignatures,
  signed,
} from './signatures.ts'
export { createValidationEstimate, type ValidationEstimate } from './validationEstimate.ts'
export {
  addVote,
  clearVoteSet,
  contradiction,
  createVoteSet,
  hasVoted,
  none,
  repeated,
  voteOf,
  type VoteSet,
  weightBehind,
} from './voteSet.ts'
