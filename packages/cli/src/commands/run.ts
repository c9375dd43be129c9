import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import {
  InterruptedError,
  makeFolder,
  outcomeFiles,
  reportInputOf,
  runScenario,
  type SaveError,
  saveText,
  type ScenarioOutcome,
  threads,
} from '@counterpoise/lab'
import { answer, renderReport } from '@counterpoise/plot'
import { loadScenario, type Scenario, variantsOf } from '@counterpoise/scenario'
import { isLeft } from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { createProgress } from '../progress.ts'
import { terminalTable } from '../terminalTable.ts'
import { reportInvalid } from './inspect.ts'

export type RunFlags = {
  seed?: string
  replications?: number
  until?: string
  out?: string
  json?: boolean
  set: string[]
  threads?: number
}

/** `counterpoise run <scenario>` */
export async function runCommand(nameOrFile: string, flags: RunFlags): Promise<ExitCode> {
  const loaded = await loadScenario(nameOrFile, { set: assignmentsOf(flags) })()
  if (isLeft(loaded)) return reportInvalid(nameOrFile, loaded.left)
  const scenario = loaded.right

  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    const outcome = await runWithProgress(scenario, flags, interrupted.signal)
    if (outcome === undefined) return exitCodes.interrupted
    const failure = await publish(outcome, flags)
    if (failure !== undefined) {
      process.stderr.write(`counterpoise: cannot write ${failure.file}: ${failure.reason}\n`)
      return exitCodes.usage
    }
    for (const violation of outcome.violations) process.stderr.write(`${violation}\n`)
    return interrupted.signal.aborted ? exitCodes.interrupted : verdictOf(outcome)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** The flags that change the scenario, as assignments; the explicit ones come last. */
function assignmentsOf({ seed, until, set }: RunFlags): string[] {
  return [
    ...set,
    ...(seed === undefined ? [] : [`seed=${JSON.stringify(seed)}`]),
    ...(until === undefined ? [] : [`until=${JSON.stringify(until)}`]),
  ]
}

async function runWithProgress(
  scenario: Scenario,
  { replications = 1, threads: wanted }: RunFlags,
  signal: AbortSignal,
): Promise<ScenarioOutcome | undefined> {
  const worlds = variantsOf(scenario.data).length * replications
  const progress = createProgress(process.stderr)
  try {
    return await runScenario(scenario, {
      replications,
      // In threads even for one world, so that this one stays free for signals and the bar.
      executor: threads(Math.min(worlds, wanted ?? availableParallelism())),
      onProgress: progress.show,
      signal,
    })
  } catch (cause) {
    if (cause instanceof InterruptedError) return undefined
    throw cause
  } finally {
    progress.end()
  }
}

/** Prints the result and writes the files, if they are wanted. */
async function publish(
  outcome: ScenarioOutcome,
  { json = false, out }: RunFlags,
): Promise<SaveError | undefined> {
  const input = reportInputOf(outcome)
  const saved: string[] = []
  if (out !== undefined) {
    const folder = await makeFolder(out)()
    if (isLeft(folder)) return folder.left
    const report: [string, string] = [join(out, 'report.html'), await renderReport(input)]
    for (const [file, text] of [...outcomeFiles(outcome, out), report]) {
      const result = await saveText(file, text)()
      if (isLeft(result)) return result.left
      saved.push(result.right)
    }
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(outcome.result, null, 2)}\n`)
    return undefined
  }
  const { result } = outcome
  const lines = [
    '',
    terminalTable(result),
    ...answer(input).map((finding) => `• ${finding.text}`),
    '',
    ...(result.partial ? ['Partial result: the run was ended before its time.'] : []),
    `${result.scenario.name} ${result.scenario.hash}, seed ${result.seed}, digest ${result.digest}`,
    ...(saved.length === 0 ? [] : [`Written: ${saved.join(', ')}`]),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return undefined
}

function verdictOf({ result }: ScenarioOutcome): ExitCode {
  const { conservation, agreement, liveness } = result.checks
  if (conservation === 'violated' || agreement === 'violated') return exitCodes.safetyViolated
  if (liveness === 'violated') return exitCodes.livenessViolated
  return result.partial ? exitCodes.limit : exitCodes.ok
}
