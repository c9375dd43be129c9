import { exp, log } from '@counterpoise/engine'

/** What was measured of one direction in one region, Mbit/s. */
export type MeasuredRate = { p10: number; p50: number; p90: number; mean: number }

/**
 * Bandwidth of consumers in six regions as Gervais et al., "On the Security and Performance of
 * Proof of Work Blockchains" (2016), took it from testmy.net: percentiles and means of their
 * histograms. Means hide the slow tenth on which the last nodes of a broadcast wait.
 */
export const measuredBandwidth2016: Readonly<
  Record<string, { down: MeasuredRate; up: MeasuredRate }>
> = {
  'north-america': {
    down: { p10: 0.6, p50: 8.3, p90: 46.9, mean: 19.2 },
    up: { p10: 0.3, p50: 1.5, p90: 9, mean: 3.8 },
  },
  europe: {
    down: { p10: 0.9, p50: 8.6, p90: 49.1, mean: 19 },
    up: { p10: 0.3, p50: 2.8, p90: 18.7, mean: 7.2 },
  },
  'south-america': {
    down: { p10: 0.4, p50: 3.5, p90: 17.3, mean: 8 },
    up: { p10: 0.2, p50: 1, p90: 5.2, mean: 2.2 },
  },
  'asia-pacific': {
    down: { p10: 0.3, p50: 2.7, p90: 25.7, mean: 10.4 },
    up: { p10: 0.2, p50: 0.9, p90: 11.1, mean: 4.6 },
  },
  japan: {
    down: { p10: 0.4, p50: 4.1, p90: 65.9, mean: 17.5 },
    up: { p10: 0.3, p50: 2.2, p90: 7.2, mean: 3.5 },
  },
  australia: {
    down: { p10: 0.5, p50: 6.2, p90: 30, mean: 12.8 },
    up: { p10: 0.4, p50: 1.2, p90: 15.8, mean: 5.3 },
  },
}

/** The lowest and the highest edge of those histograms, Mbit/s. */
const lowest = 0.1
const highest = 500

/** The mean of a rate whose logarithm is spread evenly between two values. */
const meanBetween = (low: number, high: number): number =>
  high === low ? low : (high - low) / log(high / low)

/**
 * The quantile function through what was measured: straight in the rate from the lowest one to
 * p10, where a bin or a few hold everything, and straight in its logarithm between p10, p50, p90
 * and a highest rate, which is chosen so that the mean is right, as far as the histograms reach.
 */
export function measuredQuantile(rate: MeasuredRate): (level: number) => number {
  const { p10, p50, p90, mean } = rate
  const below =
    0.1 * ((lowest + p10) / 2) + 0.4 * meanBetween(p10, p50) + 0.4 * meanBetween(p50, p90)
  const tail = (mean - below) / 0.1
  let least = p90
  let most = highest
  for (let step = 0; step < 60; step++) {
    const middle = (least + most) / 2
    if (meanBetween(p90, middle) < tail) least = middle
    else most = middle
  }
  const levels = [0.1, 0.5, 0.9, 1]
  const logs = [p10, p50, p90, least].map(log)
  return (level) => {
    if (level < 0.1) return lowest + (level / 0.1) * (p10 - lowest)
    let k = 1
    while (k < levels.length - 1 && level > levels[k]!) k++
    const part = (level - levels[k - 1]!) / (levels[k]! - levels[k - 1]!)
    return exp(logs[k - 1]! + part * (logs[k]! - logs[k - 1]!))
  }
}
