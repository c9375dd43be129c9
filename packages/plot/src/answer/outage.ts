import { type Estimate, type ReportInput, scaledEstimate } from '@counterpoise/lab'
import { exactly, formatCount, formatMs, formatShare } from '../format.ts'
import { formatUsd, toEstimate } from '../format.ts'
import type { Known, Measured } from '../format.ts'
import { isRouter } from '../view.ts'
import type { RailView } from '../view.ts'
import { differs, list } from './compare.ts'

type Rails = readonly { name: string; rail: RailView }[]

/** What the faults did to each rail. */
export const outageAnswer = ({ faults }: ReportInput, rails: Rails): string => {
  const fates = rails.flatMap(({ name, rail }) => {
    const share = toEstimate(rail.outage?.included_share)
    return rail.outage === null || share === null ? [] : [{ name, share, outage: rail.outage }]
  })
  if (fates.length === 0) return ''
  const parts = fates
    .toSorted((a, b) => b.share.mean - a.share.mean)
    .map(({ name, share, outage }) => {
      const silence = toEstimate(outage.longest_silence_s)
      const quiet = silence && formatMs(scaledEstimate(silence, (seconds) => seconds * 1_000))
      const told = `${formatShare(share)}${quiet ? ` (longest silence ${quiet})` : ''}`
      return fates.length === 1 ? `${name} included ${told}` : `${name} ${told}`
    })
  const included = fates.length === 1 ? '' : 'the rails included: '
  return [
    `Of the payments intended ${duringText(faults)}, ${included}${parts.join('; ')}.`,
    accessText(fates),
    pauseText(faults, fates),
    openText(faults, fates),
    declinedText(fates),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** What a fault left undone: at the end of the run, and at its own. */
const openText = ({ length }: ReportInput['faults'], fates: Fates): string => {
  const left = (read: (outage: Outage) => Measured, format: (value: Measured) => string) =>
    fates.flatMap(({ name, outage }) => {
      const value = toEstimate(read(outage))
      return value === null || value.mean === 0 ? [] : [`${format(value)} on ${name}`]
    })
  const atEnd = left(({ open_share }) => open_share, formatShare)
  const whenOver = left(({ open_when_over }) => open_when_over, formatCount)
  const [when, most] = length > 1 ? ['a fault', 'at most so'] : ['the outage', 'so']
  const parts = [
    whenOver.length === 0
      ? ''
      : `When ${when} was over, or the run before it, ${most} many payments were open, neither ` +
        `included nor failed: ${list(whenOver)}.`,
    atEnd.length === 0
      ? ''
      : `Of those intended during ${length > 1 ? 'the faults' : 'the outage'}, so many were open ` +
        `when the run ended: ${list(atEnd)}.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** Whether most of what failed in the outage did so because its payer could not reach the rail. */
export const isMostlyAccess = ({ outage }: Pick<RailView, 'outage'>): boolean => {
  const part = outage && accessPart(outage)
  return part !== null && part >= 0.5
}

type Outage = NonNullable<RailView['outage']>
type Fates = readonly { name: string; outage: Outage }[]

/** What part of the failures of all replications was for want of access; null without any. */
const accessPart = ({ failed, failed_by_reason }: Outage): number | null => {
  const [all, part] = [toEstimate(failed)?.mean ?? 0, ofReason(failed_by_reason, 'no access')]
  return all === 0 ? null : (part?.mean ?? 0) / all
}

const ofReason = (byReason: Record<string, Estimate>, reason: string): Known | null =>
  Object.hasOwn(byReason, reason) ? toEstimate(byReason[reason]) : null

/** What a payment fails for in quiet times too. */
const unrelated: readonly string[] = ['declined', 'insufficient funds']

/** The share that failed for unrelated reasons. They may vary together: their margins add up. */
const unrelatedShare = ({ failed_share_by_reason: byReason }: Outage): Estimate => {
  const shares = unrelated.map((reason) => ofReason(byReason ?? {}, reason) ?? exactly(0))
  const sum = (part: (share: Known) => number): number =>
    shares.reduce((total, share) => total + part(share), 0)
  return {
    ...{ mean: sum(({ mean }) => mean), ci95: sum(({ ci95 }) => ci95) },
    low: sum(({ mean, low = mean }) => low),
    high: Math.min(1, sum(({ mean, high = mean }) => high)),
  }
}

/** How much of the failure was for want of access, which is no work of consensus. */
const accessText = (fates: Fates): string => {
  const known = fates.flatMap(({ name, outage }) => {
    const part = accessPart(outage)
    if (part === null) return []
    const all = `on ${name} (${formatShare(outage.failed_share)} failed)`
    const partText = part === 1 ? 'all' : part === 0 ? 'none' : formatShare(part)
    return [{ text: `${partText} ${all}`, part }]
  })
  if (known.every(({ part }) => part === 0)) return ''
  const texts = known.toSorted((a, b) => b.part - a.part).map(({ text }) => text)
  return (
    'Of these failures, so many were payers without access, whose access node or acquirer was ' +
    `down: ${list(texts)}. That tells how payers are connected, not what consensus withstood.`
  )
}

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
    const share = unrelatedShare(outage)
    return share.mean === 0 ? [] : [`${formatShare(share)} on ${name}`]
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

/**
 * What a router over the rails made of the same load.
 *
 * @param hasAll Whether all rails are there; else none of them is the best.
 */
export const routerAnswer = (all: Rails, hasAll = true): string => {
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
      hasAll ? comparison(rail, all) : '',
    ]
  })
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

const median = (ms: Estimate | undefined): string =>
  ms ? `half of the payments that became final were so within ${formatMs(ms)}` : ''

const fee = (usd: Estimate | undefined): string =>
  usd ? `the fees of a payment came to ${formatUsd(usd)} on average` : ''

const outageShare = (rail: RailView): string => {
  const share = toEstimate(rail.outage?.included_share)
  return share === null ? '' : `${formatShare(share)} of those of the outage were included`
}

/** Whether the router did better in the outage than the best rail alone. */
const comparison = (router: RailView, all: Rails): string => {
  const own = toEstimate(router.outage?.included_share)
  const best = all
    .filter(({ rail }) => !isRouter(rail))
    .flatMap(({ name, rail }) => {
      const share = toEstimate(rail.outage?.included_share)
      return share === null ? [] : [{ name, share }]
    })
    .toSorted((a, b) => b.share.mean - a.share.mean)[0]
  if (own === null || best === undefined) return ''
  const gap = own.mean - best.share.mean
  const against = `${best.name}, the best of the rails alone (${formatShare(best.share)})`
  if (!differs(own, best.share)) return `In the outage it did as well as ${against}.`
  return `In the outage it included ${gap > 0 ? 'more' : 'less'} than ${against}.`
}
