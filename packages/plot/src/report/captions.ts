import type { ReportInput } from '@counterpoise/lab'
import { list } from '../answer/compare.ts'
import { costPanels } from '../figures/cost.ts'
import { distributionPanels } from '../figures/distribution.ts'
import { latencyPanels } from '../figures/latency.ts'
import type { PointPanel } from '../figures/points.ts'
import { waitingOf } from '../figures/mempool.ts'
import { seriesOf } from '../figures/throughput.ts'
import { comparable, isReplicated, isRouter, railsOf, viewResult } from '../view.ts'

/** What is said below a figure. */
export type Caption = {
  title: string
  /** What to look for. */
  see: string
  /** What the figure leaves out, and of what its numbers are. */
  limits: string
}

/** The captions of the figures of a report. */
export const captionsOf = (input: ReportInput): Record<FigureName, Caption> => ({
  throughput: throughputCaption(input),
  mempool: mempoolCaption(input),
  latency: latencyCaption(input),
  cost: costCaption(input),
  distribution: distributionCaption(input),
})

/** The figures of a report, in their order. */
export type FigureName = 'throughput' | 'mempool' | 'latency' | 'cost' | 'distribution'

const throughputCaption = (input: ReportInput): Caption => {
  const without = Object.keys(input.result.rails).filter((name) => !seriesOf(input, name))
  return {
    title: 'Throughput over time',
    see:
      'Payments included per second (filled), and those offered (dashed). Below the dashed line ' +
      'payments wait or fail; above it, what has waited is worked off. ' +
      (input.faults.length > 0 ? 'Shaded: while a fault was on.' : 'Nothing broke in this run.'),
    limits: sentences(
      'The scale is logarithmic: a gap is a time in which nothing was included.',
      firstReplication(input),
      endedEarly(input),
      'Whether the payments were final is not shown.',
      missing(without, 'has no curve', 'have no curves'),
    ),
  }
}

const mempoolCaption = (input: ReportInput): Caption => {
  const empty = Object.keys(input.series).filter((name) => waitingOf(input, name) === undefined)
  return {
    title: 'What waits for a block',
    see:
      'Payments and other transactions in the pool of the first access node, just after each ' +
      'block that it saw. A rise is a backlog; where it never falls again, the rail is offered ' +
      'more than it can carry.',
    limits: sentences(
      'The scale is logarithmic: a gap is a time in which nothing waited.',
      input.faults.length === 0
        ? ''
        : 'While that node sees no block, as when it is down, its last number stands.',
      firstReplication(input),
      endedEarly(input),
      missing(empty, 'is not shown: nothing waited', 'are not shown: nothing waited'),
    ),
  }
}

const latencyCaption = (input: ReportInput): Caption => {
  const [inclusion, finality] = latencyPanels(input).map(({ without }) => without)
  return {
    title: 'How long a payment takes',
    see:
      'The share of the payments offered that was included (or final) within a time, on a ' +
      'logarithmic axis. Further left is faster, steeper is steadier; a curve that ends below ' +
      '100 % left payments behind. Symbols stand at the quartiles and at p95 of each curve.',
    limits: sentences(
      firstReplication(input),
      endedEarly(input),
      'Payments that failed or were still open at the end are only what is missing at the top.',
      missing(inclusion ?? [], 'included nothing', 'included nothing'),
      missing(finality ?? [], 'made nothing final', 'made nothing final'),
    ),
  }
}

const costCaption = (input: ReportInput): Caption => {
  const [fee, energy] = costPanels(input).map((panel) => absent(input, panel))
  return {
    title: 'Cost against finality',
    see:
      'Below and to the left is cheap and fast. The filled symbol stands at the median time to ' +
      'finality, the open one at p95; both axes are logarithmic.',
    limits: sentences(
      margins(input),
      notCompared(input),
      neverFinal(input),
      'Fees are counted whoever bears them; what a payer loses by waiting is not shown.',
      'Energy is an allocation, no marginal cost: the power of the whole rail over the time in ' +
        'which payments were offered, divided by the payments included in that time.',
      missing(fee ?? [], 'has no fee to show', 'have no fee to show'),
      missing(energy ?? [], 'has no energy to show', 'have no energy to show'),
    ),
  }
}

const distributionCaption = (input: ReportInput): Caption => {
  const [time, , share] = distributionPanels(input).map((panel) => absent(input, panel))
  return {
    title: 'Distribution against performance',
    see:
      'Further right, more parties must fail or collude. The Nakamoto coefficient is the size of ' +
      'the smallest set of them that holds more than 1/3 of the power (filled), which stops a ' +
      'BFT chain, or more than 1/2 (open), which rewrites a proof-of-work chain. Above, ' +
      'what that goes with in time (lower is faster); below, in payments that got through ' +
      '(higher is better).',
    limits: sentences(
      margins(input),
      notCompared(input),
      routerNote(input.result, comparable(input.result)),
      'What failed for want of access tells of the payers, not of the operators.',
      'The rails differ in more than their distribution; clients, clouds and jurisdictions are ' +
        'not counted here.',
      missing(time ?? [], 'is missing above', 'are missing above'),
      missing(share ?? [], 'is missing below', 'are missing below'),
    ),
  }
}

/** What a coefficient of a router means; empty where there is none among these. */
export const routerNote = (
  result: ReportInput['result'],
  names: ReadonlySet<string> = new Set(Object.keys(result.rails)),
): string =>
  railsOf(viewResult(result)).some(({ name, rail }) => names.has(name) && isRouter(rail))
    ? 'For a router it is the smallest set that holds as much on every rail at once: what it ' +
      'takes to stop all rails; to take money, one rail is enough.'
    : ''

const absent = (input: ReportInput, { points }: PointPanel): string[] => {
  const shown = new Set(points.map(({ name }) => name))
  return [...comparable(input.result)].filter((name) => !shown.has(name))
}

/** The rails whose curves end early, and those that are not compared for the same reason. */
const cutNames = ({ result }: ReportInput): string[] =>
  result.cut.flatMap(({ rail, at_s }) => (at_s === null ? [] : [rail]))

const endedEarly = (input: ReportInput): string =>
  missing(
    cutNames(input),
    'was cut off: its curve ends early',
    'were cut off: their curves end early',
  )

const notCompared = (input: ReportInput): string =>
  missing(
    cutNames(input).filter((name) => !comparable(input.result).has(name)),
    'was cut off and is not shown',
    'were cut off and are not shown',
  )

const neverFinal = ({ result }: ReportInput): string => {
  const shown = comparable(result)
  const names = Object.entries(result.rails).flatMap(([name, rail]) =>
    rail.time_to_finality_ms === null && shown.has(name) ? [name] : [],
  )
  return names.length === 0 ? '' : `Within the run nothing became final on ${list(names)}.`
}

const missing = (names: readonly string[], one: string, many: string): string =>
  names.length === 0 ? '' : `${list(names)} ${names.length === 1 ? one : many}.`

const firstReplication = ({ result }: ReportInput): string =>
  isReplicated(result) ? 'The curves are of the first replication.' : ''

const margins = ({ result }: ReportInput): string =>
  isReplicated(result) && result.replications > 1
    ? 'Bars are 95 % confidence intervals of the mean over replications; where one runs into a ' +
      'logarithmic axis, it reaches down to 0.'
    : ''

const sentences = (...parts: readonly string[]): string =>
  [...new Set(parts)].filter((part) => part !== '').join(' ')
