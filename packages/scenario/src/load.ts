import { dirname, resolve } from 'node:path'
import type { ConsensusModel } from '@counterpoise/consensus'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { listed, pathText, type ScenarioError, shortened, suggestion } from './errors.ts'
import { readable, readFileText, withFiles } from './files.ts'
import { presets } from './presets/index.ts'
import { type RawScenario, readText } from './readText.ts'
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
    const complete = await withFiles(changed.right, dirname(resolve(nameOrFile)))
    const lost = complete.lost.map(({ at, ...error }) => ({ ...error, ...locate(at) }))
    const checked = validateScenario(complete.input, { models, locate })
    if (lost.length === 0) return checked
    // What else is wrong is told as well, but not that a file has not been read.
    const paths = new Set(lost.map(({ path }) => path))
    const others = isLeft(checked) ? checked.left.filter(({ path }) => !paths.has(path)) : []
    return left([...lost, ...others])
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
  errors.push(...strayRails(input, data, set))
  return errors.length > 0 ? left(errors) : right(data)
}

/**
 * Rails that only assignments name and that do not become rails by them: without a `kind` they are
 * misspelt ones. What the schema would miss first in each says nothing of that.
 */
function strayRails(before: object, after: unknown, set: readonly string[]): ScenarioError[] {
  const known = Object.keys(railsOf(before))
  if (known.length === 0) return []
  const named = set.flatMap((assignment) => {
    const [first, name] = pathSteps(assignment.split('=', 1)[0]!)
    return first === 'rails' && name !== undefined ? [name] : []
  })
  const rails = railsOf(after)
  return [...new Set(named)].flatMap((name) => {
    const rail: unknown = Object.hasOwn(rails, name) ? Reflect.get(rails, name) : undefined
    const isRail = typeof rail !== 'object' || rail === null || Object.hasOwn(rail, 'kind')
    if (known.includes(name) || isRail) return []
    const expected = `a rail of the scenario (${listed(known)}) or all of a new one, its kind too`
    const found = `no rail \`${shortened(name)}\``
    return [{ path: pathText(['rails', name]), expected, found, hint: suggestion(name, known) }]
  })
}

const railsOf = (data: unknown): object => {
  const rails: unknown = (data as { rails?: unknown }).rails
  return typeof rails === 'object' && rails !== null ? rails : {}
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

const scenarioBytesMax = 32_000_000
