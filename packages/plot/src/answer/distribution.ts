import type { Estimate } from '@counterpoise/lab'
import { formatCount, formatMs, formatShare, formatWh, toEstimate } from '../format.ts'
import { shareOf } from '../view.ts'
import type { RailView } from '../view.ts'
import { list } from './compare.ts'

type Rails = readonly { name: string; rail: RailView }[]

/** What more distribution was good for: the payments that got through the outage. */
export const gainAnswer = (rails: Rails): string => {
  const ranked = rank(rails)
  const [least, most] = [ranked[0], ranked.at(-1)]
  if (least === undefined || most === undefined) return ''
  const counts = ranked.map(({ name, parties }) => `${formatCount(parties)} on ${name}`)
  const intro = `Operators that together hold half of the power: ${list(counts)}.`
  if (least.parties === most.parties) return `${intro} No rail is more distributed than another.`
  return [intro, gainText(least, most), inversionText(ranked)].filter(isText).join(' ')
}

/**
 * What more distribution goes with: from each degree to the next, counted in operators that hold
 * half of the power, the difference in finality and energy for one party more.
 */
export const priceAnswer = (rails: Rails): string => {
  const ranked = rank(rails)
  const steps = ranked.slice(1).flatMap((to, index) => stepText(ranked[index] ?? to, to))
  return steps.length === 0 ? '' : [...steps, causeText].join(' ')
}

/** The rails by the number of operators that hold half of the power, the fewest first. */
const rank = (rails: Rails): Ranked[] =>
  rails
    .flatMap(({ name, rail }) => {
      const parties = toEstimate(rail.nakamoto.operators.half)?.mean
      return parties === undefined || parties <= 0 ? [] : [{ name, rail, parties }]
    })
    .toSorted((a, b) => a.parties - b.parties)

type Ranked = { name: string; rail: RailView; parties: number }

const causeText =
  'The rails differ in more than their distribution, so these differences are not its price alone.'

const stepText = (from: Ranked, to: Ranked): string[] => {
  const parties = to.parties - from.parties
  if (parties <= 0) return []
  const time = perParty(
    [from, to].map(({ rail }) => toEstimate(rail.time_to_finality_ms?.p50)?.mean),
    parties,
  )
  const energy = perParty(
    [from, to].map(({ rail }) => toEstimate(rail.energy_wh_per_payment)?.mean),
    parties,
  )
  const facts = [
    time === undefined ? '' : `${signed(time, formatMs)} to median finality`,
    energy === undefined ? '' : `${signed(energy, formatWh)} a payment`,
  ].filter(isText)
  if (facts.length === 0) return []
  return [`From ${from.name} to ${to.name}, each further operator goes with ${list(facts)}.`]
}

/** The difference for each party more, where both numbers are known. */
const perParty = (ends: readonly (number | undefined)[], parties: number): number | undefined => {
  const [from, to] = ends
  return from === undefined || to === undefined ? undefined : (to - from) / parties
}

const signed = (value: number, format: (value: number) => string): string =>
  `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`

const gainText = (least: Ranked, most: Ranked): string => {
  const [low, high] = [outageShare(least), outageShare(most)]
  if (low === null || high === null) return ''
  return (
    `In the outage, ${most.name}, with the most, included ${formatShare(high)} of the payments ` +
    `intended then; ${least.name}, with the fewest, ${formatShare(low)}.`
  )
}

/** Where a rail with fewer operators got clearly more payments through than one with more. */
const inversionText = (ranked: readonly Ranked[]): string => {
  const pairs = ranked.flatMap((few, index) =>
    ranked.slice(index + 1).flatMap((many) => {
      const [more, less] = [outageShare(few), outageShare(many)]
      if (few.parties === many.parties || more === null || less === null) return []
      const gap = more.mean - less.mean
      return gap > Math.sqrt(more.ci95 * more.ci95 + less.ci95 * less.ci95)
        ? [{ few, many, more, gap }]
        : []
    }),
  )
  const widest = pairs.toSorted((a, b) => b.gap - a.gap)[0]
  if (widest === undefined) return ''
  const { few, many, more } = widest
  return (
    `Their number alone does not decide it: ${few.name}, with ${formatCount(few.parties)}, ` +
    `included ${formatShare(more)}, more than ${many.name} with ${formatCount(many.parties)}.`
  )
}

const outageShare = ({ rail }: Ranked): Estimate | null =>
  shareOf(rail.outage?.included, rail.outage?.offered)

const isText = (text: string): boolean => text !== ''
