import * as z from 'zod'
import { maxima } from './maxima.ts'
import { attributes, count, dollars } from './primitives.ts'

const name = z.string().min(1).max(200)
const votes = z.int().min(0).max(maxima.nodes)
const common = {
  inFavour: votes.describe('Votes for it.'),
  recused: votes.default(0).describe('Members who may not vote on it, for a conflict of interest.'),
}

/** A council of members with one vote each, who decide on who is a validator. */
export const association = z.strictObject({
  investmentUsd: dollars.describe('The least that a member puts in; non-profits are exempt.'),
  membersMax: count.max(maxima.nodes),
  majority: z
    .strictObject({ needs: count, of: count })
    .refine(({ needs, of }) => needs <= of, { message: 'a fraction of at most 1' })
    .describe('The part of the votes that a change of members needs.'),
  motions: z
    .array(
      z.discriminatedUnion('what', [
        z.strictObject({
          what: z.literal('admit'),
          member: z.strictObject({
            name,
            ...attributes,
            investmentUsd: dollars.default(0),
            nonProfit: z.boolean().default(false),
          }),
          ...common,
        }),
        z.strictObject({ what: z.literal('remove'), member: name, ...common }),
      ]),
    )
    .max(maxima.entries)
    .default([])
    .describe('Changes of members, voted on one after the other before the chain starts.'),
})

export type AssociationConfig = z.output<typeof association>
