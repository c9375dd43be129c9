import { BaseError, createSampler, type Distribution, drawableRange } from '@counterpoise/engine'
import * as z from 'zod'

/** 100 days, ms. */
const longest = 8_640_000_000
const milliseconds = z.number().min(0).max(longest)

const distribution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), value: milliseconds }),
  z.strictObject({ kind: z.literal('uniform'), low: milliseconds, high: milliseconds }),
  z.strictObject({ kind: z.literal('exponential'), mean: milliseconds.positive() }),
  z.strictObject({ kind: z.literal('normal'), mean: milliseconds, deviation: milliseconds }),
  z.strictObject({
    kind: z.literal('lognormal'),
    median: milliseconds.positive(),
    sigma: z.number().min(0).max(10),
  }),
  z
    .strictObject({
      kind: z.literal('empirical'),
      shares: z.array(z.number().min(0).max(1)).min(2).max(10_000),
      values: z.array(milliseconds).min(2).max(10_000),
    })
    .describe('Measured quantiles with lines between: shares from 0 to 1, and the delays there.'),
])

/** Whether all that can be drawn is a time. */
function isTime(given: Distribution): boolean {
  try {
    createSampler(given)
    return drawableRange(given).largest <= longest
  } catch (cause) {
    if (cause instanceof BaseError) return false
    throw cause
  }
}

/** Delays, ms: one, or a distribution of them; draws below 0 are taken for 0. */
export const delayParameter = z.union([
  milliseconds,
  distribution.refine(isTime, {
    message: 'a distribution that can be, of delays of at most 100 days',
  }),
])

/** What is drawn where a single number stands for itself. */
export const drawnFrom = (given: z.output<typeof delayParameter>): Distribution =>
  typeof given === 'number' ? { kind: 'constant', value: given } : given
