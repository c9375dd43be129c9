export {
  type ExecuteOptions,
  type JobExecutor,
  inProcess,
  localExecutor,
  type SeenProgress,
  threads,
  type WorldProgress,
} from './executor.ts'
export { estimated } from './estimate.ts'
export {
  clopperPearson,
  estimateOf,
  marginsOf,
  scaledEstimate,
  type Trials,
} from './interval.ts'
export type { Kind, KindsOf, PlainKind, TrialShare } from './kinds.ts'
export { railKinds } from './railKinds.ts'
export type * from './executionResults.ts'
export { measureRail } from './measure.ts'
export { type KindProfile, mergeProfiles, type Profile, startProfile } from './profile.ts'
export type { Progress } from './progress.ts'
export {
  measureProtocol,
  type ProtocolFigures,
  type ProtocolOptions,
} from './protocol/measureProtocol.ts'
export type { DelayStatistics, StageStatistics } from './protocol/stageSamples.ts'
export { ProtocolUndecidedError } from './protocol/undecided.ts'
export { reportInputOf } from './reportInput.ts'
export * from './results.ts'
export * from './stakeResults.ts'
export { type ResultRow, resultRows, rowsToCsv } from './rows.ts'
export {
  InterruptedError,
  runScenario,
  type RunScenarioOptions,
  type ScenarioOutcome,
} from './runScenario.ts'
export { runVariant, type VariantOutcome, type VariantTask } from './runVariant.ts'
export { makeFolder, outcomeFiles, type SaveError, saveText } from './save.ts'
export { mean, quantile, quantilesOf, studentT975 } from './statistics.ts'
export type * from './validatorResults.ts'
export { version } from './version.ts'
