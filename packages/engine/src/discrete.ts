import { DistributionError } from './errors.ts'
import { pow } from './mathematics.ts'
import type { Stream } from './streams.ts'

/** Draws an index 0 … n − 1. */
export type DiscreteSampler = (stream: Stream) => number

/**
 * Draws index i with probability `weights[i]` / Σ `weights`, in constant time and with two draws
 * (Walker's alias method in Vose's form).
 *
 * @throws DistributionError where a weight is negative or none is positive.
 */
export function createDiscrete(weights: ArrayLike<number>): DiscreteSampler {
  const count = weights.length
  let total = 0
  for (let index = 0; index < count; index++) {
    const weight = weights[index]!
    if (!(weight >= 0) || !Number.isFinite(weight)) {
      throw new DistributionError('discrete', 'finite weights of at least 0', weight)
    }
    total += weight
  }
  if (!(total > 0)) throw new DistributionError('discrete', 'at least one weight above 0', total)

  const threshold = Float64Array.from(weights, (weight) => (weight * count) / total)
  const alias = new Int32Array(count)
  const small: number[] = []
  const large: number[] = []
  threshold.forEach((share, index) => (share < 1 ? small : large).push(index))
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop()!
    const rich = large.at(-1)!
    alias[poor] = rich
    threshold[rich] = threshold[rich]! - (1 - threshold[poor]!)
    if (threshold[rich]! < 1) small.push(large.pop()!)
  }
  // What is left differs from 1 by rounding only.
  for (const index of [...small, ...large]) threshold[index] = 1

  return (stream) => {
    const column = stream.below(count)
    return stream.uniform() < threshold[column]! ? column : alias[column]!
  }
}

/**
 * Zipf's law over ranks 0 … `count` − 1: P(rank k) ∝ (k + 1)^−`exponent`.
 * An exponent of 0 is the uniform distribution.
 */
export function createZipf(count: number, exponent: number): DiscreteSampler {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new DistributionError('zipf', 'a whole number of ranks above 0', count)
  }
  if (!(exponent >= 0)) throw new DistributionError('zipf', 'an exponent of at least 0', exponent)
  return createDiscrete(Float64Array.from({ length: count }, (_, k) => pow(k + 1, -exponent)))
}
