import { z } from 'zod'
import { nearest, pathText, type ScenarioError, shown } from './errors.ts'

type Located = ScenarioError & { at: readonly PropertyKey[] }
type Issue = z.core.$ZodIssue

/** Says in our words what zod found: what was expected where, and what stands there. */
export function toScenarioError(issue: Issue, data: unknown, schema: z.ZodType): Located[] {
  const { path } = issue
  const found = shown(valueAt(data, path))
  const one = (expected: string, hint?: string): Located[] => [
    { at: path, path: pathText(path), expected, found, hint },
  ]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, data, schema))
    case 'invalid_type':
      return one(typeName(issue.expected))
    case 'too_small':
      return one(bound(issue.origin, issue.minimum, issue.inclusive ?? true, 'least'))
    case 'too_big':
      return one(bound(issue.origin, issue.maximum, issue.inclusive ?? true, 'most'))
    case 'invalid_value':
      return one(oneOf(issue.values.map(String)), suggestion(found, issue.values.map(String)))
    case 'invalid_union':
      return unionIssue(issue, data, schema)
    case 'invalid_key':
      return one(issue.issues[0]?.message ?? 'another key')
    case 'custom':
      return one(issue.message)
    default:
      return one(issue.message)
  }
}

/** The alternative that got furthest is the one that was meant. */
function unionIssue(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  data: unknown,
  schema: z.ZodType,
): Located[] {
  const { path } = issue
  if ('discriminator' in issue && issue.discriminator !== undefined) {
    const at = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator]
    const known = knownValues(schema, at, data)
    const found = shown(valueAt(data, at))
    const expected = known.length > 0 ? oneOf(known) : 'a known kind'
    return [{ at, path: pathText(at), expected, found, hint: suggestion(found, known) }]
  }
  const depth = (issues: readonly Issue[]): number =>
    Math.max(...issues.map((each) => each.path.length), 0)
  const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
  if (meant.length === 0 || depth(meant) === 0) {
    const expected = issue.errors.map((each) => expectedText(each[0])).join(' or ')
    const found = shown(valueAt(data, path))
    return [{ at: path, path: pathText(path), expected, found }]
  }
  return meant.flatMap((each) =>
    toScenarioError({ ...each, path: [...path, ...each.path] } as Issue, data, schema),
  )
}

function expectedText(issue: Issue | undefined): string {
  if (issue === undefined) return 'something else'
  return issue.code === 'invalid_type' ? typeName(issue.expected) : issue.message
}

function unknownKey(
  path: readonly PropertyKey[],
  key: string,
  data: unknown,
  schema: z.ZodType,
): Located {
  const known = knownKeys(schema, path, data)
  const near = nearest(key, known)
  return {
    at: [...path, key],
    path: pathText([...path, key]),
    expected: known.length > 0 ? `one of the keys ${known.join(', ')}` : 'no such key',
    found: `the unknown key \`${key}\``,
    hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
  }
}

function suggestion(found: string, known: readonly string[]): string | undefined {
  const near = nearest(found.replaceAll('"', ''), known)
  return near === undefined ? undefined : `did you mean \`${near}\`?`
}

const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? `\`${values[0]}\`` : `one of ${values.join(', ')}`

function typeName(expected: string): string {
  if (expected === 'int') return 'a whole number'
  if (expected === 'nonoptional') return 'a value'
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

function bound(origin: string, limit: number | bigint, inclusive: boolean, side: 'least' | 'most'): string {
  const what = origin === 'string' ? 'text' : origin === 'array' ? 'a list' : 'a number'
  const unit = origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''
  if (inclusive) return `${what} of at ${side} ${limit}${unit}`
  return `${what} ${side === 'least' ? 'above' : 'below'} ${limit}${unit}`
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let node = data
  for (const step of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return undefined
    node = (node as Record<PropertyKey, unknown>)[step]
  }
  return node
}

/** The part of a JSON Schema that says what keys an object may have. */
type Shape = {
  properties?: Record<string, Shape>
  additionalProperties?: Shape | boolean
  items?: Shape
  anyOf?: Shape[]
  oneOf?: Shape[]
  allOf?: Shape[]
  const?: unknown
  enum?: unknown[]
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): string[] {
  const shapes = shapesAt(schema, path, data)
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))].sort()
}

function knownValues(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): string[] {
  return shapesAt(schema, path, data).flatMap((shape) =>
    (shape.enum ?? (shape.const === undefined ? [] : [shape.const])).map(String),
  )
}

/** All alternatives of the schema for a path, chosen by `kind` where the data says one. */
function shapesAt(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): Shape[] {
  let shapes = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Shape]
  let node = data
  for (const step of path) {
    shapes = shapes.flatMap((shape) => narrowed(alternatives(shape), node)).flatMap((shape) => {
      if (typeof step === 'number') return shape.items === undefined ? [] : [shape.items]
      const property = shape.properties?.[String(step)]
      if (property !== undefined) return [property]
      return typeof shape.additionalProperties === 'object' ? [shape.additionalProperties] : []
    })
    node = valueAt(node, [step])
  }
  return shapes.flatMap((shape) => narrowed(alternatives(shape), node))
}

function alternatives(shape: Shape): Shape[] {
  const inner = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])]
  return inner.length === 0 ? [shape] : inner.flatMap(alternatives)
}

function narrowed(shapes: Shape[], node: unknown): Shape[] {
  const kind = valueAt(node, ['kind'])
  const fitting = shapes.filter((shape) => {
    const known = shape.properties?.['kind']
    return known?.const === kind || known?.enum?.includes(kind)
  })
  return kind === undefined || fitting.length === 0 ? shapes : fitting
}
