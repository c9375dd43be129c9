import * as z from 'zod'
import { maxima } from './maxima.ts'
import { attributes, duration } from './primitives.ts'

const name = z.string().min(1).max(200)
const at = duration.describe('When the transaction of the owner is in the pool.')
const member = z.strictObject({ name, ...attributes })

/** Who becomes a validator, and who ceases to be one, by the owner of the chain's contract. */
export const validatorChanges = z
  .array(
    z.discriminatedUnion('what', [
      z.strictObject({ at, what: z.literal('add'), member }),
      z.strictObject({ at, what: z.literal('remove'), validator: name }),
      z.strictObject({
        ...{ at, what: z.literal('rotate'), validator: name },
        member: member.describe('Who takes its vote over, with a key of its own.'),
      }),
    ]),
  )
  .max(maxima.entries)
  .default([])
  .describe('Changes of the validators: registered by a block, in force after the next ceremony.')

export type ValidatorChangeConfig = z.output<typeof validatorChanges>[number]
