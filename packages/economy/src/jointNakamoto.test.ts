import { pow } from '@counterpoise/engine'
import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nakamoto } from './concentration.ts'
import { jointNakamoto, type Layer } from './jointNakamoto.ts'

const layerOf = (powers: Readonly<Record<string, number>>): Layer => new Map(Object.entries(powers))
const equal = (prefix: string, count: number): Layer =>
  new Map(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 1]))

/** Whether a set of parties holds more than a threshold of every layer. */
const takes = (parties: readonly string[], layers: readonly Layer[], threshold: number): boolean =>
  layers.every((layer) => {
    const sum = (names: Iterable<string>): number =>
      [...names].reduce((total, name) => total + (layer.get(name) ?? 0), 0)
    return sum(parties) / sum(layer.keys()) > threshold + 1e-12
  })

/** The smallest set by trying them all. */
const bruteForce = (layers: readonly Layer[], threshold: number): number => {
  const names = [...new Set(layers.flatMap((layer) => [...layer.keys()]))]
  const tables = layers.map((layer) => {
    const total = [...layer.values()].reduce((sum, power) => sum + power, 0)
    return names.map((name) => (layer.get(name) ?? 0) / total)
  })
  const enough = (mask: number): boolean =>
    tables.every((shares) => {
      let sum = 0
      for (let party = 0; party < shares.length; party++) {
        if ((mask >> party) & 1) sum += shares[party]!
      }
      return sum > threshold + 1e-12
    })
  let smallest = names.length
  for (let mask = 1; mask < 1 << names.length; mask++) {
    let size = 0
    for (let rest = mask; rest > 0; rest &= rest - 1) size++
    if (size < smallest && enough(mask)) smallest = size
  }
  return layers.length === 0 ? 0 : smallest
}

describe('jointNakamoto', () => {
  test('default: a party in several layers counts once', () => {
    const validators = layerOf({ aws: 40, gcp: 30, ovh: 30 })
    const gateways = layerOf({ aws: 60, cloudflare: 40 })
    expect(jointNakamoto([validators, gateways], 1 / 3)).toEqual({
      size: 1,
      exact: true,
      atLeast: 1,
      parties: ['aws'],
    })
  })

  test('behavior: layers without a common party add up', () => {
    const found = jointNakamoto([equal('a', 7), equal('b', 7), equal('c', 10)], 1 / 2)
    expect(found).toMatchObject({ size: 4 + 4 + 6, exact: true })
  })

  test('behavior: what was taken first and became needless is left out', () => {
    // `c` brings most to both layers together, but `a` and `b` do without it.
    const first = layerOf({ a: 51, c: 40, d: 9 })
    const second = layerOf({ b: 51, c: 40, e: 9 })
    const found = jointNakamoto([first, second], 1 / 2)
    expect(found).toMatchObject({ size: 2, exact: true })
    expect(found.parties).toEqual(['a', 'b'])
  })

  test('behavior: 150 unequal parties of three layers are searched to the end', () => {
    const layer = (prefix: string): Layer =>
      new Map(Array.from({ length: 50 }, (_, rank) => [`${prefix}${rank}`, pow(rank + 1, -0.7)]))
    const layers = ['a', 'b', 'c'].map(layer)
    const alone = nakamoto(layers[0]!.values(), 1 / 2)
    expect(jointNakamoto(layers, 1 / 2)).toMatchObject({ size: 3 * alone, exact: true })
  })

  test('behavior: without nodes it gives bounds and says so', () => {
    const layer = (step: number): Layer =>
      new Map(Array.from({ length: 40 }, (_, index) => [`p${index}`, 1 + ((index * step) % 17)]))
    const layers = [layer(3), layer(5), layer(7)]
    const bounds = jointNakamoto(layers, 1 / 2, { nodesMax: 3 })
    expect(bounds.exact).toBe(false)
    expect(bounds.atLeast).toBeLessThan(bounds.size)
    expect(takes(bounds.parties, layers, 1 / 2)).toBe(true)
    expect(bounds.parties.length).toBe(bounds.size)
  })

  test('behavior: a thousand equal parties in shared layers need no search', () => {
    const layers = [equal('p', 1_000), equal('p', 1_000)]
    expect(jointNakamoto(layers, 1 / 3, { nodesMax: 1 })).toMatchObject({ size: 334, exact: true })
  })

  test('behavior: what is no layer is refused', () => {
    expect(() => jointNakamoto([layerOf({ a: 0 })], 1 / 2)).toThrow('at least one share above 0')
    expect(() => jointNakamoto([layerOf({ a: 1 })], 1)).toThrow('a threshold')
    expect(jointNakamoto([], 1 / 2)).toMatchObject({ size: 0, exact: true })
  })
})

describe('properties', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
  const layerWith = (power: fc.Arbitrary<number>): fc.Arbitrary<Layer> =>
    fc
      .array(power, { minLength: names.length, maxLength: names.length })
      .filter((powers) => powers.some(Boolean))
      .map((powers) => new Map(powers.map((given, index) => [names[index]!, given])))
  const layer = layerWith(fc.integer({ min: 0, max: 12 }))
  // Few parties with the same power each, and a threshold of 0: the hitting set problem, in which
  // greed fails often.
  const sparse = layerWith(fc.constantFrom(0, 0, 0, 1))
  const layers = fc.oneof(
    fc.array(layer, { minLength: 1, maxLength: 4 }),
    fc.array(sparse, { minLength: 5, maxLength: 14 }),
  )
  const threshold = fc.constantFrom(0, 0, 1 / 3, 1 / 2, 2 / 3, 0.9)

  test('it is the smallest set, and its parties are one', () => {
    fc.assert(
      fc.property(layers, threshold, (given, limit) => {
        const found = jointNakamoto(given, limit)
        expect(found.exact).toBe(true)
        expect(found.size).toBe(bruteForce(given, limit))
        expect(found.atLeast).toBe(found.size)
        expect(takes(found.parties, given, limit)).toBe(true)
      }),
      fuzzParameters(400),
    )
  })

  test('its bounds hold however early the search ends', () => {
    fc.assert(
      fc.property(layers, threshold, fc.nat(12), (given, limit, nodesMax) => {
        const found = jointNakamoto(given, limit, { nodesMax })
        const smallest = bruteForce(given, limit)
        expect(found.atLeast).toBeLessThanOrEqual(smallest)
        expect(found.size).toBeGreaterThanOrEqual(smallest)
        if (found.exact) expect(found.size).toBe(smallest)
        expect(takes(found.parties, given, limit)).toBe(true)
      }),
      fuzzParameters(150),
    )
  })

  test('of one layer it is the Nakamoto coefficient', () => {
    fc.assert(
      fc.property(layer, threshold, (given, limit) => {
        const found = jointNakamoto([given], limit)
        expect(found).toMatchObject({ size: nakamoto(given.values(), limit), exact: true })
      }),
      fuzzParameters(200),
    )
  })

  test('a layer more never makes it smaller', () => {
    fc.assert(
      fc.property(layers, layer, threshold, (given, more, limit) => {
        const size = jointNakamoto(given, limit).size
        expect(jointNakamoto([...given, more], limit).size).toBeGreaterThanOrEqual(size)
      }),
      fuzzParameters(200),
    )
  })
})
