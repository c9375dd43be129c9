import { BaseError } from '@counterpoise/engine'

/** One thing wrong with a scenario, for people: where, what was expected, what was found. */
export type ScenarioError = {
  /** Path in the scenario, for instance `rails.tempo.validators[2].weight`; empty for the whole. */
  path: string
  /** Where in the file, from 1, as far as known. */
  line?: number | undefined
  column?: number | undefined
  expected: string
  found: string
  /** What to do, as far as there is a guess. */
  hint?: string | undefined
}

/** Keys that would reach the prototype of an object; no scenario may use them. */
export const forbiddenKeys: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
])

/** So deep may objects and lists lie in each other. */
export const depthMax = 64

/** One line per error: `scenario.json:4:12 rails.tempo.x: expected …, found …`. */
export function formatScenarioError(error: ScenarioError, file = 'scenario'): string {
  const place = error.line === undefined ? '' : `:${error.line}:${error.column ?? 1}`
  const path = error.path === '' ? '' : ` ${error.path}`
  const hint = error.hint === undefined ? '' : ` (${error.hint})`
  return oneLine(`${file}${place}${path}: expected ${error.expected}, found ${error.found}${hint}`)
}

/** A value as it may stand in an error: short, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  const isText = typeof value === 'string' || (typeof value === 'object' && value !== null)
  return shortened(isText ? (safeJson(value) ?? 'an object that is no data') : String(value))
}

/** At most 60 characters on one line, without control characters. */
export function shortened(text: string): string {
  const line = oneLine(text.length > 240 ? text.slice(0, 240) : text)
  return line.length > 60 ? oneLine(`${line.slice(0, 57)}…`) : line
}

/** Line breaks, other control characters and halves of characters, written as escapes. */
function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Surrogate}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** A path of keys and indices as text: `rails.tempo.validators[2].weight`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[\w$-]{1,60}$/.test(String(step))) text += `[${shown(String(step))}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}

/** The known word that is nearest to a misspelt one, unless none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  // Half of a short word may be wrong, a third of a long one; but something must be right.
  let bestDistance = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The hint for a misspelt word. */
export function suggestion(word: unknown, known: readonly string[]): string | undefined {
  const near = typeof word === 'string' ? nearest(word, known) : undefined
  return near === undefined ? undefined : `did you mean \`${near}\`?`
}

const listedMax = 30

/** The first names of a list, and how many more there are. */
export function listed(names: readonly string[]): string {
  const rest = names.length - listedMax
  return names.slice(0, listedMax).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** Levenshtein's distance; the words are cut at 64 characters, which is enough for keys. */
function editDistance(one: string, other: string): number {
  const [left, right] = [one.slice(0, 64), other.slice(0, 64)]
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const swap = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}

/** Thrown where a script hands over a scenario that is none. */
export class ScenarioInvalidError extends BaseError {
  override name = 'ScenarioInvalidError' as const
  errors: readonly ScenarioError[]

  constructor(errors: readonly ScenarioError[]) {
    super('The scenario is not valid.', {
      metaMessages: errors.map((error) => formatScenarioError(error)),
    })
    this.errors = errors
  }
}
