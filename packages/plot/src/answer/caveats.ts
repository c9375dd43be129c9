import { type ReportInput, scaledEstimate } from '@counterpoise/lab'
import { formatCount, formatMs, formatShare } from '../format.ts'
import { hasPayments, railsOf, wasOffered } from '../view.ts'
import { hasFewer, hasMargins, resultTable } from '../table.ts'
import type { RailView, ResultView } from '../view.ts'
import { list } from './compare.ts'

/** How far the numbers can be trusted, beginning with what would make them worthless. */
export const describeCaveats = (input: ReportInput, view: ResultView): string => {
  const { result, sources } = input
  const { replications } = view
  const violated = Object.entries(result.checks)
    .filter(([, verdict]) => verdict === 'violated')
    .map(([name]) => `“${name}”`)
  const assumed = sources.filter((source) => source.assumed).length
  const parts = [
    violated.length === 0
      ? ''
      : `${list(violated)} did not hold in this run: look for the cause before using its numbers.`,
    liarsText(view),
    downText(view),
    lateChangesText(view),
    replications > 1
      ? `The numbers are means over ${formatCount(replications)} replications with 95 % ` +
        `confidence intervals${replications < replicationsEnough ? fewText : ''}.`
      : 'This is one run with one seed: small differences may be chance, replications would tell.' +
        (hasMargins(resultTable(result)) ? marginsText : ''),
    hasFewer(resultTable(result))
      ? 'A number marked “(of 1)” is of so many replications: the others had nothing to measure.'
      : '',
    fewBlocksText(view),
    railsOf(view).some(({ rail }) => rail.blocks !== null && wasOffered(rail))
      ? 'Chains carry these payments and only as much other traffic as the scenario assumes.'
      : '',
    assumed > 0
      ? `${formatCount(assumed)} of the ${formatCount(sources.length)} parameters whose ` +
        `origin the scenario tells ${assumed === 1 ? 'is' : 'are'} assumed.`
      : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

const marginsText =
  ' Where a number has a margin (95 %) all the same, it is a share of blocks or slots, each of ' +
  'which had a chance of its own.'

/** Where more validators lie than the protocol survives: nothing that it promises has to hold. */
const liarsText = (view: ResultView): string => {
  const rails = new Map(railsOf(view).flatMap(({ rail }) => Object.entries(rail.liars ?? {})))
  return [...rails]
    .filter(([, { too_many }]) => too_many)
    .map(([name, figures]) => `On ${name}, ${tooManyText(figures)}`)
    .join(' ')
}

/** Where more validators were down at once than the protocol survives. */
const downText = (view: ResultView): string => {
  const rails = railsOf(view).map(({ rail }) => rail)
  const lying = new Set(rails.flatMap((rail) => brokenBy(rail.liars)))
  return [...new Map(rails.flatMap((rail) => Object.entries(rail.down ?? {})))]
    .filter(([name, { beyond_s }]) => beyond_s.mean > 0 && !lying.has(name))
    .map(([name, figures]) => {
      const { validators, down, failing, survivable, beyond_s } = figures
      const { failing_share: share, survivable_share: limit } = figures
      const isEven = Math.abs(share.mean * validators.mean - failing.mean) < 1e-6
      const votes = isEven ? '' : `, with ${formatShare(share)} of the votes,`
      const what = failing.mean > down.mean ? 'down or departing from the protocol' : 'down'
      const most = isEven ? formatCount(survivable) : formatShare(limit)
      const span = formatMs(scaledEstimate(beyond_s, (seconds) => seconds * 1_000))
      return (
        `On ${name}, ${formatCount(failing)} of ${formatCount(validators)} validators${votes} ` +
        `were ${what} at once, and the protocol survives ${most}: what it promises need not hold ` +
        `while there are more (${span}).`
      )
    })
    .join(' ')
}

/** The rails of which more validators lie than the protocol survives. */
const brokenBy = (liars: RailView['liars']): string[] =>
  Object.entries(liars ?? {}).flatMap(([name, { too_many }]) => (too_many ? [name] : []))

/** Changes of validators that came too late for the run: nobody sees what they would have done. */
const lateChangesText = (view: ResultView): string => {
  const rails = new Map(
    railsOf(view).flatMap(({ rail }) => Object.entries(rail.validator_changes ?? {})),
  )
  return [...rails]
    .flatMap(([name, { planned, registered }]) => {
      const late = planned.mean - registered.mean
      if (late <= 0) return []
      const were = late === 1 ? 'was' : 'were'
      return [
        `On ${name}, ${formatCount(late)} of ${formatCount(planned)} planned changes of the ` +
          `validators ${were} not registered before the run ended.`,
      ]
    })
    .join(' ')
}

const tooManyText = (figures: Liars): string => {
  const { validators, liars, survivable, liars_share: share, survivable_share: limit } = figures
  const isEven = Math.abs(share.mean * validators.mean - liars.mean) < 1e-6
  const votes = isEven ? '' : `, with ${formatShare(share)} of the votes,`
  const most = isEven ? formatCount(survivable) : formatShare(limit)
  return (
    `${formatCount(liars)} of ${formatCount(validators)} validators${votes} depart from the ` +
    `protocol, which survives ${most}: what it promises need not hold there.`
  )
}

type Liars = NonNullable<RailView['liars']>[string]

/** From so many on, Student's factor is no longer far from that of a great number. */
const replicationsEnough = 5
const fewText = ', which so few make wide: more replications may tell apart what now is not'

/** So many blocks that the luck of their intervals evens out. */
const blocksEnough = 100

/** The times of a chain of few blocks in all hang most on chance, unless others stop it. */
const fewBlocksText = (view: ResultView): string => {
  const [fewest] = railsOf(view)
    .flatMap(({ name, rail }) => {
      const { mean, replications = view.replications } = rail.blocks?.count ?? {}
      const count = mean && Math.round(mean * replications)
      const isDown = Object.values(rail.down ?? {}).some(({ beyond_s }) => beyond_s.mean > 0)
      const isBroken = isDown || brokenBy(rail.liars).length > 0
      return count === undefined || isBroken ? [] : [{ name, count }]
    })
    .toSorted((a, b) => a.count - b.count)
  if (fewest === undefined || fewest.count >= blocksEnough) return ''
  const inAll = view.replications > 1 ? ' in all replications together' : ''
  if (fewest.count === 0) return `${fewest.name} made no block${inAll}, which may be chance.`
  const blocks = fewest.count === 1 ? 'block' : 'blocks'
  return (
    `${fewest.name} made only ${formatCount(fewest.count)} ${blocks}${inAll}: its ` +
    `${hasPayments(view) ? 'times to inclusion and to finality' : 'numbers'} hang most on chance.`
  )
}
