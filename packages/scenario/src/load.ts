import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ConsensusModel } from '@counterpoise/consensus'
import { parseTrace } from '@counterpoise/workload'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ScenarioError } from './errors.ts'
import { presets } from './presets/index.ts'
import { type RawScenario, readText } from './readText.ts'
import { type Scenario, validateScenario } from './validate.ts'
import { setPath } from './vary.ts'

export type LoadOptions = {
  /** Values to set before the scenario is checked, as `path=value`. */
  set?: readonly string[] | undefined
  /** Consensus models besides the built-in ones. */
  models?: readonly ConsensusModel[] | undefined
}

/** Reads a scenario from a file (`.json`, `.yaml`, `.yml`) or takes a preset by its name. */
export function loadScenario(
  nameOrFile: string,
  options: LoadOptions = {},
): TaskEither<ScenarioError[], Scenario> {
  return async () => {
    const raw = Object.hasOwn(presets, nameOrFile)
      ? right({ data: Reflect.get(presets, nameOrFile), locate: () => undefined })
      : await readScenarioFile(nameOrFile)
    if (isLeft(raw)) return raw
    const { locate } = raw.right
    let input = raw.right.data
    for (const assignment of options.set ?? []) {
      const changed = setPath(input, assignment)
      if (isLeft(changed)) return changed
      input = changed.right
    }
    const complete = await withTrace(input, dirname(resolve(nameOrFile)))
    if (isLeft(complete)) return complete
    return validateScenario(complete.right, { models: options.models, locate })
  }
}

async function readScenarioFile(file: string): Promise<Either<ScenarioError[], RawScenario>> {
  const looksLikeFile = /[./\\]/.test(file)
  const known = Object.keys(presets).join(', ')
  const expected = looksLikeFile ? 'a file that can be read' : `a file or one of ${known}`
  const text = await readFileText(file)
  if (isLeft(text)) return left([{ path: '', expected, found: text.left }])
  return readText(text.right, file.endsWith('.json') ? 'json' : 'yaml')
}

async function readFileText(file: string): Promise<Either<string, string>> {
  try {
    return right(await readFile(file, 'utf8'))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'an error'
    if (code === 'ENOENT') return left(`no file \`${file}\``)
    if (code === 'EISDIR') return left(`the folder \`${file}\``)
    return left(`${code} when reading \`${file}\``)
  }
}

/** Puts the text of a trace in place of its file name, so that a scenario is complete in itself. */
async function withTrace(
  input: unknown,
  folder: string,
): Promise<Either<ScenarioError[], unknown>> {
  const trace = traceOf(input)
  if (trace === undefined) return right(input)
  const path = 'workload.trace'
  const text =
    trace.csv === undefined ? await readFileText(resolve(folder, trace.file)) : right(trace.csv)
  if (isLeft(text)) {
    return left([{ path: `${path}.file`, expected: 'a file that can be read', found: text.left }])
  }
  const parsed = parseTrace(text.right)
  if (!parsed.ok) {
    return left(
      parsed.errors.map(({ line, expected, found }) => ({
        path: `${path}, line ${line} of the trace`,
        expected,
        found,
      })),
    )
  }
  const { workload, ...rest } = input as { workload: object }
  return right({ ...rest, workload: { ...workload, trace: { csv: text.right } } })
}

type TraceInput = { file: string; csv?: undefined } | { csv: string; file?: undefined }

function traceOf(input: unknown): TraceInput | undefined {
  const workload = (input as { workload?: unknown } | null)?.workload
  const trace = (workload as { trace?: unknown } | null | undefined)?.trace
  if (typeof trace !== 'object' || trace === null) return undefined
  if ('file' in trace && typeof trace.file === 'string') return { file: trace.file }
  if ('csv' in trace && typeof trace.csv === 'string') return { csv: trace.csv }
  return undefined
}
