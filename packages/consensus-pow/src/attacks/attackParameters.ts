import * as z from 'zod'
import { type StrategyOption, strategySchema } from './named.ts'

const miner = z.int().min(0)
const miners = z
  .array(miner)
  .min(1)
  .describe('Who attacks together, by their numbers in the list of validators.')
const accounts = z
  .array(z.int().min(0))
  .min(1)
  .describe('Accounts from and to which payments are not wanted, by their numbers.')

/** How miners follow a strategy of `strategySchema`; who, and what is the same for all of them. */
const together = {
  miners,
  gamma: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Part of the others that takes its block in a tie; else who hears what first.'),
}

const [honest, selfish, policy, optimal, doubleSpend, majority, featherFork] =
  strategySchema.options

/** The attacks on a chain of proof of work that a scenario can name. */
export const attackSchema = z.discriminatedUnion('kind', [
  honest.extend(together).describe('By the rules, but counted as an attack: to compare with.'),
  selfish.extend(together).describe('Selfish mining (SM1).'),
  policy.extend(together).describe('Selfish mining by a table.'),
  optimal.extend({ miners }).describe('Selfish mining by the best table for alpha and gamma.'),
  doubleSpend.extend(together).describe('Against a merchant, the first access node.'),
  majority.extend(together).describe('Mines on its own blocks only.'),
  featherFork
    .extend({
      ...together,
      targetShare: featherFork.shape.targetShare.optional(),
      accounts: accounts.optional(),
    })
    .describe('Orphans blocks with payments of `accounts`, or a share of the blocks.'),
  z
    .strictObject({
      kind: z.literal('block-withholding'),
      miners,
      pool: miner.describe('The pool that they pretend to work for.'),
    })
    .describe('Miners that work for a pool and throw away what they find.'),
  z
    .strictObject({ kind: z.literal('empty-blocks'), miners })
    .describe('Blocks without payments or other transactions.'),
  z
    .strictObject({ kind: z.literal('censorship'), miners, accounts })
    .describe('Blocks without the payments of some accounts.'),
  z
    .strictObject({ kind: z.literal('timestamps'), miners })
    .describe('Time stamps held back, and ahead at the end of each retarget period.'),
  z
    .strictObject({
      kind: z.literal('eclipse'),
      miners: miners.describe('The victims, by their numbers in the list of validators.'),
      fromMs: z.number().min(0).describe('From when, ms of virtual time.'),
      forMs: z.number().positive().describe('For how long, ms.'),
      allies: z
        .boolean()
        .default(false)
        .describe("They work on the branch of the scenario's only attack with a strategy."),
    })
    .describe('Miners that neither hear the others nor are heard for a while.'),
])

export type AttackParameters = z.output<typeof attackSchema>

/** An attack that follows a strategy. */
export type StrategicAttack = Extract<AttackParameters, StrategyOption | { kind: 'feather-fork' }>

const strategic: readonly string[] = strategySchema.options.map(({ shape }) => shape.kind.value)

export const isStrategic = (attack: AttackParameters): attack is StrategicAttack =>
  strategic.includes(attack.kind)
