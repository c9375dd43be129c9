import { exp, log } from './mathematics.ts'
import { normalQuantile } from './normalQuantile.ts'

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0, to about 14 digits (Lanczos's series, g = 7). */
export function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - log(x)
  const base = x + 6.5
  const [constant, ...terms] = lanczos
  const sum = terms.reduce((total, term, index) => total + term / (x + index), constant!)
  return 0.9189385332046727 + (x - 0.5) * log(base) - base + log(sum)
}

/**
 * ln P(X ≤ x) and ln P(X > x) of the gamma distribution of scale 1, given ln x: below the smallest
 * number there still are logarithms.
 */
export function logGammaShares(shape: number, logX: number): { below: number; above: number } {
  const x = exp(logX)
  const front = shape * logX - x - logGamma(shape)
  if (x < shape + 1) {
    let [term, sum] = [1 / shape, 1 / shape]
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= x / (shape + n)
      sum += term
    }
    const below = front + log(sum)
    return { below, above: log(Math.max(1 - exp(below), Number.MIN_VALUE)) }
  }
  // Lentz's evaluation of the continued fraction.
  let b = x + 1 - shape
  let c = 1e300
  let d = 1 / b
  let fraction = d
  for (let n = 1, change = 0; n < 1e6 && !(change > 1 - 1e-15 && change < 1 + 1e-15); n++) {
    const a = n * (shape - n)
    b += 2
    d = 1 / (a * d + b)
    c = b + a / c
    change = c * d
    fraction *= change
  }
  const above = front + log(fraction)
  return { below: log(1 - exp(above)), above }
}

/** ln Φ(z), also far out to the left. */
export function logNormalShare(z: number): number {
  if (z === 0) return -0.6931471805599453
  const { below, above } = logGammaShares(0.5, log((z * z) / 2))
  return z < 0 ? above - 0.6931471805599453 : log((1 + exp(below)) / 2)
}

const step = 1 / 40
const knotsPerSide = 256

/**
 * The quantile function of the gamma distribution of scale 1, to about 8 digits: ln x as a smooth
 * function of the normal quantile, tabulated with its derivative and joined by cubic pieces. A call
 * costs one normal quantile and one exponential.
 */
export function createGammaQuantile(shape: number): (p: number) => number {
  const values = new Float64Array(2 * knotsPerSide + 1)
  const slopes = new Float64Array(values.length)
  const norm = logGamma(shape)
  /** d ln x / dz: the ratio of the densities. */
  const slopeAt = (y: number, z: number): number =>
    exp(-0.9189385332046727 - (z * z) / 2 - (shape * y - exp(y) - norm))
  const fill = (index: number, guess: number): void => {
    const z = (index - knotsPerSide) * step
    const y = solve(shape, norm, z, guess)
    values[index] = y
    slopes[index] = slopeAt(y, z)
  }
  fill(knotsPerSide, shape < 1 ? (logGamma(shape + 1) - 0.7) / shape : log(shape))
  for (let n = 1; n <= knotsPerSide; n++) {
    const [up, down] = [knotsPerSide + n, knotsPerSide - n]
    fill(up, values[up - 1]! + step * slopes[up - 1]!)
    fill(down, values[down + 1]! - step * slopes[down + 1]!)
  }

  return (p) => {
    const position = normalQuantile(p) / step + knotsPerSide
    const index = Math.max(0, Math.min(2 * knotsPerSide - 1, Math.floor(position)))
    const t = position - index
    const [left, right] = [values[index]!, values[index + 1]!]
    const [from, to] = [slopes[index]! * step, slopes[index + 1]! * step]
    const rise = right - left
    const square = to + from - 2 * rise
    return exp(left + t * (from + t * (rise - from - square + t * square)))
  }
}

/** The y with P(X ≤ exp(y)) = Φ(z), by Newton's method in logarithms, from a guess nearby. */
function solve(shape: number, norm: number, z: number, guess: number): number {
  const target = logNormalShare(z < 0 ? z : -z)
  let y = guess
  for (let round = 0; round < 30; round++) {
    const x = exp(y)
    const shares = logGammaShares(shape, y)
    const share = z < 0 ? shares.below : shares.above
    const slope = exp(shape * y - x - norm - share) * (z < 0 ? 1 : -1)
    const change = (target - share) / slope
    y += Math.max(-1, Math.min(1, change))
    if (Math.abs(change) < 1e-11 * Math.max(1, Math.abs(y))) break
  }
  return y
}
