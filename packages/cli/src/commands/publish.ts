import { join } from 'node:path'
import {
  outcomeFiles,
  reportInputOf,
  type SaveError,
  saveText,
  type ScenarioOutcome,
} from '@counterpoise/lab'
import { answer, describePartial } from '@counterpoise/plot'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { terminalTable } from '../terminalTable.ts'
import { wrap } from '../wrap.ts'

/**
 * Writes the report, the results and the scenario into a folder; returns their names.
 *
 * @param command What repeats the run.
 */
export async function saveOutcome(
  outcome: ScenarioOutcome,
  folder: string,
  command: string,
): Promise<Either<SaveError, string[]>> {
  const { renderReport } = await import('@counterpoise/plot')
  const report = await renderReport(reportInputOf(outcome, { command }))
  const files: [string, string][] = [
    [join(folder, 'report.html'), report],
    ...outcomeFiles(outcome, folder),
  ]
  for (const [file, text] of files) {
    const saved = await saveText(file, text)()
    if (isLeft(saved)) return left(saved.left)
  }
  return right(files.map(([file]) => file))
}

/** The one JSON document of a run. */
export function jsonText({ result }: ScenarioOutcome): string {
  return `${JSON.stringify(result, null, 2)}\n`
}

/** What people read: the table, the findings, and what identifies the run. */
export function plainText(outcome: ScenarioOutcome, columns: number): string {
  const { result } = outcome
  const width = Math.max(40, columns)
  const { scenario, seed, digest } = result
  const missing = describePartial(result)
  const count = outcome.runs.length
  const what = `digest${count === 1 ? '' : ` of ${count} replications`}: ${digest}`
  return [
    '',
    terminalTable(result, width),
    ...answer(reportInputOf(outcome))
      .filter(({ text }) => text !== missing)
      .flatMap(({ topic, text }) => [...wrap(`${topic}: ${text}`, width, '• '), '']),
    // Where a reader who has just ended the run looks first.
    ...(result.partial ? [...wrap(`Partial result: ${missing}`, width), ''] : []),
    ...wrap(`Scenario ${scenario.name} (${scenario.hash}), seed ${seed}, ${what}`, width),
    '',
  ].join('\n')
}

const linesShown = 20

/** What violated a property, a line each, the first of many. */
export function violationText({ violations }: ScenarioOutcome): string {
  return linesText(violations)
}

/** Which worlds the limit on events ended, and what they were doing. */
export function limitText({ limits }: ScenarioOutcome): string {
  return linesText(limits)
}

function linesText(lines: readonly string[]): string {
  const more = lines.length - linesShown
  return [
    ...lines.slice(0, linesShown),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
