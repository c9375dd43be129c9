export {
  type Action,
  actions,
  type Attack,
  type AttackResult,
  type Fork,
  forks,
  type Strategy,
} from './attacks/attack.ts'
export { type AttackParameters, attackSchema } from './attacks/attackParameters.ts'
export {
  blocksUntilInclusion,
  featherForkFee,
  featherForkSuccess,
  majorityCatchUp,
  withholdingRevenue,
} from './attacks/attackForms.ts'
export { type Attempt, type Coalition, createCoalition, swayedBy } from './attacks/coalition.ts'
export { createEclipse, type EclipseOptions } from './attacks/eclipse.ts'
export { strategyKinds, strategyOf, type StrategyOption, strategySchema } from './attacks/named.ts'
export {
  type OptimalPolicy,
  optimalPolicy,
  type OptimalPolicyOptions,
} from './attacks/optimalPolicy.ts'
export {
  honestTable,
  type PolicyTable,
  selfishTable,
  strategyOfTable,
  tableOf,
} from './attacks/policyTable.ts'
export { type Earnings, type Infiltration, poolPayouts } from './attacks/poolPayouts.ts'
export { selfishBehaviour } from './attacks/selfishBehaviour.ts'
export {
  type DoubleSpendOptions,
  doubleSpending,
  type FeatherForkOptions,
  featherForking,
  honestMining,
  majorityMining,
  selfishMining,
} from './attacks/strategies.ts'
export {
  runTimewarp,
  timewarpDifficulties,
  type TimewarpOptions,
  type TimewarpResult,
} from './attacks/timewarp.ts'
export { observedIntervals } from './calibration/blockIntervals.ts'
export { observedPropagation } from './calibration/propagation.ts'
export { type StaleEra, staleEras, staleShareIn } from './calibration/staleBlocks.ts'
export {
  chainGrowth,
  doubleSpend,
  doubleSpendBeta,
  doubleSpendNakamoto,
  doubleSpendWithLead,
  effectiveDelay,
  forkProbability,
  retargetedInterval,
  selfishGrowth,
  selfishRevenue,
  selfishThreshold,
  staleShare,
  waitLongerThan,
} from './closedForms.ts'
export { difficultyOf, timestampOf, unclesOf, type WorkData } from './difficulty.ts'
export { chainBlocksByMiner, reorganisationDepth, staleShareOf } from './measures.ts'
export type { WorkMessage } from './messages.ts'
export type { DelayOption } from './minerLevel/delays.ts'
export { MinerLevelError } from './minerLevel/errors.ts'
export type {
  Eclipse,
  Finds,
  HashRateChange,
  MinerLevelOptions,
} from './minerLevel/options.ts'
export { drawnFrom } from './minerLevel/delayParameter.ts'
export { poolShares, type PoolShares } from './minerLevel/poolShares.ts'
export type { MinerLevelResult, MinerLevelTree } from './minerLevel/result.ts'
export { runMinerLevel } from './minerLevel/runMinerLevel.ts'
export type { IntervalResult, MinerResult } from './minerLevel/tally.ts'
export { nakamoto } from './nakamoto.ts'
export { nakamotoParameters, type NakamotoParameters } from './parameters.ts'
export { blockRelay, type BlockRelayOptions } from './relay/blockRelay.ts'
export { relayParameters, type RelayParameters } from './relay/parameters.ts'
export { subsidyAt } from './rewards.ts'
