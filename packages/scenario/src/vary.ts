import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Draft, produce } from 'immer'
import type { ScenarioError } from './errors.ts'
import { isSourced } from './sourced.ts'

/**
 * Makes a variant of a scenario; the base stays as it is.
 *
 * @example
 * const larger = vary(presets.tempo, (draft) => { draft.rails.tempo.validators = 50 })
 */
export function vary<input>(base: input, recipe: (draft: Draft<input>) => void): input {
  return produce(base, recipe)
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Sets one value of a scenario by its path: `rails.tempo.validators=50`,
 * `faults[0].for=10m`. The value is read as JSON, or else as text. Where the old value named its
 * source, the new one says that it was set by hand.
 */
export function setPath(input: unknown, assignment: string): Either<ScenarioError[], unknown> {
  const equals = assignment.indexOf('=')
  const path = assignment.slice(0, equals).trim()
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
  const problem = (expected: string, found: string): Either<ScenarioError[], never> =>
    left([{ path: equals < 1 ? '' : path, expected, found }])
  if (equals < 1) return problem('path=value', `\`${assignment}\``)
  if (steps.some((step) => step === '' || forbidden.has(step))) {
    return problem('a path like rails.tempo.validators', `\`${path}\``)
  }
  const value = readValue(assignment.slice(equals + 1))
  try {
    return right(produce(input, (draft) => assign(draft, steps, value)))
  } catch (cause) {
    if (cause instanceof PathError) return problem(cause.expected, cause.found)
    throw cause
  }
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

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

type Container = Record<string, unknown> | unknown[]

function assign(root: unknown, steps: readonly string[], value: unknown): void {
  let node = asContainer(root, 'the scenario')
  steps.slice(0, -1).forEach((step, k) => {
    let next = Object.hasOwn(node, step) ? Reflect.get(node, step) : undefined
    if (next === undefined) {
      next = {}
      put(node, step, next)
    }
    // A path goes through a noted value to what it notes.
    if (typeof next === 'object' && next !== null && isSourced(next)) {
      next.source = `${next.source}; changed by hand`
      if (steps[k + 1] !== 'value') next = next.value
    }
    node = asContainer(next, steps.slice(0, k + 1).join('.'))
  })
  const last = steps.at(-1)!
  const old = Object.hasOwn(node, last) ? Reflect.get(node, last) : undefined
  if (typeof old === 'object' && old !== null && isSourced(old)) {
    put(node, last, { value, unit: old.unit, source: 'set by hand' })
  } else put(node, last, value)
}

function asContainer(node: unknown, name: string): Container {
  if (typeof node === 'object' && node !== null) return node as Container
  throw new PathError('a path through objects and lists', `\`${name}\`, which is neither`)
}

function put(node: Container, step: string, value: unknown): void {
  if (!Array.isArray(node)) {
    node[step] = value
    return
  }
  const index = Number(step)
  if (!Number.isInteger(index) || index > node.length) {
    throw new PathError(`an index from 0 to ${node.length}`, `\`${step}\``)
  }
  node[index] = value
}
