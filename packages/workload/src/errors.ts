import { BaseError } from '@counterpoise/engine'

/** A part of a workload with impossible parameters. */
export class WorkloadError extends BaseError {
  override name = 'WorkloadError' as const

  constructor(part: string, expected: string, found: unknown) {
    super(`${part}: expected ${expected}.`, { metaMessages: [`Found: ${JSON.stringify(found)}`] })
  }
}

/** Throws a WorkloadError unless a condition holds. */
export function expectThat(
  holds: boolean,
  part: string,
  expected: string,
  found: unknown,
): asserts holds {
  if (!holds) throw new WorkloadError(part, expected, found)
}
