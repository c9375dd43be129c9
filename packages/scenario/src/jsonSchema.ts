import type { ConsensusModel } from '@counterpoise/consensus'
import { z } from 'zod'
import { builtInModels } from './models.ts'
import { scenarioSchema } from './schema/scenario.ts'

type Shape = { [key: string]: unknown }

const noted = {
  type: 'object',
  description: 'A value with its unit and source.',
  properties: {
    value: {},
    unit: { type: 'string' },
    source: { type: 'string' },
    assumed: { type: 'boolean' },
  },
  required: ['value', 'unit', 'source'],
  additionalProperties: false,
}

/**
 * The JSON Schema of a scenario, for editors. Every value below `rails`, `workload` and `faults`
 * may stand as `{ value, unit, source, assumed? }`.
 */
export function scenarioJsonSchema(models: readonly ConsensusModel[] = []): Shape {
  const schema = z.toJSONSchema(scenarioSchema([...builtInModels, ...models]), {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as Shape
  const properties = schema['properties'] as Record<string, Shape>
  for (const key of ['rails', 'workload', 'faults', 'drain']) {
    properties[key] = withNoted(properties[key]!) as Shape
  }
  return { ...schema, title: 'Counterpoise scenario', $defs: { noted } }
}

/** Lets a noted value stand wherever a value may. */
function withNoted(shape: unknown): unknown {
  if (Array.isArray(shape)) return shape.map(withNoted)
  if (typeof shape !== 'object' || shape === null) return shape
  const inner = Object.fromEntries(
    Object.entries(shape).map(([key, value]) => {
      if (key === 'properties') {
        const properties = Object.entries(value as Shape)
        return [key, Object.fromEntries(properties.map(([name, each]) => [name, orNoted(name, each)]))]
      }
      return ['anyOf', 'oneOf', 'allOf', 'items', 'additionalProperties'].includes(key)
        ? [key, withNoted(value)]
        : [key, value]
    }),
  )
  return inner
}

function orNoted(name: string, shape: unknown): unknown {
  // What tells alternatives apart is never noted: no editor could choose between them.
  if (name === 'kind' || name === 'name' || name === 'what') return withNoted(shape)
  return { anyOf: [withNoted(shape), { $ref: '#/$defs/noted' }] }
}
