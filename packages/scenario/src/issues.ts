import type { z } from 'zod'
import { nearest, pathText, shown, shortened, suggestion } from './errors.ts'
import { knownKeys, knownValues, valueAt } from './shapes.ts'
import type { Problem } from './sourced.ts'

type Issue = z.core.$ZodIssue

/** As many unknown keys of one object are told; the rest would say nothing new. */
const keysMax = 20

/** Says in our words what zod found: what was expected where, and what stands there. */
export function toProblems(issue: Issue, data: unknown, schema: z.ZodType): Problem[] {
  const { path: at } = issue
  const value = valueAt(data, at)
  const one = (expected: string, hint?: string): Problem[] => [
    { at, expected, found: shown(value), hint },
  ]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, keysMax).map((key) => unknownKey(at, key, data, schema))
    case 'invalid_type':
      return one(isOurs(issue.message) ? issue.message : typeName(issue.expected))
    case 'too_small':
      return one(bound(issue.origin, issue.minimum, issue.inclusive ?? true, 'least'))
    case 'too_big':
      return one(bound(issue.origin, issue.maximum, issue.inclusive ?? true, 'most'))
    case 'invalid_value':
      return one(oneOf(issue.values.map(String)), suggestion(value, issue.values.map(String)))
    case 'invalid_union':
      return unionProblems(issue, data, schema)
    case 'invalid_key': {
      const found = `the key \`${shortened(String(at.at(-1)))}\``
      return [{ at, expected: issue.issues[0]?.message ?? 'another key', found, isKey: true }]
    }
    default:
      return one(issue.message)
  }
}

/** The alternative that got furthest is the one that was meant. */
function unionProblems(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  data: unknown,
  schema: z.ZodType,
): Problem[] {
  const { path } = issue
  if ('discriminator' in issue && issue.discriminator !== undefined) {
    const at = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator]
    const known = knownValues(schema, at, data)
    const value = valueAt(data, at)
    const expected = known.length > 0 ? oneOf(known) : 'a known kind'
    return [{ at, expected, found: shown(value), hint: suggestion(value, known) }]
  }
  const depth = (issues: readonly Issue[]): number =>
    issues.reduce((deepest, each) => Math.max(deepest, each.path.length), 0)
  const isAtHand = ({ path: inner, code }: Issue): boolean =>
    inner.length === 0 && code === 'invalid_type'
  // Of the right type and refused for another reason: a better guess than the wrong type.
  const fitting = issue.errors.filter((issues) => !issues.some(isAtHand))
  const meant = [...fitting].sort((a, b) => depth(b) - depth(a))[0]
  const here = (issues: readonly Issue[]): Problem[] =>
    issues.flatMap((each) =>
      toProblems({ ...each, path: [...path, ...each.path] } as Issue, data, schema),
    )
  if (meant !== undefined) return here(meant)
  const expected = [...new Set(issue.errors.flatMap((issues) => here(issues.slice(0, 1))))]
    .map((problem) => problem.expected)
    .join(' or ')
  return [{ at: path, expected, found: shown(valueAt(data, path)) }]
}

function unknownKey(
  path: readonly PropertyKey[],
  key: string,
  data: unknown,
  schema: z.ZodType,
): Problem {
  const known = knownKeys(schema, path, data)
  const near = nearest(key, known)
  return {
    at: [...path, key],
    expected: known.length > 0 ? `one of the keys ${known.join(', ')}` : 'no such key',
    found: `the unknown key \`${shortened(key)}\``,
    hint: suggestion(key, known),
    isKey: true,
    meant: near === undefined ? undefined : [...path, near],
  }
}

/** Problems without those of keys that are missing only because they are misspelt. */
export function withoutEchoes(problems: readonly Problem[]): Problem[] {
  const meant = new Set(problems.flatMap((each) => (each.meant ? [pathText(each.meant)] : [])))
  const isEcho = ({ at, found }: Problem): boolean =>
    found === shown(undefined) && meant.has(pathText(at))
  return problems.filter((problem) => !isEcho(problem))
}

/** Problems as one would tell them: those of a malformed note in place of what follows from it. */
export function withNotes(problems: readonly Problem[], malformed: readonly Problem[]): Problem[] {
  const told = new Set<Problem>()
  const text = (at: readonly PropertyKey[]): string => `${pathText(at)}.`.replaceAll('[', '.[')
  return problems.flatMap((problem) => {
    const note = malformed.find(({ at }) => text(problem.at).startsWith(text(at.slice(0, -1))))
    if (note === undefined) return [problem]
    if (told.has(note)) return []
    told.add(note)
    return [note]
  })
}

/** True for a message of our own schema, not one of zod's. */
const isOurs = (message: string): boolean => !message.startsWith('Invalid ')

const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? `\`${values[0]}\`` : `one of ${values.join(', ')}`

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  nonoptional: 'a value',
  array: 'a list',
  record: 'an object',
  string: 'a text',
  boolean: 'true or false',
}

const typeName = (expected: string): string =>
  typeNames[expected] ?? (/^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`)

type Side = 'least' | 'most'

function bound(origin: string, limit: number | bigint, inclusive: boolean, side: Side): string {
  const isText = origin === 'string'
  const isList = origin === 'array'
  const what = isText ? 'a text' : isList ? 'a list' : 'a number'
  const many = Number(limit) === 1 ? '' : 's'
  const unit = isText ? ` character${many}` : isList ? (many ? ' entries' : ' entry') : ''
  if (inclusive) return `${what} of at ${side} ${limit}${unit}`
  return `${what} ${side === 'least' ? 'above' : 'below'} ${limit}${unit}`
}
