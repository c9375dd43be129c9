import { digestOf } from '@counterpoise/engine'
import type { ConsensusModel } from '@counterpoise/consensus'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { crossChecks } from './crossChecks.ts'
import { pathText, type ScenarioError, ScenarioInvalidError } from './errors.ts'
import { toScenarioError } from './issues.ts'
import { builtInModels } from './models.ts'
import type { RawScenario } from './readText.ts'
import { type ScenarioData, scenarioSchema } from './schema/scenario.ts'
import { type SourceNote, withoutSources } from './sourced.ts'

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

/** Checks plain data against the schema and everything that a schema cannot say. */
export function validateScenario(
  input: unknown,
  options: ValidateOptions = {},
): Either<ScenarioError[], Scenario> {
  const models = [...builtInModels, ...(options.models ?? [])]
  const { plain, sources } = withoutSources(input)
  const schema = scenarioSchema(models)
  const parsed = schema.safeParse(plain)
  const located = (error: ScenarioError & { at: readonly PropertyKey[] }): ScenarioError => {
    const { at, ...rest } = error
    return { ...options.locate?.(at), ...rest }
  }
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => toScenarioError(issue, plain, schema))
    return left(errors.slice(0, errorsMax).map(located))
  }
  const data = parsed.data
  const problems = crossChecks(data, models)
  if (problems.length > 0) {
    return left(problems.map((each) => located({ ...each, path: pathText(each.at) })))
  }
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

function hashOf(data: ScenarioData): string {
  const { seed: _seed, description: _description, ...rest } = data
  return digestOf(canonicalJson(rest))
}

/** JSON with sorted keys, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  )
}
