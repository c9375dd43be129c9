import { seconds, type Time } from '@counterpoise/engine'
import type { ArrivalProcess, Arrivals } from './arrivals.ts'
import { shift } from './combinators.ts'
import { piecewiseConstant } from './rateSteps.ts'

/** A load that has been published, as rates in steps. */
export type LoadShape = {
  /** What was measured. */
  title: string
  source: string
  licence: string
  /** `[second, arrivals per second from then on]`, in order; the last step ends at `endSeconds`. */
  steps: readonly (readonly [second: number, ratePerSecond: number])[]
  endSeconds: number
}

const diablo = {
  source:
    'github.com/NatoliChris/diablo-benchmark, commit b2e39d594bd4a2cab35c39676369770fc943bfcb',
  licence: 'Apache-2.0',
} as const

/** Trades of ten NASDAQ stocks in each second from 09:30:00 ET of 2021-01-11, summed. */
const openingSeconds: readonly number[] = [
  34_762, 2_957, 8_508, 178, 179, 201, 143, 96, 79, 81, 125, 83, 121, 61, 92, 101, 114, 92, 91,
  110, 114, 98, 140, 146, 159, 179, 99, 47, 82, 79, 81, 83, 64, 199, 52, 62, 146, 87, 75, 34, 91,
  102, 63, 44, 66, 80, 75, 105, 43, 131, 113, 95, 56, 73, 57, 69, 67, 34, 64, 37,
]

/** Trades of the same stocks in each minute from 09:31 ET on, summed. */
const laterMinutes: readonly number[] = [
  3_793, 4_226, 3_623, 3_557, 3_724, 3_713, 2_884, 2_860, 3_203, 3_817, 3_388, 2_958, 2_574,
  2_121, 2_419, 2_120, 2_520, 2_504, 1_966,
]

/**
 * Load shapes of the Diablo benchmark's workloads. The rates are figures from that repository
 * (Apache-2.0); the NASDAQ counts come from nasdaq.com through it.
 */
export const loadShapes = {
  /** Purchases in a token sale that was sold out within minutes. */
  'tenx-ico': {
    title: 'TenX token sale, 2017-06-24',
    ...diablo,
    steps: [
      [0, 500],
      [58, 500],
      [60, 2_500],
      [240, 2_500],
      [360, 3_000],
      [365, 3_500],
      [480, 3_500],
      [485, 1_000],
      [500, 500],
    ],
    endSeconds: 620,
  },
  /** A steady load with one second of 25 times as much. */
  'twitter-castle': {
    title: 'Tweets during "Castle in the Sky", August 2013: the record of 143,199 in a second',
    ...diablo,
    steps: [
      [0, 5_700],
      [50, 143_199],
      [51, 5_700],
    ],
    endSeconds: 90,
  },
  /** Half a minute of stock trading after the opening burst. */
  'nasdaq-30s': {
    title: 'NASDAQ, trades of ten stocks, 2021-01-11 09:30:03 to 09:30:32 ET',
    ...diablo,
    steps: openingSeconds.slice(3, 33).map((count, second) => [second, count] as const),
    endSeconds: 30,
  },
  /** A burst of three seconds, then twenty minutes of a load three hundred times smaller. */
  'nasdaq-open': {
    title: 'NASDAQ, trades of ten stocks, 2021-01-11 09:30:00 to 09:49:59 ET',
    ...diablo,
    steps: [
      ...openingSeconds.map((count, second) => [second, count] as const),
      ...laterMinutes.map((count, minute) => [60 * (minute + 1), count / 60] as const),
    ],
    endSeconds: 1_200,
  },
} as const satisfies Record<string, LoadShape>

/** The name of a published load shape. */
export type LoadShapeName = keyof typeof loadShapes

/** What `loadShape` takes. */
export type LoadShapeOptions = {
  /** What the rates are multiplied by; 1 unless given. */
  scale?: number | undefined
  /** When the shape's second 0 is, µs; 0 unless given. */
  at?: Time | undefined
  /** `poisson` unless given. */
  process?: ArrivalProcess | undefined
}

/** The arrivals of a published load shape. */
export function loadShape(name: LoadShapeName, options: LoadShapeOptions = {}): Arrivals {
  const { scale = 1, at = 0, process } = options
  const shape: LoadShape = loadShapes[name]
  const steps = shape.steps.map(([second, ratePerSecond]) => ({
    at: seconds(second),
    ratePerSecond,
  }))
  const arrivals = piecewiseConstant({ steps, end: seconds(shape.endSeconds), process })
  return shift(arrivals.scaled(scale), at)
}
