import * as z from 'zod'
import type { Strategy } from './attack.ts'
import { optimalPolicy } from './optimalPolicy.ts'
import { strategyOfTable } from './policyTable.ts'
import {
  doubleSpending,
  featherForking,
  honestMining,
  majorityMining,
  selfishMining,
} from './strategies.ts'

const rows = z.array(z.string().regex(/^[aomw]+$/))

const policyTable = z.strictObject({
  name: z.string(),
  size: z.int().min(1).describe('The largest number of blocks that the table knows.'),
  irrelevant: rows.describe('What to do when the attacker has found the last block.'),
  relevant: rows.describe('What to do when the public branch has just got longer.'),
  active: rows.describe('What to do when both branches are public.'),
})

/** How a file or a command names what a miner does instead of following the rules. */
export const strategySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('honest') }),
  z.strictObject({ kind: z.literal('selfish') }),
  z.strictObject({ kind: z.literal('policy'), table: policyTable }),
  z.strictObject({
    kind: z.literal('optimal'),
    alpha: z.number().gt(0).lt(0.5).describe('Share of the hash rate it is optimal for.'),
    gamma: z.number().min(0).max(1).describe('Share of the others on its side in a tie.'),
    size: z.int().min(2).max(120).default(40).describe('Blocks of the longest branch.'),
  }),
  z.strictObject({
    kind: z.literal('double-spend'),
    confirmations: z.int().min(1).default(6).describe('Blocks that the merchant waits for.'),
    premined: z.int().min(0).default(1).describe('Blocks in hand at the payment.'),
    giveUpDeficit: z.int().min(1).default(40).describe('Blocks behind at which it gives up.'),
  }),
  z.strictObject({ kind: z.literal('majority') }),
  z.strictObject({
    kind: z.literal('feather-fork'),
    targetShare: z.number().min(0).max(1).describe("Part of the others' blocks it objects to."),
    giveUpConfirmations: z
      .int()
      .min(1)
      .optional()
      .describe('Blocks on top of a censored one at which it gives in; never without it.'),
  }),
])

export type StrategyOption = z.input<typeof strategySchema>

/** The names of the strategies, as a file or a command gives them. */
export const strategyKinds = strategySchema.options.map(({ shape }) => shape.kind.value)

/**
 * Makes a strategy of its description.
 *
 * @throws ZodError where the description is none, MinerLevelError where a table is impossible.
 */
export function strategyOf(option: StrategyOption): Strategy {
  const parsed = strategySchema.parse(option)
  switch (parsed.kind) {
    case 'honest':
      return honestMining()
    case 'selfish':
      return selfishMining()
    case 'policy':
      return strategyOfTable(parsed.table)
    case 'optimal':
      return strategyOfTable(optimalPolicy(parsed).policy)
    case 'double-spend':
      return doubleSpending(parsed)
    case 'majority':
      return majorityMining()
    case 'feather-fork': {
      const { targetShare, giveUpConfirmations = Number.POSITIVE_INFINITY } = parsed
      return featherForking({ targetShare, giveUpConfirmations })
    }
  }
}
