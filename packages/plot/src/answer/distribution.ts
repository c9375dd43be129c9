import type { Estimate } from '@counterpoise/lab'
import { formatCount, formatMs, formatShare, formatUsd, formatWh, toEstimate } from '../format.ts'
import type { Measured } from '../format.ts'
import { wasOffered } from '../view.ts'
import type { RailView } from '../view.ts'
import { differs, list } from './compare.ts'
import { isMostlyAccess } from './outage.ts'

type Rails = readonly { name: string; rail: RailView }[]

/** What more distribution was good for: the payments that got through the outage. */
export const gainAnswer = (rails: Rails): string => {
  const ranked = rank(rails)
  const [least, most] = [ranked[0], ranked.at(-1)]
  if (least === undefined || most === undefined) return ''
  const counts = ranked.map(({ name, parties }) => `${formatCount(parties)} on ${name}`)
  const intro = `Operators that together hold more than half of the power: ${list(counts)}.`
  // What is alone cannot be compared.
  if (ranked.length === 1) return intro
  if (least.parties === most.parties) return `${intro} No rail is more distributed than another.`
  const byAccess = ranked.filter(({ rail }) => isMostlyAccess(rail)).map(({ name }) => name)
  if (byAccess.length > 0) return `${intro} ${accessText(byAccess)}`
  return [intro, gainText(least, most), inversionText(ranked)].filter(isText).join(' ')
}

/**
 * What more distribution goes with: the time to finality, the fee and the energy of each rail, in
 * the order of the operators that hold more than half of the power, and whether they follow it.
 */
export const priceAnswer = (rails: Rails): string => {
  const ranked = rank(rails)
  const facts = ranked.flatMap((each) => {
    const text = priceText(each)
    return text === '' ? [] : [{ ...each, text }]
  })
  if (new Set(facts.map(({ parties }) => parties)).size < 2) return ''
  const texts = facts.map(
    ({ name, parties, text }, index) => `${name} (${partiesText(parties, index === 0)}): ${text}`,
  )
  return [`${texts.join('; ')}.`, orderText(ranked)].filter(isText).join(' ')
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

const accessText = (names: readonly string[]): string =>
  `What got through the outage does not follow from that: on ${list(names)} most of what ` +
  'failed then failed because its payer had no access, whoever operates the rail.'

const partiesText = (parties: number, isFirst: boolean): string => {
  if (!isFirst) return formatCount(parties)
  const verb = parties === 1 ? 'operator holds' : 'operators hold'
  return `${formatCount(parties)} ${verb} more than half`
}

const priceText = ({ rail }: Ranked): string => {
  const time = toEstimate(rail.time_to_finality_ms?.p50)
  const costs = [
    ...format(rail.fee_usd?.mean, formatUsd),
    ...format(rail.energy_wh_per_payment, formatWh),
  ]
  const facts = [
    ...(time === null ? [] : [`final after ${formatMs(time)} at the median`]),
    ...(time === null && wasOffered(rail) ? ['nothing final within the run'] : []),
    ...(costs.length === 0 ? [] : [`${list(costs)} a payment`]),
  ]
  return facts.join(', ')
}

const format = (value: Measured, formatted: (value: Measured) => string): string[] =>
  toEstimate(value) === null ? [] : [formatted(value)]

/** What may be read from rail to rail; a payment that was never final took longer than others. */
const prices: Record<string, (rail: RailView) => Estimate | null> = {
  'time to finality': (rail) =>
    toEstimate(rail.time_to_finality_ms?.p50) ??
    (wasOffered(rail) ? { mean: Infinity, ci95: 0 } : null),
  'cost in fees': (rail) => toEstimate(rail.fee_usd?.mean),
  energy: (rail) => toEstimate(rail.energy_wh_per_payment),
}

/** Whether more operators went with more or with less of each, from rank to rank alone. */
const orderText = (ranked: readonly Ranked[]): string => {
  const orders = Object.entries(prices).map(([name, read]) => ({
    name,
    order: order(ranked, read),
  }))
  const named = (wanted: string): string[] =>
    orders.filter((each) => each.order === wanted).map(({ name }) => name)
  const [more, less, none] = [named('more'), named('less'), named('none')]
  const went = [
    ...(more.length > 0 ? [`more ${list(more)}`] : []),
    ...(less.length > 0 ? [`less ${list(less)}`] : []),
  ]
  const parts = [
    ...(went.length > 0 ? [`more operators went with ${list(went)}`] : []),
    ...(none.length > 0 ? [`${list(none)} ${neither}`] : []),
  ]
  if (parts.length === 0) return ''
  return `By rank alone, ${parts.join('; ')}; the rails differ in more than their distribution.`
}

const neither = 'neither rose nor fell throughout with the number of operators'

const order = (
  ranked: readonly Ranked[],
  read: (rail: RailView) => Estimate | null,
): 'more' | 'less' | 'none' | 'unknown' => {
  const known = ranked.flatMap(({ rail, parties }) => {
    const value = read(rail)
    return value === null ? [] : [{ parties, value }]
  })
  const steps = known.flatMap((few, index) =>
    known
      .slice(index + 1)
      .filter((many) => many.parties > few.parties)
      .map((many) => {
        if (!differs(few.value, many.value)) return 'none'
        return many.value.mean > few.value.mean ? 'more' : 'less'
      }),
  )
  const [first] = steps
  if (first === undefined || known.every(({ value }) => value.mean === Infinity)) return 'unknown'
  return steps.every((step) => step === first) ? first : 'none'
}

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
      return gap > 0 && differs(more, less) ? [{ few, many, more, gap }] : []
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
  toEstimate(rail.outage?.included_share)

const isText = (text: string): boolean => text !== ''
