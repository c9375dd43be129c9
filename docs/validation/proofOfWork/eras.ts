import {
  effectiveDelay,
  observedIntervals,
  runMinerLevel,
  staleEras,
  type StaleEra,
  staleShareIn,
} from '@counterpoise/consensus-pow'
import { toSeconds } from '@counterpoise/engine'
import { type Row, sampled } from '../validation.ts'

/** The sixteen miners of 2016 (Gervais et al.), which stand for all eras. */
const pools = [
  0.289, 0.196, 0.159, 0.133, 0.066, 0.054, 0.029, 0.016, 0.012, 0.012, 0.012, 0.009, 0.005, 0.005,
  0.002, 0.002,
]
const total = pools.reduce((sum, share) => sum + share, 0)
const concentration = pools.reduce((sum, share) => sum + (share / total) ** 2, 0)

/** 99.5 % quantile of the normal distribution. */
const z = 2.576

/** Of what was counted only once: what chance alone does to it, 99 %. */
const chanceOf = ({ stale }: StaleEra): number => z / Math.sqrt(stale)

/** Stale blocks of an era, from the delay that they are explained by. */
export function eraRow(era: StaleEra): Row {
  const share = staleShareIn(era)
  const delay = effectiveDelay(share, 600, concentration)
  const delayMs = { kind: 'constant', value: 1_000 * delay } as const
  const shares = Array.from({ length: 20 }, (_, replication) =>
    runMinerLevel({ seed: era.era, replication, shares: pools, blocks: 200_000, delayMs }),
  )
  return {
    quantity: `stale share of ${era.era}, by a delay of ${delay.toFixed(2)} s between miners`,
    expected: share,
    source: `${era.stale} stale blocks at heights ${era.fromHeight} to ${era.toHeight - 1}`,
    ...sampled(shares.map(({ staleShare }) => staleShare)),
    tolerance: chanceOf(era),
  }
}

export const eraRows = (): Row[] => staleEras.map(eraRow)

/** By how much the hash rate has grown from one retarget to the next: fitted to the mean. */
const growth = (600 * 2_016) / 2_014 / observedIntervals.mean
const stepsPerPeriod = 14

/** Intervals of a growing hash rate as observed: 2,016 blocks to settle, then as many as there. */
function intervalsOf(replication: number): Float64Array {
  const periodMs = 2_016 * 1_000 * observedIntervals.mean
  const factor = Math.exp(Math.log(growth) / stepsPerPeriod)
  const hashRateChanges = Array.from({ length: 14 * stepsPerPeriod }, (_, step) => ({
    atMs: Math.round(((step + 1) * periodMs) / stepsPerPeriod),
    factor,
  }))
  const blocks = 2_016 + observedIntervals.count
  const { tree } = runMinerLevel({
    ...{ seed: 'intervals', replication, shares: [1], blocks, retarget: 'bitcoin' },
    ...{ hashRateChanges, tree: true },
  })
  const times = tree!.times.subarray(2_016)
  return Float64Array.from({ length: observedIntervals.count }, (_, k) =>
    toSeconds(times[k + 1]! - times[k]!),
  ).sort()
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function deviationOf(values: Float64Array): number {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)))
}

export function intervalRows(): Row[] {
  const { count, mean, deviation, quantiles, overAnHour } = observedIntervals
  const runs = Array.from({ length: 20 }, (_, replication) => intervalsOf(replication))
  const source = `${count.toLocaleString('en')} arrivals at one node, 2023`
  const row = (
    quantity: string,
    unit: string,
    expected: number,
    of: (values: Float64Array) => number,
    tolerance: number,
  ): Row => ({ quantity, unit, expected, source, ...sampled(runs.map(of)), tolerance })
  return [
    row('interval, mean (fitted)', 's', mean, meanOf, z / Math.sqrt(count)),
    row(
      'interval, standard deviation over mean',
      '',
      deviation / mean,
      (values) => deviationOf(values) / meanOf(values),
      z / Math.sqrt(count),
    ),
    ...quantiles.map(([level, seconds]) =>
      row(
        `interval, ${100 * level} % quantile`,
        's',
        seconds,
        (values) => values[Math.floor(level * (count - 1))]!,
        // Of a quantile of an exponential sample: √(p / (1 − p) / n) of the mean.
        (z * Math.sqrt(level / (1 - level) / count) * mean) / seconds,
      ),
    ),
    row(
      'intervals of more than an hour',
      '',
      overAnHour / count,
      (values) => values.filter((value) => value > 3_600).length / count,
      z / Math.sqrt(overAnHour),
    ),
  ]
}
