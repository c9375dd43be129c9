import { type Distribution, drawableRange, exp, ms, parseDuration, pow } from '@counterpoise/engine'
import * as z from 'zod'
import { maxima } from './maxima.ts'

const durationExpected = 'a duration such as 250ms, 12s, 10m or 1h30m'

/** A span of time as text; becomes µs. */
export const duration = z
  .string({ error: durationExpected })
  .meta({ pattern: '^(\\d+(\\.\\d+)?(us|µs|ms|min|s|m|h|d) ?)+$' })
  .transform((text, context) => {
    const time = parseDuration(text)
    if (time !== undefined && time <= ms(maxima.milliseconds)) return time
    const message = time === undefined ? durationExpected : 'a duration of at most 10000d'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .describe('A span of time: a number with a unit (us, ms, s, m, h, d), also several: 1h30m.')

/** As `duration`, but longer than nothing. */
export const span = duration.refine((time) => time > 0, { message: 'a duration above 0' })

/** As `duration`, within a day. */
export const timeOfDay = duration
  .refine((time) => time < dayLength, { message: 'a time of day: less than 24h' })
  .describe('Time of day, UTC, as a span since midnight.')

const dayLength = ms(86_400_000)

export const probability = z.number().min(0).max(1)
export const positive = z.number().positive()
export const atLeastZero = z.number().min(0)
export const count = z.int().positive()
export const milliseconds = atLeastZero.max(maxima.delayMs)
export const dollars = atLeastZero.max(maxima.usd)
/** What only relates to its likes: shares, weights. Sums of the smallest and largest are exact. */
export const weight = atLeastZero.max(1e15)
export const positiveWeight = weight.min(1e-15)

/** Any distribution of numbers that a file can name. */
export const anyDistribution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), value: atLeastZero }),
  z
    .strictObject({ kind: z.literal('uniform'), low: atLeastZero, high: atLeastZero })
    .refine(({ low, high }) => low <= high, { message: "'low' of at most 'high'", path: ['low'] }),
  z.strictObject({ kind: z.literal('exponential'), mean: positive }),
  z.strictObject({ kind: z.literal('normal'), mean: z.number(), deviation: atLeastZero }),
  z.strictObject({ kind: z.literal('lognormal'), median: positive, sigma: atLeastZero }),
  z.strictObject({ kind: z.literal('pareto'), scale: positive, shape: positive }),
  z.strictObject({ kind: z.literal('weibull'), scale: positive, shape: positive }),
  z.strictObject({
    kind: z.literal('gamma'),
    scale: positive,
    shape: z.number().min(0.01).max(1e6),
  }),
  z
    .strictObject({
      kind: z.literal('triangular'),
      low: atLeastZero,
      mode: atLeastZero,
      high: atLeastZero,
    })
    .refine(({ low, mode, high }) => low <= mode && mode <= high, {
      message: "'low', 'mode' and 'high' in this order",
      path: ['mode'],
    }),
])

/** The largest number that a distribution can draw with streams of 32 bits. */
export function largestOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value
    case 'uniform':
      return distribution.high
    case 'exponential':
      return distribution.mean * 23
    case 'normal':
      return distribution.mean + maxima.deviations * distribution.deviation
    case 'lognormal':
      return distribution.median * exp(maxima.deviations * distribution.sigma)
    case 'pareto':
      return distribution.scale * pow(8_600_000_000, 1 / distribution.shape)
    default:
      return drawableRange(distribution).largest
  }
}

/** A delay in ms, drawn anew each time. */
export const delayMs = anyDistribution.refine((given) => largestOf(given) <= maxima.delayMs, {
  message: 'delays of at most 100 days, even the longest ones drawn',
})

/** A price in native units, or a factor on one. */
export const price = anyDistribution.refine((given) => largestOf(given) <= maxima.price, {
  message: `numbers of at most ${maxima.price}, even the largest ones drawn`,
})

/** A lognormal amount of dollars. */
export const lognormalUsd = z
  .strictObject({ median: positive, sigma: atLeastZero })
  .refine((given) => largestOf({ kind: 'lognormal', ...given }) <= maxima.usd, {
    message: `at most ${maxima.usd} dollars, even the largest amount drawn`,
  })

/** A point on the globe, degrees. */
export const coordinates = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
})

/** What a node has in common with others. */
export const attributes = {
  region: z.string().min(1).max(200).describe('A region of the latency matrix, e.g. us-east-1.'),
  operator: z.string().min(1).max(200).describe('Who runs it.'),
  cloud: z.string().min(1).max(200).optional().describe('Whose machines it runs on, e.g. aws.'),
  country: z.string().min(1).max(200).optional(),
  client: z.string().min(1).max(200).optional().describe('The software it runs.'),
  autonomousSystem: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('What routes its traffic, e.g. AS16509.'),
  coordinates: coordinates
    .optional()
    .describe("Where it lies; else, in a cloud region, the region's."),
}

export const description = z.string().max(10_000).optional().describe('A line for people.')
