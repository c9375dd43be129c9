import { parseTrace, type TraceResult } from '@counterpoise/workload'
import { toUsd, usd } from '@counterpoise/ledger'
import { arrivalsOf } from './offeredLoad.ts'
import { shortened, shown } from './errors.ts'
import { maxima } from './schema/maxima.ts'
import type { ScenarioData } from './schema/scenario.ts'
import type { Problem } from './sourced.ts'

type Workload = ScenarioData['workload']

/** What keeps payments from being offered as the schema lets them be written. */
export function workloadProblems(workload: Workload, mayBeEmpty = false): Problem[] {
  return [
    ...loadProblems(workload, mayBeEmpty),
    ...countProblems(workload),
    ...moneyProblems(workload),
  ]
}

function loadProblems({ arrivals, trace, accounts }: Workload, mayBeEmpty: boolean): Problem[] {
  if (trace === undefined) {
    if (arrivals.length > 0 || mayBeEmpty) return []
    return [{ at: ['workload'], expected: '`arrivals` or a `trace`', found: 'neither' }]
  }
  const both: Problem[] =
    arrivals.length === 0
      ? []
      : [{ at: ['workload', 'trace'], expected: 'no `arrivals` beside it', found: 'both' }]
  if ('file' in trace) {
    const hint = 'in a script, give the text itself: `trace: { csv }`'
    const expected = 'a scenario that was read from a file'
    const at = ['workload', 'trace', 'file']
    return [...both, { at, expected, found: shown(trace.file), hint }]
  }
  return [...both, ...traceProblems(parseTrace(trace.csv), accounts.count)]
}

/** One problem per malformed row; the step that names the line is no key of the scenario. */
function traceProblems(parsed: TraceResult, accounts: number): Problem[] {
  const at = ['workload', 'trace', 'csv']
  if (!parsed.ok) {
    return parsed.errors.map(({ line, expected, found }) => ({
      at: ['workload', 'trace', 'csv', line],
      isTraceLine: true,
      expected,
      found: found === '' ? 'nothing' : shortened(found),
    }))
  }
  const { rows } = parsed
  const problems: Problem[] = []
  if (rows.accounts.length > accounts) {
    const found = `${rows.accounts.length} names`
    const expected = `at most the ${accounts} accounts of the scenario`
    problems.push({ at, expected, found })
  }
  const largest = rows.amount?.reduce((most, amount) => Math.max(most, amount), 0) ?? 0
  if (largest > usd(maxima.usd)) {
    const expected = `amounts of at most ${maxima.usd} dollars`
    problems.push({ at, expected, found: `${toUsd(largest)}` })
  }
  return problems
}

/** Arrivals before `from` count as well: they are drawn and passed over. */
function countProblems({ arrivals, for: duration }: Workload): Problem[] {
  const expected = arrivals.reduce((sum, each) => {
    if (each.kind !== 'poisson' && each.kind !== 'regular') {
      return sum + arrivalsOf(each).expectedCount(0, duration)
    }
    const { from = 0, until = duration, ratePerSecond } = each
    return sum + (ratePerSecond * Math.max(from, Math.min(until, duration))) / 1_000_000
  }, 0)
  if (expected <= maxima.payments) return []
  return [
    {
      at: ['workload', 'arrivals'],
      expected: `at most ${maxima.payments} payments`,
      found: `rates for about ${Math.round(expected)}`,
    },
  ]
}

function moneyProblems({ accounts: { count, openingUsd } }: Workload): Problem[] {
  if (Number.isSafeInteger(count * usd(openingUsd))) return []
  return [
    {
      at: ['workload', 'accounts', 'openingUsd'],
      expected: 'balances of at most 9 billion dollars in all, so that they are counted exactly',
      found: `${count} accounts of $${openingUsd}`,
    },
  ]
}
