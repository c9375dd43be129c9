export { FaultPlanError } from './errors.ts'
export { faultLinksOf, type FaultLinks, type SiteNetwork } from './links.ts'
export {
  isWithin,
  outageWindows,
  type Delay,
  type Fault,
  type FaultPlan,
  type LinkFaultEntry,
  type Loss,
  type Outage,
  type Partition,
  type PlannedFault,
  type Throttle,
  type Window,
} from './plan.ts'
export { repeated, type Repetition } from './repeat.ts'
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
