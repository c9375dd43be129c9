import type { ReportInput } from '@counterpoise/lab'
import { isReplicated } from '../view.ts'

/** The command that runs the same again. */
export const replayCommand = (result: ReportInput['result']): string =>
  [
    `npx counterpoise run ${quote(result.scenario.name)} --seed ${quote(result.seed)}`,
    ...(isReplicated(result) ? [`--replications ${result.replications}`] : []),
  ].join(' ')

/** A word of a command line: in quotes where a shell would read something else. */
const quote = (word: string): string =>
  /^[\w./:@%+=][\w./:@%+=-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
