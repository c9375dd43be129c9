import { type Row, sampled } from '../validation.ts'
import { runsOf, seconds } from './runs.ts'

const source = "Gervais et al. 2016: results page of their simulator's repository"
/** Of the blocks of 2015, which grow and shrink with the interval. */
const meanBytes = 534_800
const tenMinutes = 600

/** How blocks are relayed: a name, what it is here, and what was published of it. */
type Mechanism = {
  name: string
  relay: Record<string, unknown>
  /** Seconds between blocks, with the median in seconds and the stale share. */
  byInterval: readonly (readonly [interval: number, median: number, stale: number])[]
  /** Megabytes, every ten minutes, with the same. */
  bySize: readonly (readonly [megabytes: number, median: number, stale: number])[]
}

export const mechanisms: readonly Mechanism[] = [
  {
    name: 'inv',
    relay: { mode: 'inv' },
    byInterval: [
      [1_500, 35.73, 0.0172], [600, 14.7, 0.0151], [150, 4.18, 0.0182], [60, 2.08, 0.0215],
      [30, 1.43, 0.0254], [20, 1.21, 0.032], [10, 1, 0.0477], [5, 0.89, 0.0864],
      [2, 0.84, 0.1665], [1, 0.82, 0.2674], [0.5, 0.82, 0.3815],
    ],
    bySize: [
      [0.1, 3.18, 0.0032], [0.25, 7.03, 0.0088], [0.5, 13.62, 0.0163], [1, 27.67, 0.0317],
      [2, 57.79, 0.0624], [4, 133.3, 0.1185], [8, 571.5, 0.2997],
    ],
  },
  {
    name: 'push',
    relay: { mode: 'push' },
    byInterval: [
      [1_500, 25.66, 0.0016], [600, 10.65, 0.0013], [60, 1.34, 0.0035], [10, 0.49, 0.0173],
      [2, 0.34, 0.0698], [1, 0.33, 0.1244], [0.5, 0.33, 0.2062],
    ],
    bySize: [[0.1, 2.12, 0.0003], [1, 20.1, 0.0038], [2, 44.6, 0.0112], [4, 126.57, 0.0546]],
  },
  {
    name: 'inv, relay network',
    relay: { mode: 'inv', overlay: {} },
    byInterval: [
      [1_500, 22.5, 0.0003], [600, 9.41, 0.0014], [60, 1.3, 0.0025], [10, 0.53, 0.0141],
      [2, 0.39, 0.0728], [1, 0.38, 0.1259], [0.5, 0.38, 0.2087],
    ],
    bySize: [[0.1, 2.02, 0.0003], [1, 17.24, 0.0007], [2, 35.49, 0.0008], [4, 78.01, 0.0012]],
  },
  {
    name: 'sendHeaders, relay network',
    relay: { mode: 'sendHeaders', overlay: {} },
    byInterval: [[600, 9.18, 0.0013], [10, 0.53, 0.0159], [1, 0.37, 0.1252]],
    bySize: [[1, 17.18, 0.0007]],
  },
]

type Point = { label: string; interval: number; bytes: number; median: number; stale: number }

function rowsAt({ relay }: Mechanism, { label, interval, bytes, median, stale }: Point): Row[] {
  const isFast = interval <= 10
  const runs = runsOf('bitcoin-2015', isFast ? 50 : 20, ({ consensus: { parameters } }) => {
    parameters.targetIntervalMs = interval * 1_000
    parameters.blockBytes = Math.round(bytes)
    Object.assign(parameters.relay, relay)
  })
  const unaware = seconds(runs.map((run) => run.unaware_ms))
  // At long intervals hundreds of runs would be needed to count what is lost.
  const shares = isFast
    ? runs.map((run) => run.stale_share!)
    : unaware.map((time) => time / (interval + time))
  return [
    {
      quantity: `${label}: propagation, median`,
      ...{ unit: 's', expected: median, source, tolerance: 0.15 },
      ...sampled(seconds(runs.map((run) => run.propagation_block_median_ms))),
    },
    {
      quantity: `${label}: stale share${isFast ? '' : ', from the hash rate unaware'}`,
      ...{ expected: stale, source, tolerance: 0.3 },
      ...sampled(shares),
    },
  ]
}

/** All published points of a mechanism, by interval and by size. */
export const gervaisRows = (mechanism: Mechanism): Row[] => [
  ...mechanism.byInterval.flatMap(([interval, median, stale]) => {
    const bytes = (meanBytes * interval) / tenMinutes
    return rowsAt(mechanism, { label: `every ${interval} s`, interval, bytes, median, stale })
  }),
  ...mechanism.bySize.flatMap(([megabytes, median, stale]) => {
    const label = `${megabytes} MB every ${tenMinutes} s`
    const bytes = megabytes * 1e6
    return rowsAt(mechanism, { label, interval: tenMinutes, bytes, median, stale })
  }),
]
