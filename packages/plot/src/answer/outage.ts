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
  return `Of the payments intended ${duringText(faults)}, the rails included: ${parts.join('; ')}.`
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
  usd ? `a payment cost ${formatUsd(usd)} on average` : ''

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
