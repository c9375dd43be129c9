import type { CutRail, ReportInput } from '@counterpoise/lab'
import { formatCount, formatMs } from '../format.ts'
import { isReplicated } from '../view.ts'
import { list } from './compare.ts'

type Result = ReportInput['result']

/** What is missing in a result that was ended before its time; empty where it is whole. */
export const describePartial = (result: Result): string => {
  if (!result.partial) return ''
  const { cut } = result
  const parts = [replicationsText(result), cutText(cut), comparisonText(result)]
  return parts.filter((part) => part !== '').join(' ')
}

/** Of how many replications the numbers are, where several were asked for. */
const replicationsText = (result: Result): string => {
  if (!isReplicated(result) || result.replications_wanted === 1) return ''
  const { replications, replications_wanted: wanted, cut } = result
  if (cut.some(({ by }) => by === 'interruption')) {
    return `None of ${formatCount(wanted)} replications is whole; the numbers are of the first.`
  }
  return replications === wanted
    ? ''
    : `The numbers are of ${formatCount(replications)} of ${formatCount(wanted)} replications.`
}

/** Which rails were ended, and when, and which had not begun. */
const cutText = (cut: readonly CutRail[]): string => {
  const begun = cut.filter(({ at_s }) => at_s !== null)
  const waiting = cut.filter(({ at_s }) => at_s === null).map(({ rail }) => rail)
  const ended = (by: CutRail['by']): string[] =>
    begun
      .filter((each) => each.by === by)
      .map(({ rail, at_s }) => `${rail} (after ${formatMs((at_s ?? 0) * 1_000)})`)
  const [limited, interrupted] = [ended('limit'), ended('interruption')]
  const facts = [
    ...(limited.length > 0 ? [`the limit on events ended ${list(limited)}`] : []),
    ...(interrupted.length > 0 ? [`${list(interrupted)} ${were(interrupted)} cut off`] : []),
    ...(waiting.length > 0 ? [`${list(waiting)} had not begun`] : []),
  ]
  const text = facts.join('; ')
  return text === '' ? '' : `${text}.`.replace(/^the/, 'The')
}

const comparisonText = ({ cut, rails }: Result): string => {
  const names = Object.keys(rails)
  if (cut.length === 0 || names.length < 2) return ''
  const whole = names.filter((name) => !cut.some(({ rail }) => rail === name))
  if (whole.length === 0) return 'No rail is whole, so none is compared with another.'
  return whole.length === 1
    ? `Only ${list(whole)} is whole, so nothing is compared.`
    : `Only what is whole is compared: ${list(whole)}.`
}

const were = (names: readonly string[]): string => (names.length === 1 ? 'was' : 'were')
