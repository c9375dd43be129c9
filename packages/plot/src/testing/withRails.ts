import type { RailResult, ReportInput, RunResult } from '@counterpoise/lab'
import { exampleInput } from './exampleInput.ts'

type Change = (rail: RailResult, name: string) => Partial<RailResult>

/** The example with other figures of its rails. */
export const withRails = (change: Change): ReportInput => {
  const input = exampleInput()
  const result = input.result as RunResult
  const rails = Object.fromEntries(
    Object.entries(result.rails).map(([name, rail]) => [name, { ...rail, ...change(rail, name) }]),
  )
  return { ...input, result: { ...result, rails } }
}
