import type { RailResult, ReportInput, RunResult } from '@counterpoise/lab'
import { exampleInput } from './exampleInput.ts'

/** A chain that nobody sends a payment: what the example's bitcoin would be then. */
export const idleInput = (): ReportInput => {
  const input = exampleInput()
  const result = input.result as RunResult
  const { bitcoin } = result.rails
  const rail: RailResult = {
    ...bitcoin!,
    ...{ offered: 0, included: 0, final: 0, failed: 0, pending: 0, failed_by_reason: {} },
    ...{ included_share: null, final_share: null, failed_share: null },
    ...{ throughput_per_s: 0, peak_throughput_per_s: 0, energy_wh_per_payment: null },
    ...{ time_to_inclusion_ms: null, time_to_finality_ms: null, fee_usd: null, outage: null },
    blocks: { ...bitcoin!.blocks!, propagation_ms: spread },
  }
  return { ...input, faults: [], series: {}, result: { ...result, rails: { bitcoin: rail } } }
}

const spread = { mean: 2_600, p10: 700, p25: 1_300, p50: 2_100, p75: 3_400, p90: 5_200, p99: 9_900 }
