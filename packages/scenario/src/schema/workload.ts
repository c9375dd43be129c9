import { exp } from '@counterpoise/engine'
import { loadShapes } from '@counterpoise/workload'
import * as z from 'zod'
import { maxima } from './maxima.ts'
import {
  atLeastZero,
  count,
  duration,
  largestOf,
  positive,
  positiveWeight,
  span,
} from './primitives.ts'

const process = z.enum(['poisson', 'regular'])
const rate = atLeastZero.max(maxima.rate)

const arrivals = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: process,
      ratePerSecond: rate,
      from: duration.optional(),
      until: span.optional(),
    })
    .refine(({ from = 0, until = Number.POSITIVE_INFINITY }) => from <= until, {
      message: "'from' of at most 'until'",
      path: ['from'],
    })
    .describe('A constant rate: arrivals at random, or evenly spaced.'),
  z
    .strictObject({
      kind: z.literal('steps'),
      process: process.default('poisson'),
      steps: z
        .array(z.strictObject({ at: duration, ratePerSecond: rate }))
        .min(1)
        .max(maxima.steps),
      until: span.optional(),
    })
    .refine(({ steps }) => steps.every((step, k) => k === 0 || step.at > steps[k - 1]!.at), {
      message: "steps in order, each 'at' later than the one before",
      path: ['steps'],
    })
    .refine(({ steps, until = Number.POSITIVE_INFINITY }) => steps.at(-1)!.at < until, {
      message: "'until' after the last step",
      path: ['until'],
    })
    .describe('Rates that change in steps.'),
  z
    .strictObject({
      kind: z.literal('shape'),
      shape: z.enum(Object.keys(loadShapes) as [string, ...string[]]),
      at: duration,
      scale: positive.max(maxima.rate).default(1),
    })
    .describe('A published load shape, begun at a time, its rates multiplied.'),
])

/** Money is counted in millionths. */
const usd = z.number().min(0.000_001).max(maxima.usd)

/** The median of a lognormal is its mean by exp(σ² / 2). */
const largestAmount = (meanUsd: number, sigma: number): number =>
  largestOf({ kind: 'lognormal', median: meanUsd / exp((sigma * sigma) / 2), sigma })

const amount = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('lognormal'), meanUsd: usd, sigma: atLeastZero.max(10) })
    .refine(({ meanUsd, sigma }) => largestAmount(meanUsd, sigma) <= maxima.usd, {
      message: `amounts of at most ${maxima.usd} dollars, even the largest ones drawn`,
    }),
  z.strictObject({ kind: z.literal('constant'), usd }),
])

/** Who pays whom, how much and when. */
export const workloadSchema = z.strictObject({
  for: span.describe(
    'How long payments are offered, from time 0; later rows of a trace are left out.',
  ),
  arrivals: z.array(arrivals).max(maxima.entries).default([]).describe('Added up.'),
  trace: z
    .union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ csv: z.string() })])
    .optional()
    .describe('Payments of a CSV file (time[, amount][, from][, to]) in place of the arrivals.'),
  amount,
  accounts: z.strictObject({
    count: z.int().min(2).max(maxima.accounts),
    openingUsd: usd.describe('What each account holds on each rail at the beginning.'),
    payerExponent: atLeastZero
      .max(20)
      .default(0)
      .describe('Zipf exponent of paying; 0: all alike.'),
    payeeExponent: atLeastZero
      .max(20)
      .default(1.05)
      .describe('Zipf exponent of being paid.'),
  }),
  patience: z
    .array(z.strictObject({ for: span, weight: positiveWeight.default(1) }))
    .min(1)
    .max(maxima.entries)
    .describe('How long payers wait before they give up, drawn by weight.'),
})

/** How a run is cut off. */
export const limitsSchema = z.strictObject({
  events: count.default(2_000_000_000).describe('A fuse: a run stops after as many events.'),
})
