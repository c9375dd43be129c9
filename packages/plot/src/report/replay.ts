import type { ReportInput } from '@counterpoise/lab'
import { isReplicated } from '../view.ts'

/** The command that runs the scenario again which was saved beside the report. */
export const replayCommand = (result: ReportInput['result']): string =>
  [
    'npx counterpoise run scenario.json',
    ...(isReplicated(result) ? [`--replications ${result.replications_wanted}`] : []),
  ].join(' ')
