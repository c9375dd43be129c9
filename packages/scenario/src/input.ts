/** A value, or a value with its unit and source. */
export type MaybeNoted<value> =
  | value
  | { value: value; unit: string; source: string; assumed?: boolean | undefined }

/** One part of the offered load; the parts add up. */
export type ArrivalsInput =
  | {
      kind: 'poisson' | 'regular'
      ratePerSecond: MaybeNoted<number>
      from?: MaybeNoted<string>
      until?: MaybeNoted<string>
    }
  | {
      kind: 'steps'
      process?: 'poisson' | 'regular'
      steps: MaybeNoted<readonly { at: string; ratePerSecond: number }[]>
      until?: MaybeNoted<string>
    }
  | { kind: 'shape'; shape: string; at: string; scale?: MaybeNoted<number> }

/** Something that breaks for a while. */
export type FaultInput = {
  what: 'outage'
  label?: string
  at: MaybeNoted<string>
  for: MaybeNoted<string>
  where: Record<string, string | string[]>
}

/**
 * A scenario as people write it, before its checks: what editors complete in a script. The checks
 * have the last word; rails are as many-sided as their consensus models and so left open here.
 */
export type ScenarioInput = {
  name: string
  description?: string
  seed?: string | number
  startsAt?: string
  ties?: 'fifo' | 'shuffle'
  offer?: 'each' | 'routed' | 'each and routed'
  router?: { name?: string; deadlineFor?: 'inclusion' | 'finality' }
  // oxlint-disable-next-line no-explicit-any
  rails: any
  workload: {
    for: MaybeNoted<string>
    arrivals?: MaybeNoted<ArrivalsInput>[]
    trace?: { file: string } | { csv: string }
    amount: MaybeNoted<
      | { kind: 'lognormal'; meanUsd: MaybeNoted<number>; sigma: MaybeNoted<number> }
      | { kind: 'constant'; usd: MaybeNoted<number> }
    >
    accounts: {
      count: MaybeNoted<number>
      openingUsd: MaybeNoted<number>
      payerExponent?: MaybeNoted<number>
      payeeExponent?: MaybeNoted<number>
    }
    patience: MaybeNoted<readonly { for: string; weight?: number }[]>
  }
  faults: FaultInput[]
  drain?: MaybeNoted<string>
  until?: MaybeNoted<string>
  limits?: { events: number }
}
