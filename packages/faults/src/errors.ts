import { BaseError } from '@counterpoise/engine'

/** A fault that cannot be scheduled, with its place in the plan. */
export class FaultPlanError extends BaseError {
  override name = 'FaultPlanError' as const
  /** Place of the fault in the plan, from 0. */
  fault: number

  constructor(fault: number, message: string, metaMessages: readonly string[] = []) {
    super(`Fault ${fault} of the plan: ${message}`, { metaMessages })
    this.fault = fault
  }
}
