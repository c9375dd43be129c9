import type { ReportInput } from '@counterpoise/lab'
import { formatCount } from '../format.ts'
import type { ResultView } from '../view.ts'
import { list } from './compare.ts'

/** How far the numbers can be trusted, beginning with what would make them worthless. */
export const describeCaveats = (input: ReportInput, { replications }: ResultView): string => {
  const { result, sources } = input
  const violated = Object.entries(result.checks)
    .filter(([, verdict]) => verdict === 'violated')
    .map(([name]) => `“${name}”`)
  const assumed = sources.filter((source) => source.assumed).length
  const parts = [
    violated.length === 0
      ? ''
      : `${list(violated)} did not hold in this run: look for the cause before using its numbers.`,
    result.partial ? 'A limit ended the run before its time: late payments are missing.' : '',
    replications > 1
      ? `The numbers are means over ${formatCount(replications)} replications with 95 % ` +
        'confidence intervals.'
      : 'This is one run with one seed: small differences may be chance, replications would tell.',
    assumed > 0
      ? `${formatCount(assumed)} of the ${formatCount(sources.length)} parameters listed below ` +
        `${assumed === 1 ? 'is' : 'are'} assumed.`
      : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}
