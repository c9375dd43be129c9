import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { formatScenarioError, type ScenarioError } from './errors.ts'
import { presets } from './presets/index.ts'
import { readText } from './readText.ts'
import { type Scenario, validateScenario } from './validate.ts'
import { setPath } from './vary.ts'
import { createWorld, variantsOf } from './world.ts'

/** Numbers at which things break, beside the usual ones. */
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1, -1, 1.2, 1e-300, 1e300, 2 ** 53, 2 ** 31, 1e9, 0.5, 5e-324),
)
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', 'kind', 'value', 'us-east-1', '10m', '0s', '9999d'),
)
const json: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), number, word),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(word, tie('node'), { maxKeys: 4, noNullPrototype: false }),
    fc.record({ value: tie('node'), unit: word, source: word }, { requiredKeys: ['value'] }),
  ),
})).node

const preset = fc.constantFrom(...Object.values(presets)).map((input) => structuredClone(input))

type Container = Record<PropertyKey, unknown>
type Spot = { parent: Container; key: string }

/** Every place of a value that something can be put in. */
function spotsOf(node: unknown): Spot[] {
  if (typeof node !== 'object' || node === null) return []
  const parent = node as Container
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...spotsOf(parent[key])])
}

const factor = fc.constantFrom(0, 1e-9, 1e-3, 0.5, 2, 10, 1e3, 1e6, 1e12, 1e18)
const span = fc.constantFrom('0s', '1us', '3ms', '1s', '90m', '7d', '3650d', '10000d', '10001d')

const change = fc.oneof(
  { weight: 12, arbitrary: fc.record({ what: fc.constant('scale'), value: factor }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('span'), value: span }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('number'), value: number }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('replace'), value: json }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('delete'), value: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('rename'), value: word }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('copy'), value: fc.nat() }) },
)

function isMeant(what: string, value: unknown): boolean {
  if (what === 'number' || what === 'scale') return typeof value === 'number'
  return what !== 'span' || (typeof value === 'string' && /^\d+(us|ms|s|m|h|d)$/.test(value))
}

/** A preset after one to three changes. */
const mutated = fc
  .tuple(preset, fc.array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 3 }))
  .map(([input, changes]) => {
    for (const [place, { what, value }] of changes) {
      const all = spotsOf(input)
      const spots = all.filter(({ parent, key }) => isMeant(what, parent[key]))
      if (spots.length === 0) continue
      const { parent, key } = spots[place % spots.length]!
      if (what === 'delete' || what === 'rename') {
        const old = parent[key]
        delete parent[key]
        if (what === 'rename') Object.defineProperty(parent, String(value), plain(old))
      } else if (what === 'copy') {
        const other = all[Number(value) % all.length]!
        parent[key] = structuredClone(other.parent[other.key])
      } else if (what === 'scale') parent[key] = Number(parent[key]) * Number(value)
      else parent[key] = value
    }
    return input as unknown
  })

const plain = (value: unknown): PropertyDescriptor => ({
  value,
  ...{ enumerable: true, configurable: true, writable: true },
})

/** Every error says where, what was expected and what was found, on one line. */
function expectGood(errors: readonly ScenarioError[]): void {
  expect(errors.length).toBeGreaterThan(0)
  for (const error of errors) {
    expect(error.expected).not.toBe('')
    expect(error.found).not.toBe('')
    const line = formatScenarioError(error)
    expect(line).toMatch(/^scenario.*: expected .+, found .+$/u)
    expect(line).not.toMatch(/[\p{Cc}\p{Surrogate}\u2028\u2029]/u)
    expect(line.length).toBeLessThan(3_000)
  }
}

/** Counts, so that a property that never gets anywhere is noticed. */
const valid = { worlds: 0 }

/** A valid scenario makes worlds, and they run for a moment. */
function expectRunnable({ data }: Scenario): void {
  valid.worlds++
  expect(structuredClone(data)).toStrictEqual(data)
  expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data)
  const variants = variantsOf(data)
  const world = createWorld({ data, variant: variants[valid.worlds % variants.length]! })
  world.run({ eventsMax: 500 })
}

function judge(result: Either<ScenarioError[], Scenario>): void {
  if (isLeft(result)) expectGood(result.left)
  else expectRunnable(result.right)
}

test('random data gets errors and no exception', () => {
  fc.assert(
    fc.property(json, (input) => judge(validateScenario(input))),
    fuzzParameters(1_000),
  )
})

test('a mutated preset gets errors, or runs', () => {
  valid.worlds = 0
  fc.assert(
    fc.property(mutated, (input) => judge(validateScenario(input))),
    fuzzParameters(400),
  )
  expect(valid.worlds).toBeGreaterThan(40)
})

const spoilt = fc
  .tuple(preset, fc.nat(), fc.nat(40), word, fc.nat(255), fc.integer({ min: 0, max: 3 }))
  .map(([input, place, length, text, byte, how]) => {
    const whole = JSON.stringify(input, null, 2)
    const at = place % whole.length
    if (how === 0) return whole.slice(0, at)
    if (how === 1) return whole.slice(0, at) + text + whole.slice(at)
    if (how === 2) return whole.slice(0, at) + whole.slice(at + length)
    const bytes = Buffer.from(whole)
    bytes[at] = byte
    return bytes.toString('utf8')
  })

function judgeText(text: string, format: 'json' | 'yaml'): void {
  const read = readText(text, format)
  if (isLeft(read)) {
    expectGood(read.left)
    const lines = text.split('\n')
    for (const { line, column } of read.left) {
      expect(column).toBeLessThanOrEqual(lines[line! - 1]!.length + 1)
    }
    return
  }
  const result = validateScenario(read.right.data, read.right)
  if (isLeft(result)) expect(result.left.every(({ line }) => line! >= 1)).toBe(true)
  judge(result)
}

test('a spoilt text gets errors with their lines, or runs', () => {
  fc.assert(
    fc.property(spoilt, (text) => judgeText(text, 'json')),
    fuzzParameters(300),
  )
  fc.assert(
    fc.property(spoilt, (text) => judgeText(text, 'yaml')),
    fuzzParameters(40),
  )
})

test('any text at all gets errors and no exception', () => {
  const mark = fc.constantFrom('{', '}', '[', ']', ': ', ',', '\n', '"', '- ', '*a')
  const piece = fc.oneof(word, mark)
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, fc.constantFrom('json' as const, 'yaml' as const), judgeText),
    fuzzParameters(1_500),
  )
})

test('JSON is read as the platform reads it, where that is exact', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const read = readText(text, 'json')
      if (isLeft(read)) expect(text).toMatch(/\d{16}|__proto__|constructor|prototype|e\+/)
      else expect(read.right.data).toEqual(JSON.parse(text))
    }),
    fuzzParameters(500),
  )
})

test('setting a path never throws, and never reaches a prototype', () => {
  const known = fc.constantFrom('rails', 'tempo', 'validators', 'workload', '0', '[1]')
  const step = fc.oneof(word, known)
  const path = fc.array(step, { maxLength: 5 }).map((steps) => steps.join('.'))
  const assigned = fc.oneof(word, json.map((value) => JSON.stringify(value)))
  fc.assert(
    fc.property(preset, path, assigned, (input, given, value) => {
      const before = JSON.stringify(input)
      const changed = setPath(input, `${given}=${value}`)
      if (isLeft(changed)) expectGood(changed.left)
      else judge(validateScenario(changed.right))
      expect(JSON.stringify(input)).toBe(before)
      expect(({} as Container)['polluted']).toBeUndefined()
      expect(Object.keys(Object.prototype)).toEqual([])
    }),
    fuzzParameters(300),
  )
})
