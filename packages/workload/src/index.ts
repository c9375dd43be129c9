export { zipfAccounts, type Accounts, type ZipfAccountsOptions } from './accounts.ts'
export {
  constantAmounts,
  lognormalAmounts,
  type Amounts,
  type LognormalAmountsOptions,
} from './amounts.ts'
export type { ArrivalCursor, ArrivalProcess, Arrivals, OpenStream } from './arrivals.ts'
export { clip, scale, shift, sum } from './combinators.ts'
export { WorkloadError } from './errors.ts'
export {
  loadShape,
  loadShapes,
  type LoadShape,
  type LoadShapeName,
  type LoadShapeOptions,
} from './loadShapes.ts'
export {
  constantPatience,
  weightedPatience,
  type Patience,
  type PatienceShare,
} from './patience.ts'
export {
  piecewiseConstant,
  poisson,
  regular,
  type ConstantRateOptions,
  type PiecewiseConstantOptions,
  type RateStep,
} from './rateSteps.ts'
export {
  parseTrace,
  type TraceError,
  type TraceOptions,
  type TraceResult,
} from './parseTrace.ts'
export { formatTrace, traceColumns, type TraceColumn, type TraceRows } from './trace.ts'
export {
  createWorkload,
  replayTrace,
  type ReplayOptions,
  type Workload,
  type WorkloadOptions,
  type WorkloadParts,
} from './workload.ts'
