export {
  formatScenarioError,
  nearest,
  type ScenarioError,
  ScenarioInvalidError,
} from './errors.ts'
export type { Council } from './council.ts'
export { type FaultPeriod, faultPeriods, faultText } from './faultPlan.ts'
export { scenarioJsonSchema } from './jsonSchema.ts'
export { loadScenario, type LoadOptions } from './load.ts'
export { builtInModels } from './models.ts'
export { offeredRate } from './offeredLoad.ts'
export type {
  ArrivalsInput,
  FaultInput,
  MaybeNoted,
  ScenarioInput,
  SelectorInput,
} from './input.ts'
export { presets } from './presets/index.ts'
export { type ComparedProtocol, comparedProtocols } from './protocols.ts'
export { type RawScenario, readText } from './readText.ts'
export type { CardConfig, ChainConfig, RailConfig } from './schema/rails.ts'
export type { FaultConfig } from './schema/faults.ts'
export type { ScenarioData } from './schema/scenario.ts'
export type { SourceNote } from './sourced.ts'
export {
  canonicalJson,
  type Scenario,
  scenarioOf,
  type ValidateOptions,
  validateScenario,
} from './validate.ts'
export type { Downtime } from './downtimes.ts'
export type { Liars } from './faultyVotes.ts'
export { setPath, vary } from './vary.ts'
export {
  createWorld,
  properties,
  type Property,
  variantsOf,
  type World,
  type WorldOptions,
} from './world.ts'
