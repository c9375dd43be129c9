import { Ajv2020 } from 'ajv/dist/2020.js'
import { defineConsensus } from '@counterpoise/consensus'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { scenarioJsonSchema } from './jsonSchema.ts'
import { presets } from './presets/index.ts'
import { broken, type Draft, messages } from './testing.ts'

const schema = scenarioJsonSchema()
const ajv = new Ajv2020({ strict: true, allErrors: true })
const validate = ajv.compile(schema)
const tempo = (recipe: (draft: Draft) => void): unknown => broken('tempo', recipe)

test('default: it is a schema of draft 2020-12, and small enough for an editor', () => {
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(ajv.validateSchema(schema)).toBe(true)
  expect(JSON.stringify(schema).length).toBeLessThan(400_000)
})

test.each(Object.entries(presets))('default: the preset %s is valid', (_name, input) => {
  validate(input)
  expect(validate.errors).toBeNull()
})

describe('an editor is told what the checks would tell', () => {
  test.each<[string, (draft: Draft) => void]>([
    ['a key at the top', (draft) => (draft.nmae = 'x')],
    ['a key of a rail', ({ rails }) => (rails.tempo.acess = 1)],
    ['a parameter', ({ rails }) => (rails.tempo.consensus.parameters.leaderTimeout = 1)],
    ['a key in a noted list', ({ rails }) => (rails.tempo.validators.value[0].cluod = 'aws')],
    ['a key of a note', ({ rails }) => (rails.tempo.watts.sorce = 'x')],
    ['a note without a source', ({ rails }) => delete rails.tempo.watts.source],
    ['a type in a note', ({ rails }) => (rails.tempo.watts.value = 'much')],
    ['a kind', ({ rails }) => (rails.tempo.kind = 'chian')],
    ['a choice', (draft) => (draft.offer = 'all')],
    ['a probability', ({ rails }) => (rails.tempo.wallet.headroom = 0.5)],
    ['a duration', (draft) => (draft.drain = '5 parsecs')],
    ['the name of a rail', ({ rails }) => (rails.Tempo = rails.tempo)],
    ['a missing part', (draft) => delete draft.workload],
  ])('behavior: %s', (_what, recipe) => {
    expect(validate(tempo(recipe))).toBe(false)
    expect(messages(tempo(recipe))).not.toBe('')
  })

  test('behavior: a noted value, and the schema of the file itself, may stand', () => {
    const input = tempo((draft) => {
      draft.$schema = './scenario.schema.json'
      draft.drain = { value: '2m', unit: '', source: 'x', assumed: false }
      draft.rails.tempo.network.lossProbability = { value: 0.1, unit: '', source: 'x' }
    })
    expect([validate(input), messages(input)]).toEqual([true, ''])
  })
})

test('behavior: a model of somebody else has its parameters in it', () => {
  const avalanche = defineConsensus({
    name: 'my-lab/avalanche',
    parameters: z.strictObject({ sampleSize: z.int().positive() }),
    finality: 'probabilistic',
    dissemination: 'gossip',
    faultLimit: () => 0,
    createReplica: () => ({ start() {}, receive() {}, expire() {}, recover() {} }),
  })
  const input = tempo(({ rails }) => {
    rails.tempo.consensus = { kind: 'my-lab/avalanche', parameters: { sampleSize: 20 } }
  })
  expect(validate(input)).toBe(false)
  const own = new Ajv2020().compile(scenarioJsonSchema([avalanche]))
  expect(own(input)).toBe(true)
  expect(own(tempo(({ rails }) => (rails.tempo.consensus.kind = 'my-lab/avalanche')))).toBe(false)
})
