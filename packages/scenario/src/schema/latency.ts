import * as z from 'zod'
import { maxima } from './maxima.ts'
import { delayMs, milliseconds, positive, probability } from './primitives.ts'

const tableYear = z.enum(['2015', '2019'])

/** A year of the tables of six regions; a number is taken for its text. */
export const year = z.preprocess(
  (given) => (typeof given === 'number' ? String(given) : given),
  tableYear,
) as unknown as typeof tableYear

const jitter = z.union([
  z.enum(['normal', 'none', 'lognormal', 'pareto']),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('lognormal'), sigma: positive.max(10) }),
    z.strictObject({ kind: z.literal('pareto'), shape: z.number().gt(1).max(1e6) }),
  ]),
  z
    .strictObject({ kind: z.enum(['normal', 'pareto']), fit: z.literal('p90') })
    .describe('Through p50 and p90, as lognormal is.'),
])

const regionNames = z.array(z.string().min(1).max(200)).min(1).max(maxima.entries)
const table = z.array(z.array(milliseconds).max(maxima.entries)).max(maxima.entries)

const quantile = z.tuple([probability, milliseconds])
const measurement = z.union([
  z.strictObject({ quantilesMs: z.array(quantile).min(1).max(maxima.entries) }),
  z.strictObject({ samplesMs: z.array(milliseconds).min(1).max(maxima.samples) }),
])

const roundTrip = z
  .boolean()
  .default(false)
  .describe('The numbers are round trips, of which half is one way.')

/** How long a message is under way between two nodes of a chain. */
export const latency = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('measured'), jitter: jitter.default('normal') })
    .describe('Between regions, as measured between AWS regions: p50 and p90.'),
  z
    .strictObject({
      kind: z.literal('sixRegions'),
      year: year.default('2019'),
      jitter: z
        .union([
          z.enum(['none', 'pareto']),
          z.strictObject({ kind: z.literal('pareto'), shape: z.number().gt(1).max(1e6) }),
        ])
        .default('pareto'),
    })
    .describe("Between six regions, as simulators of Bitcoin have it; cloud regions' are known."),
  z
    .strictObject({
      kind: z.literal('distance'),
      routeFactor: z.number().min(1).max(100).optional().describe('Way by great circle; 1.76.'),
      constantMs: milliseconds.optional().describe('Added to every message; 1.66.'),
      kmPerSecond: z.number().min(1).max(1e6).optional().describe('Else that of light in fibre.'),
      jitterMs: delayMs.optional().describe('Drawn for each message and added.'),
    })
    .describe('By the great circle between coordinates, or else those of a cloud region.'),
  z.strictObject({ kind: z.literal('constant'), ms: milliseconds }),
  z.strictObject({ kind: z.literal('drawn'), ms: delayMs }),
  z
    .strictObject({
      kind: z.literal('empirical'),
      within: measurement.describe('Between nodes of one region.'),
      between: measurement.describe('Between nodes of two regions.'),
      links: z
        .array(z.strictObject({ from: z.string(), to: z.string(), measured: measurement }))
        .max(maxima.entries)
        .default([])
        .describe('From one region to another, where it is known better; one way.'),
    })
    .describe('As measured, one way: quantiles with lines between, or single delays.'),
  z
    .strictObject({
      kind: z.literal('matrix'),
      regions: regionNames,
      p50Ms: table.describe('Row = from, column = to, in the order of `regions`.'),
      p90Ms: table.optional().describe('Needed by jitter of the kinds normal and lognormal.'),
      roundTrip,
      jitter: jitter.optional().describe('normal where there is a p90, else none.'),
    })
    .describe('A matrix of your own.'),
  z
    .strictObject({
      kind: z.literal('matrixFile'),
      file: z.string().min(1).optional().describe('CSV: from, to, p50_ms[, p90_ms].'),
      csv: z.string().optional().describe('The text itself.'),
      roundTrip,
      jitter: jitter.optional().describe('normal where there is a p90, else none.'),
    })
    .describe('A matrix of your own, in a CSV file with a line for each pair of regions.'),
])

/** What the schema makes of a latency. */
export type LatencyConfig = z.output<typeof latency>
/** What was measured on a class of links. */
export type MeasurementConfig = z.output<typeof measurement>
export type JitterConfig = z.output<typeof jitter>
