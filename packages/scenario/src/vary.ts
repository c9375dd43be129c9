import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Draft, produce } from 'immer'
import { forbiddenKeys, pathText, type ScenarioError, shortened } from './errors.ts'
import { readJson } from './readJson.ts'
import { isSourced, noteKeys, type SourcedNode } from './sourced.ts'

/**
 * Makes a variant of a scenario; the base stays as it is.
 *
 * @example
 * const larger = vary(presets.tempo, (draft) => { draft.rails.tempo.validators = 50 })
 */
export function vary<input>(base: input, recipe: (draft: Draft<input>) => void): input {
  // Immer would take what a recipe returns for the whole variant.
  return produce(base, (draft) => void recipe(draft))
}

/**
 * Sets one value of a scenario by its path: `rails.tempo.validators=50`,
 * `faults[0].for=10m`. The value is read as JSON, or else as text. Where the old value named its
 * source, the new one says that it was set by hand. A path goes through noted values to what they
 * note, and reaches the note itself as `….source` or `….unit`.
 */
export function setPath(input: unknown, assignment: string): Either<ScenarioError[], unknown> {
  const equals = assignment.indexOf('=')
  const path = shortened(assignment.slice(0, Math.max(equals, 0)).trim())
  const problem = (expected: string, found: string): Either<ScenarioError[], never> =>
    left([{ path, expected, found }])
  if (equals < 1) return problem('path=value', `\`${shortened(assignment)}\``)
  const steps = pathSteps(assignment.slice(0, equals))
  if (steps.some((step) => step === '' || /[[\]]/.test(step) || forbiddenKeys.has(step))) {
    return problem('a path like rails.tempo.validators[0].weight', `\`${path}\``)
  }
  const value = readValue(assignment.slice(equals + 1).trim())
  if ('expected' in value) return problem(value.expected, value.found)
  try {
    return right(produce(input, (draft) => assign(draft, steps, value.data)))
  } catch (cause) {
    if (cause instanceof PathError) return problem(cause.expected, cause.found)
    throw cause
  }
}

/** The steps of a path as it is written: `validators[0].weight` has three. */
export function pathSteps(path: string): string[] {
  return path
    .trim()
    .replaceAll(/\[(\d+)\](?=[.[]|$)/g, '.$1')
    .split('.')
}

class PathError extends Error {
  expected: string
  found: string

  constructor(expected: string, found: string) {
    super(expected)
    this.expected = expected
    this.found = found
  }
}

/** JSON, or text where it is no JSON; JSON that cannot be held exactly is an error. */
function readValue(text: string): { data: unknown } | { expected: string; found: string } {
  const read = readJson(text)
  if ('broken' in read) return { data: text }
  return read.problems[0] ?? { data: read.data }
}

type Container = Record<string, unknown> | unknown[]

function assign(root: unknown, steps: readonly string[], value: unknown): void {
  let node = asContainer(root, [])
  steps.slice(0, -1).forEach((step, k) => {
    let next = own(node, step)
    if (next === undefined) {
      next = {}
      put(node, step, next)
    }
    node = asContainer(through(next, steps[k + 1]!), steps.slice(0, k + 1))
  })
  const last = steps.at(-1)!
  const old = own(node, last)
  const isNote = typeof value === 'object' && value !== null && isSourced(value)
  if (!isNote && typeof old === 'object' && old !== null && isSourced(old)) {
    put(node, last, { value, unit: old.unit, source: byHand, assumed: true })
  } else put(node, last, value)
}

const byHand = 'set by hand'
const changedByHand = '; changed by hand'

/** A path goes through a noted value to what it notes, unless it is after the note itself. */
function through(node: unknown, step: string): unknown {
  if (typeof node !== 'object' || node === null || !isSourced(node)) return node
  const { value } = node
  const isInside = typeof value === 'object' && value !== null && Object.hasOwn(value, step)
  if (!isInside && (noteKeys as readonly string[]).includes(step)) {
    if (step === 'value') noteChange(node)
    return node
  }
  noteChange(node)
  return value
}

function noteChange(node: SourcedNode): void {
  const { source } = node
  if (source !== byHand && !source.endsWith(changedByHand)) node.source = source + changedByHand
  // Whatever stood behind the old value does not stand behind the new one.
  node.assumed = true
}

const own = (node: Container, step: string): unknown =>
  Object.hasOwn(node, step) ? Reflect.get(node, step) : undefined

function asContainer(node: unknown, path: readonly string[]): Container {
  if (typeof node === 'object' && node !== null) return node as Container
  const name = path.length === 0 ? 'the scenario' : pathText(path)
  throw new PathError('a path through objects and lists', `\`${name}\`, which is neither`)
}

function put(node: Container, step: string, value: unknown): void {
  if (!Array.isArray(node)) {
    node[step] = value
    return
  }
  if (!/^\d{1,9}$/.test(step) || Number(step) > node.length) {
    throw new PathError(`an index from 0 to ${node.length}`, `\`${shortened(step)}\``)
  }
  node[Number(step)] = value
}
