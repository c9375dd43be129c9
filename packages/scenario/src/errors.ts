import { BaseError } from '@counterpoise/engine'

/** One thing that is wrong with a scenario, for people: where, what was expected, what was found. */
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

/** One line per error: `scenario.json:4:12 rails.tempo.x: expected …, found …`. */
export function formatScenarioError(error: ScenarioError, file = 'scenario'): string {
  const place = error.line === undefined ? '' : `:${error.line}:${error.column ?? 1}`
  const path = error.path === '' ? '' : ` ${error.path}`
  const hint = error.hint === undefined ? '' : ` (${error.hint})`
  return `${file}${place}${path}: expected ${error.expected}, found ${error.found}${hint}`
}

/** A value as it may stand in an error: short, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'bigint' ? String(value) : (safeJson(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
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
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}

/** The known word that is nearest to a misspelt one, unless none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
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
