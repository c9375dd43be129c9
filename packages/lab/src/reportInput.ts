import { formatDuration, type Time, toSeconds } from '@counterpoise/engine'
import {
  type FaultConfig,
  faultPeriods,
  faultText,
  offeredRate,
  type Scenario,
} from '@counterpoise/scenario'
import type { ReportInput } from './results.ts'
import type { ScenarioOutcome } from './runScenario.ts'

export type ReportInputOptions = {
  /** The exact command that repeats the run, with all that changed the scenario. */
  command?: string | undefined
}

/** What the report says of an outcome, besides its figures. */
export function reportInputOf(
  outcome: ScenarioOutcome,
  { command }: ReportInputOptions = {},
): ReportInput {
  const { scenario, result, series } = outcome
  const { data } = scenario
  const descriptions = Object.entries(data.rails).map(([name, rail]) => [
    name,
    rail.description ?? '',
  ])
  if (Object.hasOwn(result.rails, data.router.name)) {
    const promise = data.router.deadlineFor === 'inclusion' ? 'included' : 'final'
    const rule = `The cheapest rail that promises to have a payment ${promise} in time`
    descriptions.push([data.router.name, `${rule}, and the next one when it fails`])
  }
  return {
    title: titleOf(outcome),
    summary: [data.description, loadText(scenario), faultsText(scenario)]
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => sentence.replace(/\.?$/, '.'))
      .join(' '),
    result,
    command,
    series,
    faults: faultPeriods(data).map(({ label, from, until }) => ({
      label,
      from_s: toSeconds(from),
      until_s: toSeconds(until),
    })),
    offered_until_s: toSeconds(offeredFor(scenario)),
    descriptions: Object.fromEntries(descriptions) as Record<string, string>,
    sources: [...scenario.sources],
  }
}

/** What was compared: `hybrid: four rails and a router under one load`. */
function titleOf({ scenario: { data }, result }: ScenarioOutcome): string {
  // What an interruption left out belongs to the comparison too.
  const names = new Set([...Object.keys(result.rails), ...result.cut.map(({ rail }) => rail)])
  const alone = [...names].filter((name) => name !== data.router.name).length
  const hasRouter = names.has(data.router.name)
  const router = hasRouter ? [alone > 0 ? 'a router' : `a router over ${over(data.rails)}`] : []
  const parts = [...(alone > 0 ? [countedRails(alone)] : []), ...router]
  const load = isIdle(data) ? '' : ' under one load'
  return parts.length === 0 ? data.name : `${data.name}: ${parts.join(' and ')}${load}`
}

const over = (rails: object): string => countedRails(Object.keys(rails).length)

function countedRails(count: number): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
  return `${words[count] ?? count} ${count === 1 ? 'rail' : 'rails'}`
}

/** How long payments are offered. */
function offeredFor({ data }: Scenario): Time {
  return Math.min(data.workload.for, data.until ?? data.workload.for)
}

/** Whether there are no payments, neither of a law nor of a trace. */
const isIdle = ({ workload }: Scenario['data']): boolean =>
  offeredRate(workload)?.expectedCount(0, workload.for) === 0

function loadText(scenario: Scenario): string {
  if (isIdle(scenario.data)) return 'No payments are offered'
  const until = offeredFor(scenario)
  const span = formatDuration(until)
  const rate = offeredRate(scenario.data.workload)
  if (rate === undefined) return `The payments of a trace are offered over ${span}`
  const expected = Math.round(rate.expectedCount(0, until))
  return `About ${withCommas(expected)} payments are offered over ${span}`
}

function faultsText({ data }: Scenario): string | undefined {
  if (data.faults.length === 0) return undefined
  const begun = new Set(faultPeriods(data).map(({ from }) => from))
  const texts = data.faults.map((fault) => {
    const { at, for: duration, repeat } = fault
    const lasts = duration === undefined ? '' : ` for ${formatDuration(duration)}`
    const late = begun.has(at) ? '' : ', which is after the end of the run'
    return `${faultText(fault)} from ${formatDuration(at)}${lasts}${againText(repeat)}${late}`
  })
  return `Faults: ${texts.join('; ')}`
}

function againText(repeat: FaultConfig['repeat']): string {
  if (repeat === undefined) return ''
  const { every, times, spread } = repeat
  const often = times === undefined ? '' : `, ${times} times in all`
  const mean = spread === 'regular' ? '' : ' in the mean, at random'
  return `, again every ${formatDuration(every)}${mean}${often}`
}

function withCommas(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
