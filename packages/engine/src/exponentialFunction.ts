import portableExp from '@stdlib/math-base-special-exp'

const ln2High = 6.93147180369123816490e-1
const ln2Low = 1.90821492927058770002e-10
const log2OfE = 1.44269504088896338700

/** 2^k for k from −1022 to 1023: the normal ones, all exact. */
const powers = new Float64Array(2_046)
for (let index = 0, power = 2.2250738585072014e-308; index < powers.length; index++, power *= 2) {
  powers[index] = power
}

/** Within this distance from 0 the results are normal numbers, with room for the reduction. */
const widest = 690
/** Closer to 0 the port has a case of its own. */
const nearest = 3.725290298461914e-9

/**
 * The exponential function: FDLIBM's (Sun Microsystems, 1993), equal to the last bit to the port
 * that the other functions come with, in a fraction of its time, since delays hang on it. What
 * takes the time there is to scale by a power of two, bit by bit: here a table does it.
 */
export function exp(x: number): number {
  const isUsual = x < 0 ? x > -widest && x <= -nearest : x >= nearest && x < widest
  if (!isUsual) return portableExp(x)
  // x = k · ln 2 + r with |r| ≤ ln 2 / 2.
  const k = (x < 0 ? log2OfE * x - 0.5 : log2OfE * x + 0.5) | 0
  const high = x - k * ln2High
  const low = k * ln2Low
  const r = high - low
  const t = r * r
  const series =
    0.16666666666666602 +
    t *
      (-0.0027777777777015593 +
        t *
          (0.00006613756321437934 +
            t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8)))
  const c = r - t * series
  return (1 - (low - (r * c) / (2 - c) - high)) * powers[k + 1022]!
}
