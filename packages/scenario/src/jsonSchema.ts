import type { ConsensusModel } from '@counterpoise/consensus'
import * as z from 'zod'
import { builtInModels } from './models.ts'
import { scenarioSchema } from './schema/scenario.ts'

/** A JSON Schema, or a part of one. */
export type JsonSchema = { [key: string]: unknown }

/** Below these keys every value may be noted; the others are names and texts. */
const notedKeys = ['rails', 'workload', 'faults', 'startsAt', 'drain', 'until', 'limits']

/**
 * The JSON Schema (draft 2020-12) of a scenario, for editors. Every value below `rails`,
 * `workload`, `faults` and of the run's times may stand as `{ value, unit, source, assumed? }`.
 */
export function scenarioJsonSchema(models: readonly ConsensusModel[] = []): JsonSchema {
  const schema = z.toJSONSchema(scenarioSchema([...builtInModels, ...models]), {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as JsonSchema
  const definitions: Definitions = new Map()
  const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>).map(
    ([key, shape]) => [key, notedKeys.includes(key) ? orNoted(shape, definitions) : shape],
  )
  return {
    ...schema,
    title: 'Counterpoise scenario',
    properties: Object.fromEntries(properties),
    $defs: Object.fromEntries([...definitions.values()].map(({ name, shape }) => [name, shape])),
  }
}

/** Shapes by name; those that are alike have one. */
type Definitions = Map<string, { name: string; shape: JsonSchema }>

/** Lets noted values stand wherever values may, inside a shape. */
function withNoted(shape: unknown, definitions: Definitions): unknown {
  if (Array.isArray(shape)) return shape.map((each) => withNoted(each, definitions))
  if (typeof shape !== 'object' || shape === null) return shape
  const inner = Object.entries(shape).map(([key, value]) => {
    if (key === 'properties') return [key, notedProperties(value as JsonSchema, definitions)]
    if (key === 'items' || key === 'additionalProperties') {
      const isShape = typeof value === 'object' && value !== null
      return [key, isShape ? orNoted(value as JsonSchema, definitions) : value]
    }
    return ['anyOf', 'oneOf', 'allOf'].includes(key)
      ? [key, withNoted(value, definitions)]
      : [key, value]
  })
  return Object.fromEntries(inner)
}

function notedProperties(properties: JsonSchema, definitions: Definitions): JsonSchema {
  const inner = Object.entries(properties).map(([name, shape]) => {
    // What tells alternatives apart is never noted: no editor could choose between them.
    const isName = name === 'kind' || name === 'name' || name === 'what'
    return [name, isName ? shape : orNoted(shape as JsonSchema, definitions)]
  })
  return Object.fromEntries(inner)
}

/** A shape, plain or noted. It is defined once for both, or the schema would double per level. */
function orNoted(shape: JsonSchema, definitions: Definitions): JsonSchema {
  const { description, default: given, ...rest } = shape
  const plain = withNoted(rest, definitions) as JsonSchema
  const text = JSON.stringify(plain)
  const isLarge = text.length > 120
  if (isLarge && !definitions.has(text)) {
    definitions.set(text, { name: `part${definitions.size + 1}`, shape: plain })
  }
  const value = isLarge ? { $ref: `#/$defs/${definitions.get(text)!.name}` } : plain
  return {
    ...(description === undefined ? {} : { description }),
    ...(given === undefined ? {} : { default: given }),
    anyOf: [value, noted(value)],
  }
}

const noted = (value: JsonSchema): JsonSchema => ({
  type: 'object',
  description: 'A value with its unit and source.',
  properties: {
    value,
    unit: { type: 'string' },
    source: { type: 'string' },
    assumed: { type: 'boolean', description: 'True where no measurement stands behind it.' },
  },
  required: ['value', 'unit', 'source'],
  additionalProperties: false,
})
