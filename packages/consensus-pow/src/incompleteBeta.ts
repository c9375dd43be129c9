import { exp, log, logGamma } from '@counterpoise/engine'

const tiny = 1e-300

/**
 * The regularised incomplete beta function I(x; a, b) for a, b > 0 and 0 ≤ x ≤ 1, to about 13
 * digits: its continued fraction by Lentz's method, from the side where it converges fast.
 *
 * @see NIST Digital Library of Mathematical Functions, 8.17.22.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x),
  )
  if (x > (a + 1) / (a + b + 2)) return 1 - (front * fractionOf(1 - x, b, a)) / b
  return (front * fractionOf(x, a, b)) / a
}

function fractionOf(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    const change = d * c
    value *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return value
}

const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
