import { loadShapes } from '@counterpoise/workload'
import { z } from 'zod'
import { atLeastZero, count, duration, positive, span } from './primitives.ts'

const process = z.enum(['poisson', 'regular'])

const arrivals = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: process,
      ratePerSecond: atLeastZero,
      from: duration.optional(),
      until: span.optional(),
    })
    .describe('A constant rate: arrivals at random, or evenly spaced.'),
  z
    .strictObject({
      kind: z.literal('steps'),
      process: process.default('poisson'),
      steps: z.array(z.strictObject({ at: duration, ratePerSecond: atLeastZero })).min(1),
      until: span.optional(),
    })
    .refine(({ steps }) => steps.every((step, k) => k === 0 || step.at > steps[k - 1]!.at), {
      message: "steps in order, each 'at' later than the one before",
      path: ['steps'],
    })
    .describe('Rates that change in steps.'),
  z
    .strictObject({
      kind: z.literal('shape'),
      shape: z.enum(Object.keys(loadShapes) as [string, ...string[]]),
      at: duration,
      scale: positive.default(1),
    })
    .describe('A published load shape, begun at a time, its rates multiplied.'),
])

const amount = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lognormal'), meanUsd: positive, sigma: atLeastZero }),
  z.strictObject({ kind: z.literal('constant'), usd: positive }),
])

/** Who pays whom, how much and when. */
export const workloadSchema = z.strictObject({
  for: span.describe('How long payments are offered, from time 0.'),
  arrivals: z.array(arrivals).default([]).describe('Added up.'),
  trace: z
    .union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ csv: z.string() })])
    .optional()
    .describe('Payments of a CSV file (time[, amount][, from][, to]) in place of the arrivals.'),
  amount,
  accounts: z.strictObject({
    count: z.int().min(2),
    openingUsd: positive.describe('What each account holds on each rail at the beginning.'),
    payerExponent: atLeastZero.default(0).describe('Zipf exponent of paying; 0: all alike.'),
    payeeExponent: atLeastZero.default(1.05).describe('Zipf exponent of being paid.'),
  }),
  patience: z
    .array(z.strictObject({ for: span, weight: positive.default(1) }))
    .min(1)
    .describe('How long payers wait before they give up, drawn by weight.'),
})

/** How a run is cut off. */
export const limitsSchema = z.strictObject({
  events: count.default(2_000_000_000).describe('A fuse: a run stops after as many events.'),
})
