export {
  type ByzantineOptions,
  checkByzantine,
  faultOf,
  type Lie,
  type ReplayedPlan,
} from './byzantineChecks.ts'
export { conformanceChecks, type ConformanceCheck } from './conformance.ts'
export { type AfterGst, type GstOptions, runAfterGst } from './afterGst.ts'
export { ConformanceError } from './errors.ts'
export {
  admissible,
  applyFaults,
  type Delay,
  delayed,
  type FaultLimits,
  type FaultPlan,
  faultPlans,
  type FaultPlansOptions,
  healedAt,
  noFaults,
  type Outage,
  type Split,
} from './faultPlan.ts'
export { createFrozenMessages, type FrozenMessages } from './frozenMessages.ts'
export { lottery } from './models/lottery.ts'
export { majority } from './models/majority.ts'
export {
  type Ballots,
  createBallots,
  type Evidence,
  quorumAmong,
  type RuleBook,
} from './ruleBook.ts'
export type { ConformanceOptions } from './setting.ts'
export { type AttackOptions, type AttackResult, runAttack, runTwins } from './twins.ts'
