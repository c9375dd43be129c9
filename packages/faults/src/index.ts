export { FaultPlanError } from './errors.ts'
export {
  isWithin,
  outageWindows,
  type Fault,
  type FaultPlan,
  type Outage,
  type Window,
} from './plan.ts'
export {
  faultPriorities,
  scheduleFaults,
  type FaultHit,
  type FaultSchedule,
  type FaultSite,
} from './schedule.ts'
export {
  matchSites,
  selectorKeys,
  type OneOrMore,
  type SelectableSite,
  type Selector,
  type SelectorKey,
  type SiteMatch,
  type UnknownValue,
} from './selector.ts'
