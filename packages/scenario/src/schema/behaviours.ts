import * as z from 'zod'
import { selector } from './faults.ts'
import { maxima } from './maxima.ts'
import { count, milliseconds, probability } from './primitives.ts'

const where = selector.describe('Which validators of the chain.')

const of = <what extends string, shape extends z.ZodRawShape>(
  what: what,
  description: string,
  more: shape,
) => z.strictObject({ what: z.literal(what), where, ...more }).describe(description)

const behaviour = z.discriminatedUnion('what', [
  of('silent', 'Hear everything and say nothing.', {}),
  of('slow', 'All that they say leaves later.', { delayMs: milliseconds }),
  of('equivocatingLeader', 'As leaders they make two blocks and show each to half.', {}),
  of('doubleVoting', 'Vote for every block of a round that they hear of.', {}),
  of('voteWithholding', "Propose and vote for nobody else's block.", {}),
  of('selectiveSending', 'Talk only to some.', { to: selector }),
  of('censoringLeader', 'As leaders they leave payments out although they wait.', {
    accounts: probability.describe('The share of accounts whose payments, from and to, they omit.'),
  }),
  of('twin', 'Two replicas with one key, each talking with one side only.', {
    side: selector.describe('Whom the one talks with; the other talks with the rest.'),
  }),
  of('replay', 'Say again, with each message, one that they said before.', {
    age: count.max(1_000_000).default(1).describe('So many messages before.'),
  }),
  of('clock', 'Their clocks are ahead, or behind where below 0.', {
    offsetMs: z.number().min(-maxima.milliseconds).max(maxima.milliseconds),
  }),
])

/** How validators of a chain depart from the protocol, all through the run. */
export const behaviours = z.array(behaviour).max(maxima.entries)

/** What the schema makes of a behaviour. */
export type BehaviourConfig = z.output<typeof behaviour>
