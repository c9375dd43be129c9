import { describe, expect, test } from 'vitest'
import { Digest, digestOf } from './digest.ts'
import { StreamError } from './errors.ts'
import { createSimulation } from './simulation.ts'
import { createStream, type StatefulStream, type StreamKey } from './streams.ts'

const open = (key: Partial<StreamKey> = {}): StatefulStream =>
  createStream({ seed: 'seed', replication: 0, purpose: 'test', ...key })

describe('streams', () => {
  test('behavior: golden draws', () => {
    const stream = open()
    const draws = [stream.bits(), stream.bits(), stream.below(6), stream.uniform()]
    expect(draws).toMatchInlineSnapshot(`
      [
        3277629044,
        3879183858,
        4,
        0.44819682079833,
      ]
    `)
  })

  test('every part of the key opens another stream', () => {
    const streams = [
      ...[open(), open({ seed: 'other' }), open({ replication: 1 }), open({ purpose: 'other' })],
      ...[open({ entity: 0 }), open({ entity: 1 }), open({ entity: '1' }), open({ entity: '' })],
    ]
    expect(new Set(streams.map((stream) => stream.bits())).size).toBe(streams.length)
    expect([open().name, open({ entity: 3 }).name]).toEqual(['test', 'test#3'])
  })

  test('neighbouring entities are not correlated', () => {
    const count = 20_000
    const [one, other] = [open({ entity: 1 }), open({ entity: 2 })]
    let sum = 0
    for (let n = 0; n < count; n++) sum += (one.uniform() - 0.5) * (other.uniform() - 0.5) * 12
    // The sum has mean 0 and variance `count`; 3.29 deviations are exceeded once in a thousand.
    expect(Math.abs(sum) / Math.sqrt(count)).toBeLessThan(3.29)
  })

  test('uniform numbers stay off 0 and 1, whatever the bits', () => {
    const edges = [0, 2 ** 32 - 1].map((bits) => (bits + 0.5) * 2.3283064365386963e-10)
    expect(edges[0]).toBeGreaterThan(0)
    expect(edges[1]).toBeLessThan(1)
    const stream = open()
    for (let n = 0; n < 50_000; n++) {
      const value = stream.uniform()
      if (!(value > 0 && value < 1)) throw new Error(`${value} is not between 0 and 1`)
    }
  })

  test('below: all values of small and large ranges, no others', () => {
    const stream = open()
    expect(Array.from({ length: 20 }, () => stream.below(1))).toEqual(Array(20).fill(0))
    expect(new Set(Array.from({ length: 200 }, () => stream.below(7))).size).toBe(7)
    const high = Array.from({ length: 200 }, () => stream.below(2 ** 32))
    expect(Math.max(...high)).toBeGreaterThan(2 ** 31)
    // Three quarters of 2³²: a plain remainder would draw the lower third twice as often.
    const range = 3 * 2 ** 30
    const low = Array.from({ length: 9_000 }, () => stream.below(range)).filter(
      (draw) => draw < 2 ** 30,
    ).length
    expect(Math.abs(low - 3_000)).toBeLessThan(3.29 * Math.sqrt(2_000))
  })

  test.each([0, -1, 2.5, Number.NaN, 2 ** 32 + 1])('below: a count of %d', (count) => {
    expect(() => open().below(count)).toThrow('a whole count')
  })

  test('chance: never, always, and as often as it says', () => {
    const stream = open()
    const count = (probability: number): number =>
      Array.from({ length: 10_000 }, () => stream.chance(probability)).filter(Boolean).length
    expect([count(0), count(1)]).toEqual([0, 10_000])
    expect(Math.abs(count(0.3) - 3_000)).toBeLessThan(3.29 * Math.sqrt(2_100))
  })
})

test.each([
  [{ entity: Number.NaN }, "The entity of stream 'test'"],
  [{ entity: Number.POSITIVE_INFINITY }, 'Found: Infinity'],
  [{ entity: { id: 3 } as never }, 'no text and no finite number'],
  [{ entity: null as never }, 'Found: null'],
  [{ purpose: undefined as never }, 'Found: undefined'],
  [{ purpose: 7 as never }, "Name what is drawn: `stream('arrivals')`"],
  [{ purpose: 'a\0b' }, 'a text without NUL'],
])('error: a stream of %o', (key, message) => {
  expect(() => open(key)).toThrow(StreamError)
  expect(() => open(key)).toThrow(message)
  const { purpose = 'test', entity } = { purpose: 'test', entity: undefined, ...key }
  const simulation = createSimulation({ seed: 'seed' })
  expect(() => simulation.stream('purpose' in key ? key.purpose! : purpose, entity)).toThrow(
    message,
  )
})

test('error: chance without a probability', () => {
  expect(() => open().chance(Number.NaN)).toThrow('a probability from 0 to 1')
  expect([open().chance(-1), open().chance(2)]).toEqual([false, true])
})

describe('saved streams', () => {
  test('go on where they stood, in the same object or in another one', () => {
    for (const antithetic of [false, true]) {
      const stream = open({ antithetic })
      for (let n = 0; n < 5; n++) stream.uniform()
      const state = stream.save()
      const next = Array.from({ length: 50 }, () => stream.bits())
      const copy = open({ antithetic, purpose: 'another name' })
      // As plain data: a file would do.
      copy.restore(JSON.parse(JSON.stringify(state)))
      expect(Array.from({ length: 50 }, () => copy.bits())).toEqual(next)
      stream.restore(state)
      expect(Array.from({ length: 50 }, () => stream.bits())).toEqual(next)
    }
  })

  test('saving moves nothing; what was saved stays; without a state it begins anew', () => {
    const [stream, other] = [open(), open()]
    const state = stream.save()
    const copied = { ...state }
    expect([stream.bits(), stream.bits()]).toEqual([other.bits(), other.bits()])
    expect(state).toEqual(copied)
    stream.restore()
    expect(stream.bits()).toBe(open().bits())
  })
})

describe('antithetic streams', () => {
  test('draw one minus what their twins draw', () => {
    const [one, other] = [open(), open({ antithetic: true })]
    for (let n = 0; n < 1_000; n++) {
      const u = one.uniform()
      expect(other.uniform()).toBe(1 - u)
    }
    expect(one.bits() + other.bits()).toBe(2 ** 32 - 1)
    expect(one.name).toBe(other.name)
  })

  test('a pair of means varies less than two independent ones', () => {
    const meanOf = (replication: number, antithetic: boolean): number => {
      const stream = open({ replication, antithetic })
      let sum = 0
      for (let n = 0; n < 50; n++) sum -= Math.log(stream.uniform())
      return sum / 50
    }
    const varianceOf = (means: number[]): number =>
      means.reduce((sum, mean) => sum + (mean - 1) ** 2, 0) / means.length
    const pairs = Array.from({ length: 300 }, (_, n) => n)
    const twins = varianceOf(pairs.map((n) => (meanOf(n, false) + meanOf(n, true)) / 2))
    const independent = varianceOf(
      pairs.map((n) => (meanOf(n, false) + meanOf(n + 300, false)) / 2),
    )
    // Exactly: 1 − (π² / 6 − 1) = 0.355 of it.
    expect(twins / independent).toBeLessThan(0.5)
  })
})

describe('digest', () => {
  test('order, sign, both halves and length count', () => {
    const of = (...values: number[]): string => {
      const digest = new Digest()
      values.forEach((value) => digest.add(value))
      return digest.toString()
    }
    const digests = [
      ...[of(), of(0), of(0, 0), of(1, 2), of(2, 1), of(-1), of(2 ** 32), of(2 ** 32 - 1)],
      ...[of(2 ** 52), of(2 ** 53 - 1), of(-(2 ** 40))],
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })

  test('asking does not change it; texts', () => {
    const digest = new Digest()
    digest.addText('counter')
    expect(digest.toString()).toBe(digest.toString())
    expect(digest.toString()).toBe(digestOf('counter'))
    expect(digestOf('counterpoise')).toMatchInlineSnapshot(`"c94f94ab3cd48bea"`)
    const texts = ['', 'a', 'b', 'ab', 'ba', 'a\0', 'é']
    expect(new Set(texts.map(digestOf)).size).toBe(texts.length)
  })

  test('one flipped bit changes about half of the digits’ bits', () => {
    const bits = (text: string): number[] =>
      [...digestOf(text)].flatMap((digit) =>
        [...parseInt(digit, 16).toString(2).padStart(4, '0')].map(Number),
      )
    let changed = 0
    for (let n = 0; n < 500; n++) {
      const [one, other] = [bits(`text ${2 * n}`), bits(`text ${2 * n + 1}`)]
      changed += one.filter((bit, index) => bit !== other[index]).length
    }
    expect(Math.abs(changed / 500 - 32)).toBeLessThan(2)
  })
})
