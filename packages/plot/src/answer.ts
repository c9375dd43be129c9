import type { Estimate, ReportInput } from '@counterpoise/lab'
import { formatFactor, formatMs, formatShare, formatUsd, formatWh } from './format.ts'
import { toEstimate } from './format.ts'
import type { Measured } from './format.ts'
import { describeCaveats } from './answer/caveats.ts'
import { gainAnswer, priceAnswer } from './answer/distribution.ts'
import { blocksAnswer } from './answer/blocks.ts'
import { governanceAnswer } from './answer/governance.ts'
import { describePartial } from './answer/partial.ts'
import { outageAnswer, routerAnswer } from './answer/outage.ts'
import { among, bestOf, list } from './answer/compare.ts'
import type { Candidate } from './answer/compare.ts'
import { comparable, hasPayments, isRouter, railsOf, viewResult, wasOffered } from './view.ts'
import type { RailView } from './view.ts'

/** One part of the answer, computed from the numbers. */
export type Finding = {
  /** What it is about, in a word or two. */
  topic: string
  /** A few whole sentences. */
  text: string
}

/** The question that a comparison answers. */
export const question =
  'What does each degree of distribution buy, and what does it cost, ' +
  'under this load and this fault?'

/** The question as far as it can be asked of this run: of several rails, and of a fault if any. */
export const questionOf = (input: ReportInput): string | undefined => {
  if (comparable(input.result).size < 2 || !hasPayments(viewResult(input.result))) return undefined
  if (input.faults.length === 1) return question
  const end = input.faults.length === 0 ? '?' : ' and these faults?'
  return question.replace(/ and this fault\?$/, end)
}

/**
 * What the numbers say to the question, as text: which rail is final first and which costs least,
 * what the outage did, what goes with more distribution from rail to rail, what a router makes of
 * it, and how far all that can be trusted. What was not measured is not spoken of, and what was cut
 * is not compared.
 */
export const answer = (input: ReportInput): Finding[] => {
  const view = viewResult(input.result)
  const shown = comparable(input.result)
  const all = railsOf(view).filter(({ name }) => shown.has(name))
  const alone = all.filter(({ rail }) => !isRouter(rail))
  // A comparison of routers only is a comparison too.
  const rails = alone.length > 0 ? alone : all
  const findings: Finding[] = [
    { topic: 'What is missing', text: describePartial(input.result) },
    { topic: rails.length === 1 ? 'Distribution' : 'What it buys', text: gainAnswer(rails) },
    { topic: 'What it costs', text: priceAnswer(rails) },
    { topic: 'Speed', text: speedAnswer(rails) },
    { topic: 'Fees and energy', text: costAnswer(rails, all) },
    // Where payments are offered, they are what counts.
    { topic: 'Blocks', text: hasPayments(view) ? '' : blocksAnswer(rails) },
    { topic: 'Who validates', text: governanceAnswer(rails) },
    { topic: 'Outage', text: outageAnswer(input, rails) },
    { topic: 'The router', text: routerAnswer(all, input.result.cut.length === 0) },
    { topic: 'Caution', text: describeCaveats(input, view) },
  ]
  return findings.filter(({ text }) => text !== '')
}

type Rails = readonly { name: string; rail: RailView }[]

const speedAnswer = (rails: Rails): string => {
  const times = candidates(rails, (rail) => rail.time_to_finality_ms?.p50)
  const best = bestOf(times)
  const never = rails.filter(
    ({ rail }) => wasOffered(rail) && rail.time_to_finality_ms === null,
  )
  const neverText =
    never.length === 0
      ? ''
      : `No payment became final within the run on ${list(never.map(({ name }) => name))}.`
  if (best === undefined) return neverText
  const others = times
    .filter(({ name }) => !best.names.includes(name))
    .toSorted((a, b) => a.value.mean - b.value.mean)
  const half = `of its payments that became final were so within ${formatMs(best.value)}.`
  const parts = [
    rails.length === 1
      ? `On ${list(best.names)}, half ${half}`
      : `Finality came first on ${among(best)}: half ${half}`,
    ...others.map(
      ({ name, value }) =>
        `${name} took ${formatMs(value)}, ${formatFactor(value.mean / best.value.mean)} as long.`,
    ),
    neverText,
    ...incompleteText(rails),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** Times are of the payments that got there: rails that left many behind must not look fast. */
const incompleteText = (rails: Rails): string[] => {
  const few = rails.flatMap(({ name, rail }) => {
    const share = toEstimate(rail.final_share)
    return share !== null && share.mean > 0 && share.mean < 0.99
      ? [`${formatShare(share)} on ${name}`]
      : []
  })
  return few.length === 0
    ? []
    : [`Of the payments offered, not all were final by the end of the run: ${list(few)}.`]
}

const costAnswer = (rails: Rails, all: Rails): string => {
  const [only, ...others] = rails
  if (only !== undefined && others.length === 0) return costOfOne(only)
  const fees = rangeText(
    candidates(rails, (rail) => rail.fee_usd?.mean),
    formatUsd,
    ({ low, high }) => `Cost in fees, whoever bears them, was least on ${low} and most on ${high}.`,
  )
  const routers = all.filter(({ rail }) => isRouter(rail)).map(({ name }) => name)
  const kept =
    fees === '' || routers.length === 0
      ? ''
      : `That is what the router ${list(routers)} minimises.`
  const energies = rangeText(
    candidates(rails, (rail) => rail.energy_wh_per_payment),
    formatWh,
    ({ low, high }) =>
      `Energy allocated to a payment was least on ${low} and most on ${high}: ${allocation}`,
  )
  return [fees, kept, energies].filter((part) => part !== '').join(' ')
}

const allocation =
  'the power of the whole rail over the time in which payments were offered, divided by the ' +
  'payments included in that time. It is no marginal cost.'

const costOfOne = ({ name, rail }: Rails[number]): string => {
  const fee = toEstimate(rail.fee_usd?.mean)
  const energy = toEstimate(rail.energy_wh_per_payment)
  const parts = [
    fee === null
      ? ''
      : `A payment on ${name} cost ${formatUsd(fee)} in fees on average, whoever bears them.`,
    energy === null ? '' : `Energy allocated to a payment was ${formatWh(energy)}: ${allocation}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

const rangeText = (
  values: readonly Candidate[],
  format: (value: Measured) => string,
  sentence: (ends: { low: string; high: string }) => string,
): string => {
  const best = bestOf(values)
  const worst = values.reduce<Candidate | undefined>(
    (most, each) => (most === undefined || each.value.mean > most.value.mean ? each : most),
    undefined,
  )
  if (best === undefined || worst === undefined || best.names.includes(worst.name)) return ''
  return sentence({
    low: `${among(best)} (${format(best.value)})`,
    high: `${worst.name} (${format(worst.value)}${timesText(worst.value, best.value)})`,
  })
}

const timesText = (worst: Estimate, best: Estimate): string =>
  best.mean > 0 ? `, ${formatFactor(worst.mean / best.mean)} as much` : ''

const candidates = (rails: Rails, read: (rail: RailView) => Measured): Candidate[] =>
  rails.flatMap(({ name, rail }) => {
    const value = toEstimate(read(rail))
    return value === null ? [] : [{ name, value }]
  })
