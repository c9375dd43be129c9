import { digestOf } from '@counterpoise/engine'
import type { ConsensusModel } from '@counterpoise/consensus'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { z } from 'zod'
import { crossChecks } from './crossChecks.ts'
import { pathText, type ScenarioError, ScenarioInvalidError } from './errors.ts'
import { toProblems, withNotes, withoutEchoes } from './issues.ts'
import { builtInModels } from './models.ts'
import type { RawScenario } from './readText.ts'
import { type ScenarioData, scenarioSchema } from './schema/scenario.ts'
import { withService } from './serviceDefaults.ts'
import { type Problem, type SourceNote, withoutSources } from './sourced.ts'

/** A scenario that can be run: checked, complete, and still plain data. */
export type Scenario = {
  /** As it was given, with its sources: what is shown, varied and sent to a worker. */
  input: unknown
  data: ScenarioData
  sources: readonly SourceNote[]
  /** Sixteen hexadecimal digits over everything that matters to a run, its seed left out. */
  hash: string
}

export type ValidateOptions = {
  /** Consensus models besides the built-in ones. */
  models?: readonly ConsensusModel[] | undefined
  /** Finds a path in the file that the scenario came from. */
  locate?: RawScenario['locate'] | undefined
}

const errorsMax = 50

/**
 * Checks plain data against the schema and everything that a schema cannot say. It never throws:
 * whatever is wrong is an error with its path, what was expected and what was found.
 */
export function validateScenario(
  input: unknown,
  options: ValidateOptions = {},
): Either<ScenarioError[], Scenario> {
  const { models = [], locate } = options
  const refuse = (problems: readonly Problem[]): Either<ScenarioError[], never> =>
    left(problems.slice(0, errorsMax).map((problem) => toError(problem, locate)))

  const { plain, sources, problems, malformed } = withoutSources(input)
  if (problems.length > 0) return refuse(problems)
  const schema = models.length === 0 ? builtInSchema() : schemaOf(models)
  const parsed = schema.safeParse(plain)
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, errorsMax)
    const found = issues.flatMap((issue) => toProblems(issue, plain, schema))
    return refuse(withNotes(withoutEchoes(found), malformed))
  }
  const known = [...builtInModels, ...models]
  const data = withService(ordered(parsed.data), known)
  const unfit = crossChecks(data, known)
  if (unfit.length > 0) return refuse(unfit)
  return right({ input, data, sources, hash: hashOf(data) })
}

/**
 * As `validateScenario`, for scripts that would rather have an exception.
 *
 * @throws ScenarioInvalidError with all messages.
 */
export function scenarioOf(input: unknown, options: ValidateOptions = {}): Scenario {
  const result = validateScenario(input, options)
  if (isLeft(result)) throw new ScenarioInvalidError(result.left)
  return result.right
}

/** A problem with its place in words, and in the file where there is one. */
export function toError(problem: Problem, locate?: RawScenario['locate']): ScenarioError {
  const { at, isKey, isTraceLine, meant: _meant, ...rest } = problem
  const path = isTraceLine
    ? `${pathText(at.slice(0, -2))}, line ${String(at.at(-1))} of the trace`
    : pathText(at)
  return { path, ...locate?.(at, isKey ? 'key' : 'value'), ...rest }
}

const schemaOf = (models: readonly ConsensusModel[]): z.ZodType<ScenarioData> =>
  scenarioSchema([...builtInModels, ...models])

let builtIn: z.ZodType<ScenarioData> | undefined
/** Made when it is first needed, and once: a schema costs more than a check. */
const builtInSchema = (): z.ZodType<ScenarioData> => (builtIn ??= schemaOf([]))

/** Rails by name: their order decides between equal quotes, and must not hang on the writer's. */
function ordered(parsed: ScenarioData & { $schema?: unknown }): ScenarioData {
  const { $schema: _editors, ...data } = parsed
  const rails = Object.entries(data.rails).sort(([one], [other]) => (one < other ? -1 : 1))
  return { ...data, rails: Object.fromEntries(rails) }
}

/** Of the data without what no run looks at. */
function hashOf(data: ScenarioData): string {
  const { seed: _seed, description: _description, ...rest } = data
  const rails = Object.entries(data.rails).map(([name, { description: _line, ...rail }]) => [
    name,
    rail,
  ])
  const faults = data.faults.map(({ label: _label, ...fault }) => fault)
  return digestOf(canonicalJson({ ...rest, rails: Object.fromEntries(rails), faults }))
}

/** JSON with sorted keys, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  )
}
