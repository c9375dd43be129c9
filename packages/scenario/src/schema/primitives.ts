import { parseDuration } from '@counterpoise/engine'
import { z } from 'zod'

/** A span of time as text; becomes µs. */
export const duration = z
  .string()
  .transform((text, context) => {
    const span = parseDuration(text)
    if (span !== undefined) return span
    context.addIssue({ code: 'custom', message: 'a duration such as 250ms, 12s, 10m or 1h30m' })
    return z.NEVER
  })
  .describe('A span of time: a number with a unit (us, ms, s, m, h, d), also several: 1h30m.')

/** As `duration`, but longer than nothing. */
export const span = duration.refine((time) => time > 0, { message: 'a duration above 0' })

export const probability = z.number().min(0).max(1)
export const positive = z.number().positive()
export const atLeastZero = z.number().min(0)
export const count = z.int().positive()

/** A distribution; the unit of its numbers is that of the field. */
export const distribution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), value: atLeastZero }),
  z
    .strictObject({ kind: z.literal('uniform'), low: atLeastZero, high: atLeastZero })
    .refine(({ low, high }) => low <= high, { message: "'low' of at most 'high'" }),
  z.strictObject({ kind: z.literal('exponential'), mean: positive }),
  z.strictObject({ kind: z.literal('normal'), mean: z.number(), deviation: atLeastZero }),
  z.strictObject({ kind: z.literal('lognormal'), median: positive, sigma: atLeastZero }),
  z.strictObject({ kind: z.literal('pareto'), scale: positive, shape: positive }),
])

/** What a node has in common with others. */
export const attributes = {
  region: z.string().min(1).describe('A region of the latency matrix, e.g. us-east-1.'),
  operator: z.string().min(1).describe('Who runs it.'),
  cloud: z.string().min(1).optional().describe('Whose machines it runs on, e.g. aws.'),
  country: z.string().min(1).optional(),
  client: z.string().min(1).optional().describe('The software it runs.'),
}

export const description = z.string().optional().describe('A line for people.')
