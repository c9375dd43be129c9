import * as z from 'zod'
import { maxima } from './maxima.ts'
import {
  coordinates,
  count,
  delayMs,
  duration,
  milliseconds,
  positive,
  probability,
  span,
} from './primitives.ts'

const text = z.string().min(1).max(200)
const oneOrMore = z.union([text, z.array(text).min(1).max(maxima.entries)]).optional()

/** Whom something hits. */
export const selector = z
  .strictObject({
    region: oneOrMore,
    operator: oneOrMore,
    cloud: oneOrMore,
    country: oneOrMore,
    client: oneOrMore,
    autonomousSystem: oneOrMore,
    role: oneOrMore,
    name: oneOrMore,
    rail: oneOrMore,
    within: coordinates
      .extend({ km: positive.max(20_100) })
      .optional()
      .describe('At most so far from a point.'),
  })
  .refine((given) => Object.keys(given).length > 0, { message: 'at least one attribute' })
  .describe('Sites that match all of it; of several values any will do.')

const common = {
  label: z.string().max(200).optional().describe('What the report calls it.'),
  at: duration,
  for: span.optional().describe('How long it lasts; else to the end of the run.'),
  repeat: z
    .strictObject({
      every: span.describe('From one beginning to the next.'),
      times: count.max(maxima.repetitions).optional().describe('In all; else to the end.'),
      spread: z
        .enum(['regular', 'exponential'])
        .default('regular')
        .describe('At equal distances, or at random, anew in each replication.'),
    })
    .optional(),
}

const links = {
  ...common,
  where: selector.describe('Whose links: all to and from these, or those to `to`.'),
  to: selector.optional().describe('Only the links from `where` to these.'),
}

/** Something that goes wrong. */
export const fault = z.discriminatedUnion('what', [
  z
    .strictObject({ what: z.literal('outage'), ...common, where: selector })
    .describe('Sites are down, and come back as they were.'),
  z
    .strictObject({
      what: z.literal('partition'),
      ...common,
      sides: z
        .array(selector)
        .min(1)
        .max(maxima.sides)
        .describe('Who reaches only his own side; of one side, all others are the other.'),
      mode: z
        .union([z.enum(['drop', 'hold']), z.strictObject({ slowMs: milliseconds })])
        .default('drop')
        .describe('Messages are lost, held until it is over, or take longer.'),
    })
    .describe('Nodes of a chain are cut off from each other.'),
  z
    .strictObject({ what: z.literal('delay'), ...links, delayMs: z.union([milliseconds, delayMs]) })
    .describe('Messages take longer.'),
  z
    .strictObject({ what: z.literal('loss'), ...links, probability })
    .describe('Messages are lost, each with this probability.'),
  z
    .strictObject({
      what: z.literal('throttle'),
      ...links,
      share: positive.max(1).describe("The part of the senders' bandwidth that is left."),
    })
    .describe('Links have less bandwidth.'),
])

/** What the schema makes of a fault. */
export type FaultConfig = z.output<typeof fault>
