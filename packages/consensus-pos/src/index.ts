export type { Attestation, BlockBody, Checkpoint } from './attestation.ts'
export type { NodeSet } from './bits.ts'
export { gasper } from './gasper.ts'
export type { GasperMessage } from './messages.ts'
export { gasperParameters, type GasperParameters } from './parameters.ts'
export {
  type BeaconState,
  cloneState,
  type Members,
  type PendingConsolidation,
  type PendingDeposit,
  type PendingWithdrawal,
} from './transition/beaconState.ts'
export { requestConsolidation } from './transition/consolidations.ts'
export { deposit, topUp } from './transition/deposits.ts'
export {
  doubleFinality,
  type DoubleFinality,
  type DoubleFinalityOptions,
} from './transition/doubleFinality.ts'
export { type EpochBehaviour } from './transition/epochBehaviour.ts'
export { type EpochRunOptions, runEpochs } from './transition/epochRun.ts'
export { exitMembers } from './transition/exits.ts'
export {
  daysOfEpochs,
  finalityRecovery,
  type FinalityRecovery,
  type FinalityRecoveryOptions,
  leakedShare,
  smoothLeakEpochs,
  steppedLeakEpochs,
} from './transition/finalityRecovery.ts'
export { type ForkName, forkNames, type ForkProfile } from './transition/forkProfile.ts'
export { forkProfile, ForkProfileError, forkProfiles } from './transition/forkProfiles.ts'
export type { VotedEther } from './transition/justification.ts'
export { processEpoch } from './transition/processEpoch.ts'
export { type Registry, totalBalance } from './transition/registry.ts'
export { slashMembers, type SlashingReward } from './transition/slashing.ts'
export {
  type BeaconStateOptions,
  createBeaconState,
  type ValidatorGroup,
  ValidatorGroupError,
} from './transition/validatorGroup.ts'
export { requestWithdrawal, sweepWithdrawals } from './transition/withdrawals.ts'
export { type Attack, type AttackName, attacks } from './beacon/attacks.ts'
export { type BeaconNetwork, createBeaconNetwork } from './beacon/beaconNetwork.ts'
export {
  type BeaconNetworkOptions,
  type BeaconNode,
  BeaconOptionsError,
  checkShares,
  defaultMesh,
} from './beacon/beaconOptions.ts'
export type { BeaconBlock } from './beacon/blocks.ts'
export type { BeaconChain } from './beacon/chain.ts'
export {
  type BlockMarket,
  type BlockSource,
  historicMarket,
  mainnetMarket,
  marketCensors,
  type Participant,
} from './beacon/builderMarket.ts'
export {
  censoringMonths,
  type CensoringShares,
  censoringSharesIn,
} from './beacon/censoringShares.ts'
export {
  mainnetNodes,
  type Staker,
  stakers,
  type TimingClass,
  timingClasses,
} from './beacon/proposerProfiles.ts'
export {
  allMembersCensor,
  type Builder,
  type BuilderMarket,
  censoredQuantile,
  censoringShare,
  type CensorshipOptions,
  inclusionDelays,
} from './beacon/censorship.ts'
export type { BeaconSummary } from './beacon/measures.ts'
export { createMesh, type Mesh, type MeshOptions } from './beacon/mesh.ts'
export type { Strategy } from './beacon/strategy.ts'
export { type PaymentDelays, paymentDelays, stakeGwei } from './beacon/outcomes.ts'
export { beacon } from './beacon/beacon.ts'
export {
  type BeaconParameters,
  beaconParameters,
  type BeaconStake,
  beaconStake,
} from './beacon/parameters.ts'
