import { availableParallelism } from 'node:os'
import {
  InterruptedError,
  inProcess,
  makeFolder,
  runScenario,
  type SaveError,
  type ScenarioOutcome,
  threads,
} from '@counterpoise/lab'
import { loadScenario, type Scenario, variantsOf } from '@counterpoise/scenario'
import { isLeft } from 'fp-ts/lib/Either.js'
import { commandText } from '../commandText.ts'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { watchInterruption } from '../interruption.ts'
import { createProgress } from '../progress.ts'
import { wrap } from '../wrap.ts'
import { reportInvalid } from './inspect.ts'
import { profileText } from '../profileText.ts'
import { jsonText, limitText, plainText, saveOutcome, violationText } from './publish.ts'

export type RunFlags = {
  seed?: string
  replications?: number
  until?: string
  out?: string
  json?: boolean
  set: string[]
  threads?: number
  profile?: boolean
}

const columnsWithoutTerminal = 100

/** `counterpoise run <scenario>` */
export async function runCommand(nameOrFile: string, flags: RunFlags): Promise<ExitCode> {
  if (flags.out?.trim() === '') {
    process.stderr.write('counterpoise run: --out: expected the name of a folder, found nothing\n')
    return exitCodes.usage
  }
  const loaded = await loadScenario(nameOrFile, { set: assignmentsOf(flags) })()
  if (isLeft(loaded)) return reportInvalid(nameOrFile, loaded.left)
  // A folder that cannot be made should be known before the run, not after it.
  const folder = flags.out === undefined ? undefined : await makeFolder(flags.out)()
  if (folder !== undefined && isLeft(folder)) {
    reportUnsaved(folder.left)
    process.stderr.write('Give --out a folder that can be made, or one that may be written.\n')
    return exitCodes.unwritten
  }

  const { signal, forget } = watchInterruption()
  try {
    const outcome = await runWithProgress(loaded.right, flags, signal)
    const published = await publish(outcome, flags, commandText(nameOrFile, flags))
    if (!signal.aborted) return published ?? verdictOf(outcome)
    process.stderr.write('counterpoise: interrupted; the result is of what was done until then\n')
    return exitCodes.interrupted
  } catch (cause) {
    if (!(cause instanceof InterruptedError)) throw cause
    process.stderr.write(`counterpoise: ${cause.message}\n`)
    return exitCodes.interrupted
  } finally {
    forget()
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
  { replications = 1, threads: wanted, profile }: RunFlags,
  signal: AbortSignal,
): Promise<ScenarioOutcome> {
  const worlds = variantsOf(scenario.data).length * replications
  const atOnce = Math.min(worlds, wanted ?? availableParallelism())
  const progress = createProgress(process.stderr)
  try {
    return await runScenario(scenario, {
      replications,
      // A thread takes a third of a second to begin.
      executor: atOnce === 1 ? inProcess() : threads(atOnce),
      onProgress: progress.show,
      ...{ signal, profile },
    })
  } finally {
    progress.end()
  }
}

/** Writes the files, if they are wanted, and prints the result even where that fails. */
async function publish(
  outcome: ScenarioOutcome,
  { json = false, out }: RunFlags,
  command: string,
): Promise<ExitCode | undefined> {
  const saved = out === undefined ? undefined : await saveOutcome(outcome, out, command)
  const { stdout, stderr } = process
  if (json) stdout.write(jsonText(outcome))
  else {
    // Some terminals say 0.
    const columns = stdout.columns || columnsWithoutTerminal
    stdout.write(plainText(outcome, columns))
    if (saved !== undefined && !isLeft(saved)) {
      stdout.write(`${wrap(`Written: ${saved.right.join(', ')}`, columns).join('\n')}\n`)
    }
  }
  stderr.write(violationText(outcome))
  stderr.write(limitText(outcome))
  if (outcome.profile !== undefined) stderr.write(profileText(outcome.profile))
  if (saved === undefined || !isLeft(saved)) return undefined
  reportUnsaved(saved.left)
  return exitCodes.unwritten
}

function reportUnsaved({ file, reason }: SaveError): void {
  process.stderr.write(`counterpoise: cannot write ${file}: ${reason}\n`)
}

function verdictOf({ result }: ScenarioOutcome): ExitCode {
  const { conservation, agreement, liveness } = result.checks
  if (conservation === 'violated' || agreement === 'violated') return exitCodes.safetyViolated
  if (liveness === 'violated') return exitCodes.livenessViolated
  return result.partial ? exitCodes.limit : exitCodes.ok
}
