export * from '@counterpoise/consensus'
export {
  attacks,
  beacon,
  beaconParameters,
  createBeaconNetwork,
  createBeaconState,
  daysOfEpochs,
  doubleFinality,
  finalityRecovery,
  gasper,
  historicMarket,
  inclusionDelays,
  mainnetMarket,
  mainnetNodes,
  paymentDelays,
  runEpochs,
  smoothLeakEpochs,
  steppedLeakEpochs,
} from '@counterpoise/consensus-pos'
export {
  type Attack,
  doubleSpend,
  doubleSpending,
  featherForking,
  honestMining,
  majorityMining,
  MinerLevelError,
  type MinerLevelOptions,
  type MinerLevelResult,
  nakamoto,
  optimalPolicy,
  type PolicyTable,
  runMinerLevel,
  selfishMining,
  selfishRevenue,
  staleShare,
  type Strategy,
  strategyOfTable,
} from '@counterpoise/consensus-pow'
export { simplex } from '@counterpoise/consensus-simplex'
export * from '@counterpoise/economy'
// The name belongs to the consensus model here; the coefficient says what it is.
export { nakamoto as nakamotoCoefficient } from '@counterpoise/economy'
export * from '@counterpoise/engine'
export * from '@counterpoise/faults'
export * from '@counterpoise/lab'
export * from '@counterpoise/ledger'
export * from '@counterpoise/network'
export {
  answer,
  costFigure,
  distributionFigure,
  type Figure,
  latencyFigure,
  lineChart,
  renderReport,
  resultTable,
  saveReport,
  throughputFigure,
} from '@counterpoise/plot'
export * from '@counterpoise/rails'
export * from '@counterpoise/scenario'
export * from '@counterpoise/workload'
