import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ConsensusModel } from '@counterpoise/consensus'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { pathText, type ScenarioError, shortened, suggestion } from './errors.ts'
import { presets } from './presets/index.ts'
import { type RawScenario, readText } from './readText.ts'
import { isSourced } from './sourced.ts'
import { type Scenario, validateScenario } from './validate.ts'
import { pathSteps, setPath } from './vary.ts'

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
    const { set = [], models } = options
    const raw: Either<ScenarioError[], RawScenario> = Object.hasOwn(presets, nameOrFile)
      ? right({ data: Reflect.get(presets, nameOrFile), locate: () => undefined })
      : await readScenarioFile(nameOrFile)
    if (isLeft(raw)) return raw
    const changed = withChanges(raw.right.data, set)
    if (isLeft(changed)) return changed
    const locate = locateUnchanged(raw.right.locate, set)
    const complete = await withTrace(changed.right, dirname(resolve(nameOrFile)))
    if (!isLeft(complete)) return validateScenario(complete.right, { models, locate })
    const lost = { ...complete.left, ...locate(['workload', 'trace', 'file']) }
    // What else is wrong is told as well, but not that the trace is no text yet.
    const others = validateScenario(changed.right, { models, locate })
    return left([
      lost,
      ...(isLeft(others) ? others.left.filter(({ path }) => path !== lost.path) : []),
    ])
  }
}

function withChanges(input: unknown, set: readonly string[]): Either<ScenarioError[], unknown> {
  // Nothing can be set in what is no object; the validation says what is wrong with it.
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return right(input)
  const errors: ScenarioError[] = []
  let data: unknown = input
  for (const assignment of set) {
    const changed = setPath(data, assignment)
    if (isLeft(changed)) errors.push(...changed.left)
    else data = changed.right
  }
  return errors.length > 0 ? left(errors) : right(data)
}

/** What was set by hand stands nowhere in the file. */
function locateUnchanged(
  locate: RawScenario['locate'],
  set: readonly string[],
): RawScenario['locate'] {
  const changed = set.map((assignment) => pathSteps(assignment.split('=', 1)[0]!))
  return (path, what) =>
    changed.some((steps) => steps.every((step, k) => step === String(path[k])))
      ? undefined
      : locate(path, what)
}

async function readScenarioFile(file: string): Promise<Either<ScenarioError[], RawScenario>> {
  const looksLikeFile = /[./\\]/.test(file)
  const names = Object.keys(presets)
  const expected = looksLikeFile ? readable : `a file or one of ${names.join(', ')}`
  const text = await readFileText(file, scenarioBytesMax)
  if (isLeft(text)) {
    const hint = looksLikeFile ? undefined : suggestion(file, names)
    return left([{ path: '', expected, found: text.left, hint }])
  }
  return readText(text.right, /\.json$/i.test(file) ? 'json' : 'yaml')
}

const readable = 'a file that can be read'
const scenarioBytesMax = 32_000_000
const traceBytesMax = 256_000_000

async function readFileText(file: string, bytesMax: number): Promise<Either<string, string>> {
  const name = `\`${shortened(file)}\``
  try {
    const { size } = await stat(file)
    if (size > bytesMax) return left(`${size} bytes in ${name}, more than ${bytesMax}`)
    const bytes = await readFile(file)
    try {
      return right(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    } catch {
      return left(`no UTF-8 text in ${name}`)
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'an error'
    if (code === 'ENOENT') return left(`no file ${name}`)
    if (code === 'EISDIR') return left(`the folder ${name}`)
    return left(`${code} when reading ${name}`)
  }
}

/** Puts the text of a trace in place of its file name, so that a scenario is complete in itself. */
async function withTrace(input: unknown, folder: string): Promise<Either<ScenarioError, unknown>> {
  const workload = objectIn(input, 'workload')
  const noted = objectIn(workload, 'trace')
  const trace = noted !== undefined && isSourced(noted) ? noted.value : noted
  const file: unknown = (trace as { file?: unknown } | null | undefined)?.file
  if (typeof file !== 'string') return right(input)
  const text = await readFileText(resolve(folder, file), traceBytesMax)
  if (isLeft(text)) {
    const path = pathText(['workload', 'trace', 'file'])
    return left({ path, expected: readable, found: text.left })
  }
  const { file: _file, ...others } = trace as { file: string }
  const inlined = { ...others, csv: text.right }
  const complete = noted === trace ? inlined : { ...noted, value: inlined }
  return right({ ...(input as object), workload: { ...workload, trace: complete } })
}

function objectIn(node: unknown, key: string): object | undefined {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
  const value: unknown = Reflect.get(node, key)
  return typeof value === 'object' && value !== null ? value : undefined
}
