import { depthMax, forbiddenKeys, nearest, pathText, shown, suggestion } from './errors.ts'

/** Where a number of a scenario comes from. */
export type SourceNote = {
  path: string
  value: number | string
  unit: string
  source: string
  /** True where no measurement or document stands behind it. */
  assumed: boolean
}

/** A problem with its place. */
export type Problem = {
  at: readonly PropertyKey[]
  expected: string
  found: string
  hint?: string | undefined
  /** True where the key is the problem and not its value. */
  isKey?: boolean | undefined
  /** True where the last step of the place is a line of the trace. */
  isTraceLine?: boolean | undefined
  /** Where an unknown key would belong, if it is the misspelt name of another one. */
  meant?: readonly PropertyKey[] | undefined
}

/** Data without its notes. */
export type Unsourced = {
  plain: unknown
  sources: SourceNote[]
  /** What no scenario may hold, whatever its schema. */
  problems: Problem[]
  /** What looks like a noted value and is none: helps to explain why the schema refuses it. */
  malformed: Problem[]
}

/** Data of more nodes is no scenario; shared references can make much out of little. */
const nodesMax = 2_000_000

/** Takes the values out of `{ value, unit, source, assumed? }` and notes where they came from. */
export function withoutSources(data: unknown): Unsourced {
  const found: Unsourced = { plain: undefined, sources: [], problems: [], malformed: [] }
  let nodes = 0
  // Values that note values are levels as well, so the depth is not the length of the path.
  const strip = (node: unknown, path: readonly PropertyKey[], depth: number): unknown => {
    const complain = (expected: string, what: string): null => {
      found.problems.push({ at: path, expected, found: what })
      return null
    }
    if (typeof node === 'string' && /\p{Surrogate}/u.test(node)) {
      return complain('whole characters', 'half of a character (a lone surrogate)')
    }
    // There is no −0 in JSON's round trips.
    if (node === 0) return 0
    if (typeof node !== 'object' || node === null) return node
    if (depth >= depthMax) return complain(`at most ${depthMax} levels`, 'a deeper one')
    if (++nodes === nodesMax) return complain(`at most ${nodesMax} objects and lists`, 'more')
    if (nodes > nodesMax) return null
    if (Array.isArray(node)) {
      return Array.from(node, (item, k) => strip(item, [...path, k], depth + 1))
    }
    if (isSourced(node)) {
      const { value, unit, source, assumed = false } = node
      found.sources.push({ path: pathText(path), value: valueText(value), unit, source, assumed })
      return strip(value, path, depth + 1)
    }
    const almost = almostSourced(node, path)
    if (almost !== undefined) found.malformed.push(almost)
    const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
      const at = [...path, key]
      if (forbiddenKeys.has(key)) {
        const what = `the key \`${key}\`, which is not allowed`
        found.problems.push({ at, expected: 'another key', found: what, isKey: true })
      } else if (value !== undefined) return [[key, strip(value, at, depth + 1)]]
      return []
    })
    return Object.fromEntries(entries)
  }
  return { ...found, plain: strip(data, [], 0) }
}

/** A value in a few words: a list by its length, an object by its fields. */
function valueText(value: unknown): number | string {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 1 ? '1 entry' : `${value.length} entries`
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, field]) => (key === 'kind' ? fieldText(field) : `${key} ${fieldText(field)}`))
    .join(', ')
}

const fieldText = (field: unknown): string =>
  typeof field === 'object' && field !== null ? '…' : String(field)

/** What `{ value, unit, source, assumed? }` is made of. */
export const noteKeys = ['value', 'unit', 'source', 'assumed'] as const

/** A value with its unit and source. */
export type SourcedNode = { value: unknown; unit: string; source: string; assumed?: boolean }

/** True for an object of just these keys; anything else is left to the schema to judge. */
export function isSourced(node: object): node is SourcedNode {
  return noteProblem(node) === undefined && Object.hasOwn(node, 'value')
}

/** What keeps an object from being a noted value, as keys and types go. */
function noteProblem(node: object): Omit<Problem, 'at'> & { key: string } | undefined {
  for (const key of Object.keys(node)) {
    if ((noteKeys as readonly string[]).includes(key)) continue
    return {
      key,
      expected: `a noted value of ${noteKeys.join(', ')}`,
      found: `the unknown key \`${key}\``,
      hint: suggestion(key, noteKeys),
      isKey: true,
    }
  }
  const types = { unit: 'string', source: 'string' } as const
  for (const [key, type] of Object.entries(types)) {
    const value: unknown = Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined
    if (typeof value === type) continue
    const hint = `a noted value is { ${noteKeys.join(', ')}? }`
    return { key, expected: 'a text', found: shown(value), hint }
  }
  const assumed: unknown = Object.hasOwn(node, 'assumed') ? Reflect.get(node, 'assumed') : true
  if (typeof assumed === 'boolean') return undefined
  return { key: 'assumed', expected: 'true or false', found: shown(assumed) }
}

/** Says what is wrong with an object that was likely meant to note a value. */
function almostSourced(node: object, path: readonly PropertyKey[]): Problem | undefined {
  if (!Object.hasOwn(node, 'value') || Object.hasOwn(node, 'kind')) return undefined
  const others = Object.keys(node).filter((key) => key !== 'value')
  const isMeant =
    others.length === 0 || others.some((key) => nearest(key, ['unit', 'source', 'assumed']))
  const problem = isMeant ? noteProblem(node) : undefined
  if (problem === undefined) return undefined
  const { key, ...rest } = problem
  return { at: [...path, key], ...rest }
}
