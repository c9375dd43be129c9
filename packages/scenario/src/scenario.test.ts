import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { ScenarioInvalidError } from './errors.ts'
import { presets } from './presets/index.ts'
import { broken, type Draft } from './testing.ts'
import { scenarioOf, validateScenario } from './validate.ts'

describe('what comes out', () => {
  const scenario = scenarioOf(presets.tempo)

  test('default: plain data, with defaults filled in and the input kept', () => {
    const { data, input } = scenario
    expect(input).toBe(presets.tempo)
    expect(structuredClone(data)).toStrictEqual(data)
    expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data)
    const { name, seed, offer, router, until, limits } = data
    expect({ name, seed, offer, router, until, limits }).toMatchInlineSnapshot(`
      {
        "limits": {
          "events": 2000000000,
        },
        "name": "tempo",
        "offer": "each",
        "router": {
          "deadlineFor": "inclusion",
          "name": "hybrid",
        },
        "seed": "1",
        "until": undefined,
      }
    `)
  })

  test("behavior: parameters that are left out are the model's defaults", () => {
    const input = broken('tempo', ({ rails }) => {
      // Epochs are the only ones that the preset has otherwise than the model.
      const { epochBlocks } = rails.tempo.consensus.parameters
      rails.tempo.consensus.parameters = { epochBlocks }
    })
    const rail = scenarioOf(input).data.rails['tempo']
    expect(rail).toHaveProperty('consensus.parameters.leaderTimeoutMs', 1_200)
    expect(scenarioOf(input).hash).toBe(scenario.hash)
  })

  test('behavior: a seed may be a number', () => {
    expect(scenarioOf({ ...presets.tempo, seed: 7 }).data.seed).toBe('7')
    expect(scenarioOf({ ...presets.tempo, seed: 'x' }).data.seed).toBe('x')
  })

  test('behavior: scenarioOf throws the typed error with all messages', () => {
    const input = broken('tempo', (draft) => {
      draft.nmae = 1
      draft.drain = 1
    })
    expect(() => scenarioOf(input)).toThrow(ScenarioInvalidError)
    const result = validateScenario(input)
    expect(isLeft(result) && result.left).toHaveLength(2)
  })
})

describe('the hash', () => {
  const { hash } = scenarioOf(presets.hybrid)
  const hashOf = (recipe: (draft: Draft) => void): string =>
    scenarioOf(broken('hybrid', recipe)).hash

  /** The same data, the keys of every object the other way round. */
  const reversed = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(reversed)
    if (typeof node !== 'object' || node === null) return node
    const entries = Object.entries(node).map(([key, value]) => [key, reversed(value)] as const)
    return Object.fromEntries(entries.reverse())
  }

  test('behavior: the same whatever the order of keys, and so is the data', () => {
    const other = scenarioOf(reversed(presets.hybrid))
    expect(other.hash).toBe(hash)
    expect(Object.keys(other.data.rails)).toEqual(['bitcoin', 'ethereum', 'tempo', 'visa'])
  })

  test('behavior: the same whatever no run looks at', () => {
    const same = [
      hashOf((draft) => (draft.seed = 'another')),
      hashOf((draft) => (draft.description = 'another')),
      hashOf((draft) => (draft.$schema = './scenario.schema.json')),
      hashOf((draft) => (draft.rails.tempo.watts.source = 'another')),
      hashOf((draft) => (draft.rails.tempo.watts = draft.rails.tempo.watts.value)),
      hashOf((draft) => (draft.rails.tempo.description = 'another')),
      hashOf((draft) => (draft.faults[0].label = 'another')),
      hashOf((draft) => (draft.limits = { events: 2_000_000_000 })),
    ]
    expect(new Set(same)).toEqual(new Set([hash]))
  })

  test('behavior: another one for every value that matters', () => {
    const others = [
      hashOf((draft) => (draft.name = 'another')),
      hashOf((draft) => (draft.startsAt = '2026-11-17T14:00:01Z')),
      hashOf((draft) => (draft.offer = 'each')),
      hashOf((draft) => (draft.drain = '31h')),
      hashOf((draft) => (draft.faults[0].for = '46m')),
      hashOf((draft) => (draft.faults = [])),
      hashOf((draft) => (draft.workload.arrivals[0].ratePerSecond = 6)),
      hashOf((draft) => (draft.rails.tempo.watts = 1)),
      hashOf((draft) => (draft.rails.tempo.consensus.parameters.skipViews = 33)),
      hashOf((draft) => (draft.rails.tempo.validators.value[9].region = 'us-east-1')),
      hash,
    ]
    expect(new Set(others).size).toBe(others.length)
  })
})
