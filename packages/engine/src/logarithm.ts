import portableLog from '@stdlib/math-base-special-ln'

const ln2High = 6.9314718036912381649e-1
const ln2Low = 1.90821492927058770002e-10

const float = new Float64Array(1)
const words = new Int32Array(float.buffer)
/** Which of the two words holds sign, exponent and the upper part of the significand. */
float[0] = 1
const upper = words[1] === 0 ? 0 : 1

/** 2^−k for k from −1022 to 1024: all exact, the last two below the normal range. */
const inverses = new Float64Array(2_047)
for (let index = 0, power = 4.49423283715579e307; index < inverses.length; index++, power /= 2) {
  inverses[index] = power
}

/**
 * The natural logarithm: FDLIBM's (Sun Microsystems, 1993), equal to the last bit to the port that
 * the other functions come with, in half the time, since exponential draws hang on it. What takes
 * the time there is to write half of a number and to read the whole: here a table scales instead.
 */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Number.POSITIVE_INFINITY)) return portableLog(x)
  // x = 2^k · (1 + f) with √2 / 2 < 1 + f < √2.
  float[0] = x
  const word = words[upper]!
  const significand = word & 0xfffff
  const carry = (significand + 0x95f64) & 0x100000
  const k = (word >> 20) - 1023 + (carry >> 20)
  const f = x * inverses[k + 1022]! - 1
  if ((0xfffff & (2 + significand)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low
    const rest = f * f * (0.5 - 0.33333333333333333 * f)
    return k === 0 ? f - rest : k * ln2High - (rest - k * ln2Low - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const even =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const rest = even + odd
  if (((significand - 0x6147a) | (0x6b851 - significand)) > 0) {
    const half = 0.5 * f * f
    if (k === 0) return f - (half - s * (half + rest))
    return k * ln2High - (half - (s * (half + rest) + k * ln2Low) - f)
  }
  if (k === 0) return f - s * (f - rest)
  return k * ln2High - (s * (f - rest) - k * ln2Low - f)
}

/** Parts of the interval from 1 to 2, so many and one, each around its centre. */
const cells = 128
/** From this cell on, which is above √2, half of the number is looked at. */
const firstHalved = 53
const centres = new Float64Array(cells + 1)
const centreInverses = new Float64Array(cells + 1)
const centreLogs = new Float64Array(cells + 1)
for (let cell = 0; cell <= cells; cell++) {
  const centre = (1 + cell / cells) / (cell < firstHalved ? 1 : 2)
  centres[cell] = centre
  centreInverses[cell] = 1 / centre
  centreLogs[cell] = log(centre)
}

/**
 * The natural logarithm of a uniform number, in (0, 1) and no smaller than 2⁻¹⁰²², to 3 units in
 * the last place: a table and a short series, without a division and small enough to become part
 * of what calls it. Exponential draws hang on it, and those are the most frequent of all.
 */
export function uniformLog(u: number): number {
  // u = 2^k · centre · (1 + r) with |r| < 2⁻⁸, and k = 0 for all u near 1.
  float[0] = u
  const word = words[upper]!
  const cell = ((word & 0xfffff) + 0x1000) >> 13
  const k = (word >> 20) - 1023 + ((cell + cells - firstHalved) >> 7)
  const r = (u * inverses[k + 1022]! - centres[cell]!) * centreInverses[cell]!
  const square = r * r
  const series =
    0.5 -
    0.3333333333333333 * r +
    square * (0.25 - 0.2 * r + square * (0.16666666666666666 - 0.14285714285714285 * r))
  return k * 0.6931471805599453 + (centreLogs[cell]! + (r - square * series))
}
