import * as z from 'zod'

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

/** The keys that an object at a path may have, in alphabetical order. */
export function knownKeys(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  data: unknown,
): string[] {
  const shapes = shapesAt(schema, path, data)
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))].sort()
}

/** The values that are known for a path: kinds, choices. */
export function knownValues(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  data: unknown,
): string[] {
  return shapesAt(schema, path, data).flatMap((shape) =>
    (shape.enum ?? (shape.const === undefined ? [] : [shape.const])).map(String),
  )
}

/** What stands at a path of plain data; undefined where it leads nowhere. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let node = data
  for (const step of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return undefined
    node = (node as Record<PropertyKey, unknown>)[step]
  }
  return node
}

/** Making the JSON Schema takes milliseconds, and a broken file asks for it at every mistake. */
const shapes = new WeakMap<z.ZodType, Shape>()

function shapeOf(schema: z.ZodType): Shape {
  let shape = shapes.get(schema)
  if (shape === undefined) {
    const options = { io: 'input', unrepresentable: 'any', reused: 'inline' } as const
    shape = z.toJSONSchema(schema, options) as Shape
    shapes.set(schema, shape)
  }
  return shape
}

/** All alternatives of the schema for a path, chosen by `kind` or `what` where data says one. */
function shapesAt(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): Shape[] {
  let found = [shapeOf(schema)]
  let node = data
  for (const step of path) {
    found = found
      .flatMap((shape) => narrowed(alternatives(shape), node))
      .flatMap((shape) => partOf(shape, step))
    node = valueAt(node, [step])
  }
  return found.flatMap((shape) => narrowed(alternatives(shape), node))
}

function partOf(shape: Shape, step: PropertyKey): Shape[] {
  if (typeof step === 'number') return shape.items === undefined ? [] : [shape.items]
  const { properties = {}, additionalProperties } = shape
  const name = String(step)
  if (Object.hasOwn(properties, name)) return [properties[name]!]
  return typeof additionalProperties === 'object' ? [additionalProperties] : []
}

function alternatives(shape: Shape): Shape[] {
  const inner = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])]
  return inner.length === 0 ? [shape] : inner.flatMap(alternatives)
}

function narrowed(found: Shape[], node: unknown): Shape[] {
  return ['kind', 'what'].reduce((shapes, key) => {
    const kind = valueAt(node, [key])
    const fitting = shapes.filter((shape) => {
      const known = shape.properties?.[key]
      return known !== undefined && (known.const === kind || known.enum?.includes(kind))
    })
    return kind === undefined || fitting.length === 0 ? shapes : fitting
  }, found)
}
