/** A value of a discrete distribution as a function of a share, which never falls. */
export type Quantile = (share: number) => number

/**
 * The quantile function of `first`, `first + 1` … with the given weights. A guide table finds the
 * value in constant time on average.
 */
export function createTable(first: number, weights: ArrayLike<number>): Quantile {
  const count = weights.length
  const shares = new Float64Array(count)
  let total = 0
  for (let index = 0; index < count; index++) {
    total += weights[index]!
    shares[index] = total
  }
  let last = count - 1
  while (last > 0 && weights[last] === 0) last--
  const guide = new Int32Array(count)
  for (let slot = 0, index = 0; slot < count; slot++) {
    while (index < last && shares[index]! <= (slot / count) * total) index++
    guide[slot] = index
  }
  return (share) => {
    const goal = share * total
    let index = guide[Math.min(count - 1, Math.floor(share * count))]!
    while (index < last && shares[index]! <= goal) index++
    // The guide may be one step ahead where a product was rounded.
    while (index > 0 && shares[index - 1]! > goal) index--
    return first + index
  }
}

/** Weights below this share of the largest one add up to less than what 32 bits can tell. */
const least = 1e-17

/**
 * Tabulates a distribution with one peak from the ratios of its neighbouring probabilities, outward
 * from the peak: nothing overflows, and no factorial is needed.
 */
export function createTableFrom(
  mode: number,
  low: number,
  high: number,
  ratio: (value: number) => number,
): Quantile {
  const down: number[] = []
  const up: number[] = []
  for (let value = mode, weight = 1; value > low && weight > least; value--) {
    weight /= ratio(value)
    down.push(weight)
  }
  for (let value = mode + 1, weight = 1; value <= high && weight > least; value++) {
    weight *= ratio(value)
    up.push(weight)
  }
  return createTable(mode - down.length, [...down.reverse(), 1, ...up])
}

/** The number of events of a mean rate: P(k) = `mean`^k · exp(−`mean`) / k!. */
export const createPoissonQuantile = (mean: number): Quantile =>
  createTableFrom(Math.floor(mean), 0, Number.POSITIVE_INFINITY, (value) => mean / value)

/** How many of `draws` without replacement are among the `marked` of a `population`. */
export function createHypergeometricQuantile(
  population: number,
  marked: number,
  draws: number,
): Quantile {
  const low = Math.max(0, draws - (population - marked))
  const high = Math.min(marked, draws)
  const peak = Math.floor(((draws + 1) * (marked + 1)) / (population + 2))
  const mode = Math.max(low, Math.min(high, peak))
  const ratio = (value: number): number =>
    ((marked - value + 1) / value) *
    ((draws - value + 1) / (population - marked - draws + value))
  return createTableFrom(mode, low, high, ratio)
}

/** How many of `trials` succeed, each with the same probability. */
export function createBinomialQuantile(trials: number, probability: number): Quantile {
  if (probability === 0 || probability === 1) return () => trials * probability
  const mode = Math.min(trials, Math.floor((trials + 1) * probability))
  const odds = probability / (1 - probability)
  return createTableFrom(mode, 0, trials, (value) => ((trials - value + 1) / value) * odds)
}

/** A line through (`shares`[i], `values`[i]); shares rise from 0 to 1, values do not fall. */
export function createLineQuantile(
  shares: readonly number[],
  values: readonly number[],
): (share: number) => number {
  return (share) => {
    let [left, right] = [0, shares.length - 1]
    while (right - left > 1) {
      const middle = (left + right) >> 1
      if (shares[middle]! <= share) left = middle
      else right = middle
    }
    const width = shares[right]! - shares[left]!
    return values[left]! + ((values[right]! - values[left]!) * (share - shares[left]!)) / width
  }
}
