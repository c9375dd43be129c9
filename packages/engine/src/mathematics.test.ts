import portableExp from '@stdlib/math-base-special-exp'
import portableLog from '@stdlib/math-base-special-ln'
import { describe, expect, test } from 'vitest'
import { uniformLog } from './logarithm.ts'
import { cos, exp, log, pow, sin } from './mathematics.ts'
import { normalQuantile } from './normalQuantile.ts'
import { createStream } from './streams.ts'

const bits = new BigInt64Array(1)
const floats = new Float64Array(bits.buffer)

/** How many numbers apart two numbers of one sign are. */
function ulps(one: number, other: number): number {
  floats[0] = one
  const left = bits[0]!
  floats[0] = other
  return Math.abs(Number(bits[0]! - left))
}

/** Arguments and correctly rounded values, computed to 75 digits. */
const known: readonly [name: string, value: number, expected: number][] = [
  ['exp(1)', exp(1), 2.718281828459045],
  ['exp(−1)', exp(-1), 0.36787944117144233],
  ['exp(10)', exp(10), 22026.465794806718],
  ['exp(0.1)', exp(0.1), 1.1051709180756477],
  ['exp(−0.3)', exp(-0.3), 0.7408182206817179],
  ['exp(50.5)', exp(50.5), 8.548134287298057e21],
  ['exp(−700.25)', exp(-700.25), 7.678723813110872e-305],
  ['log(2)', log(2), 0.6931471805599453],
  ['log(10)', log(10), 2.302585092994046],
  ['log(0.1)', log(0.1), -2.3025850929940455],
  ['log(1.0000001)', log(1.0000001), 9.999999505838704e-8],
  ['log(1e-9)', log(1e-9), -20.72326583694641],
  ['log(2⁻³³)', log(2 ** -33), -22.873856958478196],
  ['log(123456.789)', log(123456.789), 11.723646487185881],
  ['sin(1)', sin(1), 0.8414709848078965],
  ['sin(−2.5)', sin(-2.5), -0.5984721441039565],
  ['sin(3)', sin(3), 0.1411200080598672],
  ['sin(100)', sin(100), -0.5063656411097588],
  ['sin(1e6)', sin(1e6), -0.34999350217129294],
  ['cos(1)', cos(1), 0.5403023058681398],
  ['cos(−2.5)', cos(-2.5), -0.8011436155469337],
  ['cos(3)', cos(3), -0.9899924966004454],
  ['cos(100)', cos(100), 0.8623188722876839],
  ['cos(1e6)', cos(1e6), 0.9367521275331447],
  ['2^0.5', pow(2, 0.5), 1.4142135623730951],
  ['10^−5', pow(10, -5), 0.00001],
  ['0.1^(−1/1.16)', pow(0.1, -1 / 1.16), 7.278953843983151],
  ['1.5^2.5', pow(1.5, 2.5), 2.7556759606310752],
  ['3^100', pow(3, 100), 5.153775207320113e47],
  ['2^(−33·−0.4)', pow(2 ** -33, -0.4), 9410.136924135715],
]

test.each(known)('%s is rounded correctly, or to the neighbour', (_, value, expected) => {
  expect(ulps(value, expected)).toBeLessThanOrEqual(1)
})

test('edges', () => {
  expect([exp(0), exp(-Infinity), exp(800), exp(-800), log(1), log(0)]).toEqual([
    ...[1, 0, Infinity, 0, 0, -Infinity],
  ])
  expect([pow(5, 0), pow(0, 2), sin(0), cos(0)]).toEqual([1, 0, 0, 1])
  expect([log(-1), exp(Number.NaN), sin(Infinity)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
})

test('within two numbers of what this engine has, on random arguments', () => {
  const stream = createStream({ seed: 'ulps', replication: 0, purpose: 'test' })
  const far: Record<string, number> = { exp: 0, log: 0, sin: 0, cos: 0, pow: 0 }
  const note = (name: string, value: number, expected: number): void => {
    far[name] = Math.max(far[name]!, ulps(value, expected))
  }
  for (let n = 0; n < 50_000; n++) {
    const x = (stream.uniform() - 0.5) * 1_400
    const positive = Math.exp((stream.uniform() - 0.5) * 60)
    const power = (stream.uniform() - 0.5) * 20
    note('exp', exp(x), Math.exp(x))
    note('log', log(positive), Math.log(positive))
    note('sin', sin(x), Math.sin(x))
    note('cos', cos(x), Math.cos(x))
    note('pow', pow(positive, power), positive ** power)
  }
  for (const [name, distance] of Object.entries(far)) expect(distance, name).toBeLessThanOrEqual(2)
})

test('log is the portable port to the last bit', () => {
  const stream = createStream({ seed: 'log', replication: 0, purpose: 'test' })
  const same = (x: number): void => {
    if (!Object.is(log(x), portableLog(x))) throw new Error(`${x}: ${log(x)} ${portableLog(x)}`)
  }
  for (const x of [0, -0, -1, Number.NaN, Infinity, 5e-324, 1e-310, 2 ** -1022, 1.7e308]) same(x)
  for (let k = -1_022; k < 1_024; k++) {
    // Powers of two, their neighbours, and where the branches meet.
    for (const factor of [1, 1 + 2 ** -52, 1 + 2 ** -21, 2 - 2 ** -52, 2 - 2 ** -21]) {
      same(2 ** k * factor)
    }
    for (const high of [0x6147a, 0x6b851, 0x6a09c]) {
      for (const near of [-1, 0, 1, 2]) same(2 ** k * (1 + (high + near) / 2 ** 20))
    }
  }
  for (let n = 0; n < 100_000; n++) {
    bits[0] = (BigInt(stream.below(0x7ff00000)) << 32n) | BigInt(stream.bits())
    same(floats[0]!)
    same(stream.uniform())
  }
})

describe('the normal quantile', () => {
  test.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.9, 1.2815515655446004],
    [0.999, 3.090232306167813],
    [0.75, 0.6744897501960817],
    [0.6, 0.2533471031357997],
    [0.001, -3.090232306167813],
    [1e-6, -4.753424308822899],
    [1e-9, -5.997807015007686],
    [1e-10, -6.361340902404056],
  ])('of %d', (p, expected) => {
    expect(Math.abs(normalQuantile(p) / expected - 1)).toBeLessThan(5e-16)
  })

  test('of a half is 0, and it is odd', () => {
    expect(normalQuantile(0.5)).toBe(0)
    for (let n = 1; n < 512; n++) {
      expect(normalQuantile(1 - n / 1_024)).toBe(-normalQuantile(n / 1_024))
    }
  })

  test('rises over the whole range of uniform numbers, across its seams', () => {
    const smallest = 0.5 * 2 ** -32
    expect(normalQuantile(smallest)).toBeCloseTo(-6.3375, 3)
    expect(normalQuantile(1 - smallest)).toBeCloseTo(6.3375, 3)
    for (const seam of [0.075, 0.925]) {
      let last = normalQuantile(seam - 1e-9)
      for (let n = -99; n <= 100; n++) {
        const next = normalQuantile(seam + n * 1e-11)
        expect(next).toBeGreaterThan(last)
        last = next
      }
    }
  })
})

describe('the logarithm of a uniform number', () => {
  /** Relative to the true value, in units of 2⁻⁵³. */
  const errorAt = (u: number): number =>
    (Math.abs(uniformLog(u) - log(u)) / -log(u)) * 2 ** 53

  test('is within 3 units in the last place, near 0 and near 1 as well', () => {
    const step = 2 ** -32
    let worst = 0
    for (let index = 0; index < 200_000; index++) {
      const some = Math.floor((index + 0.5) * 21_474.836_48)
      for (const draw of [some, index, 2 ** 32 - 1 - index]) {
        worst = Math.max(worst, errorAt((draw + 0.5) * step))
      }
    }
    expect(worst).toBeLessThan(6)
  })

  test('is exact for powers of two, and falls nowhere as the number rises', () => {
    expect([0.5, 0.25, 0.125].map(uniformLog)).toEqual([0.5, 0.25, 0.125].map(log))
    // A cell of the table ends at every odd multiple of 2⁻⁸, and above √2 / 2 of 2⁻⁹.
    for (let edge = 1; edge < 512; edge++) {
      const u = edge / 512
      expect(uniformLog(u)).toBeGreaterThanOrEqual(uniformLog(u - 2 ** -33))
      expect(uniformLog(u + 2 ** -33)).toBeGreaterThanOrEqual(uniformLog(u))
    }
  })
})

describe('the exponential function', () => {
  test('default: equal to the port to the last bit', () => {
    const stream = createStream({ seed: 'exp', replication: 0, purpose: 'arguments' })
    for (let draw = 0; draw < 200_000; draw++) {
      const range = [1e-9, 0.01, 1, 40, 690, 750][draw % 6]!
      const x = (2 * stream.uniform() - 1) * range
      if (!Object.is(exp(x), portableExp(x))) expect([x, exp(x)]).toEqual([x, portableExp(x)])
    }
  })

  test('behavior: at the ends of its cases', () => {
    const edges = [0, 2 ** -28, 690, 689.9999, Math.LN2, Math.LN2 / 2, 709.78, 745.13, 745.14]
    for (const x of [...edges, ...edges.map((edge) => -edge), 710, Infinity, -Infinity, NaN]) {
      expect(exp(x)).toBe(portableExp(x))
    }
  })
})
