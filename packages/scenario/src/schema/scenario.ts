import type { ConsensusModel } from '@counterpoise/consensus'
import { parseInstant } from '@counterpoise/rails'
import * as z from 'zod'
import { fault, type FaultConfig } from './faults.ts'
import { maxima } from './maxima.ts'
import { count, description, duration, span } from './primitives.ts'
import { type RailConfig, railSchema } from './rails.ts'
import { limitsSchema, workloadSchema } from './workload.ts'

const instantExpected = 'an instant such as 2026-11-17T14:00:00Z'

const instant = z
  .string({ error: instantExpected })
  .transform((text, context) => {
    const instant = parseInstant(text)
    if (instant !== undefined) return instant
    context.addIssue({ code: 'custom', message: instantExpected })
    return z.NEVER
  })
  .describe('What the clock of the world says at time 0, ISO 8601 in UTC.')

const railName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, { message: 'a name like bitcoin or my-rail' })

/** The schema of a scenario whose chains may use the given consensus models. */
export function scenarioSchema(models: readonly ConsensusModel[]): z.ZodType<ScenarioData> {
  return z.strictObject({
    $schema: z.string().optional().describe('The JSON Schema, for editors; not looked at.'),
    name: z.string().min(1).max(200),
    description,
    seed: z
      .union([z.string().max(200), z.int()])
      .transform(String)
      .prefault('1')
      .describe('Any text; the same seed gives the same run.'),
    ties: z
      .enum(['fifo', 'shuffle'])
      .default('fifo')
      .describe('Order of simultaneous events: as scheduled, or at random by the seed.'),
    startsAt: instant.prefault('2026-11-17T14:00:00Z'),
    offer: z
      .enum(['each', 'routed', 'each and routed'])
      .default('each')
      .describe('The same payments to each rail alone, to all behind the router, or both.'),
    router: z
      .strictObject({
        name: railName.default('hybrid'),
        deadlineFor: z.enum(['inclusion', 'finality']).default('inclusion'),
      })
      .default({ name: 'hybrid', deadlineFor: 'inclusion' }),
    rails: z
      .record(railName, railSchema(models))
      .refine((rails) => Object.keys(rails).length > 0, { message: 'at least one rail' })
      .refine((rails) => Object.keys(rails).length <= maxima.rails, {
        message: `at most ${maxima.rails} rails`,
      }),
    workload: workloadSchema,
    faults: z.array(fault).max(maxima.entries).default([]),
    drain: duration
      .default(0)
      .describe('How long the run waits for payments under way after the last was offered.'),
    until: span.optional().describe('Ends the run at this time, whatever is under way.'),
    blocks: count
      .max(maxima.blocks)
      .optional()
      .describe('Ends the run when a chain has made so many blocks, and not at a time.'),
    limits: limitsSchema.default({ events: 2_000_000_000 }),
  }) as unknown as z.ZodType<ScenarioData>
}

/** A scenario after its checks: defaults filled in, sources taken out, durations in µs. */
export type ScenarioData = {
  name: string
  description?: string | undefined
  seed: string
  /** The order of events of one instant and one priority. */
  ties: 'fifo' | 'shuffle'
  /** µs since 1970-01-01T00:00:00Z. */
  startsAt: number
  offer: 'each' | 'routed' | 'each and routed'
  router: { name: string; deadlineFor: 'inclusion' | 'finality' }
  rails: Record<string, RailConfig>
  workload: z.output<typeof workloadSchema>
  faults: FaultConfig[]
  drain: number
  until?: number | undefined
  blocks?: number | undefined
  limits: { events: number }
}
