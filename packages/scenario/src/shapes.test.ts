import { expect, test } from 'vitest'
import { builtInModels } from './models.ts'
import { presets } from './presets/index.ts'
import { scenarioSchema } from './schema/scenario.ts'
import { knownKeys, knownValues, valueAt } from './shapes.ts'
import { withoutSources } from './sourced.ts'

const schema = scenarioSchema(builtInModels)
const { plain } = withoutSources(presets.hybrid)
const keys = (...path: PropertyKey[]): string[] => knownKeys(schema, path, plain)

test('known keys at deep paths, by the kinds that the data names', () => {
  expect(keys('router')).toEqual(['deadlineFor', 'name'])
  expect(keys('rails', 'bitcoin', 'consensus')).toEqual(['faultTolerance', 'kind', 'parameters'])
  expect(keys('rails', 'tempo', 'consensus', 'parameters')).toContain('leaderTimeoutMs')
  expect(keys('rails', 'tempo', 'consensus', 'parameters')).not.toContain('slotMs')
  expect(keys('rails', 'ethereum', 'consensus', 'parameters')).toContain('slotMs')
  expect(keys('rails', 'tempo', 'validators', 3)).toContain('weight')
  expect(keys('rails', 'visa', 'acquirers', 0)).toContain('home')
  expect(keys('rails', 'visa')).not.toContain('consensus')
  expect(keys('rails', 'bitcoin', 'access', 'gossipDelayMs')).toEqual(['kind', 'median', 'sigma'])
  expect(keys('workload', 'arrivals', 1)).toEqual(['at', 'kind', 'scale', 'shape'])
  expect(keys('faults', 0, 'where')).toContain('region')
  expect(keys('rails', 'nowhere', 'x')).toEqual([])
})

test('known values of kinds and choices', () => {
  expect(knownValues(schema, ['offer'], plain)).toEqual(['each', 'routed', 'each and routed'])
  expect(knownValues(schema, ['rails', 'visa', 'kind'], { rails: { visa: {} } })).toEqual([
    ...['chain', 'card'],
  ])
  expect(knownValues(schema, ['name'], plain)).toEqual([])
})

test('values at paths, and never those of a prototype', () => {
  expect(valueAt(plain, ['faults', 0, 'where', 'region'])).toBe('us-east-1')
  expect(valueAt(plain, ['faults', 'length'])).toBe(1)
  expect(valueAt(plain, ['constructor', 'name'])).toBeUndefined()
  expect(valueAt('text', ['length'])).toBeUndefined()
})
