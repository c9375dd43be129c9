import type { Estimate, ReportInput } from '@counterpoise/lab'
import { formatMs, formatShare, formatUsd, toEstimate } from '../format.ts'
import { isRouter, shareOf } from '../view.ts'
import type { RailView } from '../view.ts'
import { list } from './compare.ts'

type Rails = readonly { name: string; rail: RailView }[]

/** What the faults did to each rail. */
export const outageAnswer = ({ faults }: ReportInput, rails: Rails): string => {
  const fates = rails.flatMap(({ name, rail }) => {
    const share = shareOf(rail.outage?.included, rail.outage?.offered)
    return rail.outage === null || share === null ? [] : [{ name, share, outage: rail.outage }]
  })
  if (fates.length === 0) return ''
  const parts = fates
    .toSorted((a, b) => b.share.mean - a.share.mean)
    .map(({ name, share, outage }) => {
      const silence = toEstimate(outage.longest_silence_s)
      const quiet = silence && formatMs({ mean: silence.mean * 1e3, ci95: silence.ci95 * 1e3 })
      return `${name} ${formatShare(share)}${quiet ? ` (longest silence ${quiet})` : ''}`
    })
  return [
    `Of the payments intended ${duringText(faults)}, the rails included: ${parts.join('; ')}.`,
    accessText(fates),
    pauseText(faults, fates),
    declinedText(fates),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** Whether most of what failed in the outage did so because its payer could not reach the rail. */
export const isMostlyAccess = ({ outage }: Pick<RailView, 'outage'>): boolean => {
  const share = outage && shareOf(failedFor(outage, noAccess), outage.failed)
  return share !== null && share.mean >= 0.5
}

type Outage = NonNullable<RailView['outage']>
type Fates = readonly { name: string; outage: Outage }[]

const noAccess: readonly string[] = ['no access']

/** What a payment fails for in quiet times too. */
const unrelated: readonly string[] = ['declined', 'insufficient funds']

const failedFor = ({ failed_by_reason }: Outage, reasons: readonly string[]): Estimate => {
  const found = reasons.flatMap((reason) =>
    Object.hasOwn(failed_by_reason, reason) ? (failed_by_reason[reason] ?? []) : [],
  )
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)
  return {
    mean: sum(found.map(({ mean }) => mean)),
    ci95: Math.sqrt(sum(found.map(({ ci95 }) => ci95 * ci95))),
  }
}

/** How much of the failure was for want of access, which is no work of consensus. */
const accessText = (fates: Fates): string => {
  const known = fates.flatMap(({ name, outage }) => {
    const [failed, access] = [outage.failed, failedFor(outage, noAccess)]
    const share = shareOf(access, failed)
    if (share === null) return []
    const all = `on ${name} (${formatShare(shareOf(failed, outage.offered))} failed)`
    const part = share.mean === 1 ? 'all' : share.mean === 0 ? 'none' : formatShare(exact(share))
    return [{ text: `${part} ${all}`, share }]
  })
  if (known.every(({ share }) => share.mean === 0)) return ''
  const texts = known.toSorted((a, b) => b.share.mean - a.share.mean).map(({ text }) => text)
  return (
    'Of these failures, so many were payers without access, whose access node or acquirer was ' +
    `down: ${list(texts)}. That tells how payers are connected, not what consensus withstood.`
  )
}

/** A share whose parts vary together: its margin would be overstated. */
const exact = ({ mean }: Estimate): Estimate => ({ mean, ci95: 0 })

/** Where those with access were served all along, though many had none. */
const pauseText = (faults: ReportInput['faults'], fates: Fates): string => {
  const shortest = Math.min(...faults.map(({ from_s, until_s }) => until_s - from_s))
  const names = fates.flatMap(({ name, outage }) => {
    const silence = toEstimate(outage.longest_silence_s)?.mean ?? Infinity
    return isMostlyAccess({ outage }) && silence <= shortest * pauseMax ? [name] : []
  })
  if (names.length === 0) return ''
  const shown = names.length === 1 ? 'its silence shows' : 'their silences show'
  return `Inclusion went on meanwhile on ${list(names)}, as ${shown}.`
}

/** A silence of more than this share of a fault is a pause. */
const pauseMax = 0.1

const declinedText = (fates: Fates): string => {
  const parts = fates.flatMap(({ name, outage }) => {
    const share = shareOf(failedFor(outage, unrelated), outage.offered)
    return share === null || share.mean === 0 ? [] : [`${formatShare(share)} on ${name}`]
  })
  if (parts.length === 0) return ''
  return `Payments declined or without funds (${list(parts)}) are no effect of the outage.`
}

const duringText = (faults: ReportInput['faults']): string => {
  const [only] = faults
  if (only === undefined) return 'during the outage'
  const lengths = faults.map(({ from_s, until_s }) => until_s - from_s)
  if (faults.length > 1) return `during the ${faults.length} faults`
  return `during the ${formatMs((lengths[0] ?? 0) * 1_000)} of the outage (${only.label})`
}

/** What a router over the rails made of the same load. */
export const routerAnswer = (all: Rails): string => {
  const sentences = all.flatMap(({ name, rail }) => {
    if (!isRouter(rail)) return []
    const carried = Object.entries(rail.routed_share ?? {})
      .map(([to, share]) => ({ to, share }))
      .filter(({ share }) => share.mean > 0)
      .toSorted((a, b) => b.share.mean - a.share.mean)
    const facts = [
      median(rail.time_to_finality_ms?.p50),
      fee(rail.fee_usd?.mean),
      outageShare(rail),
    ].filter((fact) => fact !== '')
    return [
      facts.length > 0 ? `Behind the router ${name}, ${list(facts)}.` : '',
      carried.length > 0
        ? `It sent ${list(carried.map(({ to, share }) => `${formatShare(share)} to ${to}`))}.`
        : '',
      comparison(rail, all),
    ]
  })
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

const median = (ms: Estimate | undefined): string =>
  ms ? `half of the payments that became final were so within ${formatMs(ms)}` : ''

const fee = (usd: Estimate | undefined): string =>
  usd ? `the fees of a payment came to ${formatUsd(usd)} on average` : ''

const outageShare = (rail: RailView): string => {
  const share = shareOf(rail.outage?.included, rail.outage?.offered)
  return share === null ? '' : `${formatShare(share)} of those of the outage were included`
}

/** Whether the router did better in the outage than the best rail alone. */
const comparison = (router: RailView, all: Rails): string => {
  const own = shareOf(router.outage?.included, router.outage?.offered)
  const best = all
    .filter(({ rail }) => !isRouter(rail))
    .flatMap(({ name, rail }) => {
      const share = shareOf(rail.outage?.included, rail.outage?.offered)
      return share === null ? [] : [{ name, share }]
    })
    .toSorted((a, b) => b.share.mean - a.share.mean)[0]
  if (own === null || best === undefined) return ''
  const gap = own.mean - best.share.mean
  const margin = Math.sqrt(own.ci95 * own.ci95 + best.share.ci95 * best.share.ci95)
  const against = `${best.name}, the best of the rails alone (${formatShare(best.share)})`
  if (Math.abs(gap) <= margin) return `In the outage it did as well as ${against}.`
  return `In the outage it included ${gap > 0 ? 'more' : 'less'} than ${against}.`
}
