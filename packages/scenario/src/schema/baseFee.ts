import * as z from 'zod'
import { maxima } from './maxima.ts'
import { count } from './primitives.ts'

const units = count.max(maxima.units)

/** How the base fee of a chain moves, if it has one. */
export const baseFee = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('fork').describe("By the rules of the chain's `execution`."),
    start: z
      .enum(['floor', 'activation'])
      .default('floor')
      .describe('Of the first block: where an idle chain stands, or where the fork began.'),
    gasTarget: units.optional().describe("Instead of the fork's."),
    changeDenominator: count.optional(),
    minimum: z.int().min(0).optional(),
    maximum: z.int().min(0).optional(),
  }),
  z
    .strictObject({
      kind: z.literal('eip1559'),
      initial: z.int().min(0).describe('Of the first block, native units per gas.'),
      gasTarget: units,
      changeDenominator: count.default(8),
      minimum: z.int().min(0).default(0),
      maximum: z.int().min(0).default(Number.MAX_SAFE_INTEGER),
    })
    .refine(({ minimum, initial, maximum }) => minimum <= initial && initial <= maximum, {
      message: "'initial' between 'minimum' and 'maximum'",
      path: ['initial'],
    }),
])
