import type { Distribution } from '@counterpoise/engine'
import type { SelectorKey } from '@counterpoise/faults'

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

/** Whom a fault hits: sites that match all of it. */
export type SelectorInput = {
  [key in SelectorKey]?: string | readonly string[]
} & { within?: { latitude: number; longitude: number; km: number } }

type FaultTimes = {
  label?: string
  at: MaybeNoted<string>
  for?: MaybeNoted<string>
  repeat?: { every: MaybeNoted<string>; times?: number; spread?: 'regular' | 'exponential' }
}

type OnLinks = FaultTimes & { where: SelectorInput; to?: SelectorInput }

/** Something that breaks for a while. */
export type FaultInput =
  | (FaultTimes & { what: 'outage'; where: SelectorInput })
  | (FaultTimes & {
      what: 'partition'
      sides: readonly SelectorInput[]
      mode?: 'drop' | 'hold' | { slowMs: number }
    })
  | (OnLinks & { what: 'delay'; delayMs: MaybeNoted<number | Distribution> })
  | (OnLinks & { what: 'loss'; probability: MaybeNoted<number> })
  | (OnLinks & { what: 'throttle'; share: MaybeNoted<number> })

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
  blocks?: MaybeNoted<number>
  limits?: { events: number }
}
