import { ms, type Time } from '@counterpoise/engine'
import * as z from 'zod'

/** What can be set of the model; every default is what Tempo runs. */
export const simplexParameters = z.strictObject({
  leaderTimeoutMs: z
    .number()
    .positive()
    .default(1_200)
    .describe(
      'ms that a view waits for the proposal of its leader before it is nullified. ' +
        'Source: tempoxyz/tempo d656ef5, crates/consensus/src/args.rs, wait-for-proposal.',
    ),
  certificationTimeoutMs: z
    .number()
    .positive()
    .default(2_000)
    .describe(
      'ms that a view waits for a certificate before it is nullified. ' +
        'Source: tempoxyz/tempo d656ef5, args.rs, wait-for-notarizations.',
    ),
  nullifyRetryMs: z
    .number()
    .positive()
    .default(10_000)
    .describe(
      'ms between two broadcasts of the same nullify vote while a view lasts. ' +
        'Source: tempoxyz/tempo d656ef5, args.rs, wait-to-rebroadcast-nullify.',
    ),
  skipViews: z
    .int()
    .positive()
    .default(32)
    .describe(
      'Views without a vote of a member after which its own views are nullified at once. ' +
        'Source: tempoxyz/tempo d656ef5, args.rs, inactive-views-until-leader-skip.',
    ),
  viewsToTrack: z
    .int()
    .positive()
    .default(256)
    .describe(
      'Views below the last finalised one whose votes and certificates are kept. ' +
        'Source: tempoxyz/tempo d656ef5, args.rs, views-to-track.',
    ),
  buildBudgetMs: z
    .number()
    .nonnegative()
    .default(500)
    .describe(
      'ms from the entry into a view to the proposal, the validation of it by others included: ' +
        'target block time 550 − network budget 50. ' +
        'Source: tempoxyz/tempo d656ef5, crates/consensus/src/lib.rs.',
    ),
  fetchTimeoutMs: z
    .number()
    .positive()
    .default(2_000)
    .describe(
      'ms that a request to a peer may take before another peer is asked. ' +
        'Source: tempoxyz/tempo d656ef5, crates/consensus/src/consensus/engine.rs.',
    ),
  futureToleranceMs: z
    .number()
    .nonnegative()
    .default(0)
    .describe(
      'ms that the time of a block may be ahead of the clock of who checks it. ' +
        'Source: tempoxyz/tempo d656ef5, crates/evm/src/consensus/mod.rs.',
    ),
  headerBytes: z
    .int()
    .nonnegative()
    .default(800)
    .describe(
      'Bytes of a block on top of its payments. ' +
        'Source: calculated from the fields of a Tempo header, 700 to 1,000.',
    ),
  dissemination: z
    .enum(['inline', 'deferred', 'coded'])
    .default('inline')
    .describe(
      'How blocks travel and when they are executed. inline: whole blocks, executed before the ' +
        'vote to notarise, as Tempo does. deferred: whole blocks, executed after that vote and ' +
        'before the vote to finalise. coded: as deferred, but the leader sends each voter one ' +
        'shard, which goes on to the others with the vote; f + 1 shards give the block. ' +
        'Source: commonwarexyz/monorepo dc41a89, consensus/src/marshal.',
    ),
  termViews: z
    .int()
    .positive()
    .max(100_000)
    .default(1)
    .describe(
      'Views in a row that one leader leads; giving one of them up gives up the rest. ' +
        'Source: commonwarexyz/monorepo dc41a89, consensus/src/simplex, term_length.',
    ),
  optimisticViews: z
    .int()
    .nonnegative()
    .max(200)
    .default(0)
    .describe(
      'Views of a term ahead of its own in which a member votes before the views between are ' +
        'notarised, where it has voted for the parent. ' +
        'Source: commonwarexyz/monorepo dc41a89, docs/blogs/pipelining-simplex.md.',
    ),
  epochBlocks: z
    .int()
    .nonnegative()
    .max(500_000)
    .refine((count) => count !== 1, 'must be 0, for a single epoch without end, or at least 2')
    .default(0)
    .describe(
      'Blocks per epoch; 0 for one epoch without end. Tempo runs 21,600. ' +
        'Source: tempoxyz/tempo d656ef5, genesis files, epochLength.',
    ),
  membership: z
    .array(
      z.strictObject({
        epoch: z.int().nonnegative().describe('Epoch in which the change is registered.'),
        member: z.int().nonnegative().describe('Number of the member, from 0.'),
        weight: z.number().nonnegative().describe('Votes from then on; 0 to leave.'),
      }),
    )
    .default([])
    .describe(
      'Changes of the committee. One that is registered in epoch E deals in the key ceremony of ' +
        'E + 1 and takes effect in E + 2, if that ceremony succeeds. ' +
        'Source: tempoxyz/tempo d656ef5, tips/tip-1017.md.',
    ),
  fullCeremonies: z
    .array(z.int().nonnegative())
    .default([])
    .describe('Epochs whose ceremony makes a new group key instead of sharing the old one anew.'),
  ceremonyFailureProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Chance that a key ceremony fails for reasons that are not modelled; the committee stays. ' +
        'Source: assumed.',
    ),
})

export type SimplexParameters = z.output<typeof simplexParameters>

/** The parameters as the replica uses them: spans in µs. */
export type Settings = {
  leaderTimeout: Time
  certificationTimeout: Time
  nullifyRetry: Time
  buildBudget: Time
  fetchTimeout: Time
  futureTolerance: Time
  skipViews: number
  viewsToTrack: number
  headerBytes: number
  dissemination: 'inline' | 'deferred' | 'coded'
  termViews: number
  optimisticViews: number
  epochBlocks: number
  membership: readonly { epoch: number; member: number; weight: number }[]
  fullCeremonies: readonly number[]
  ceremonyFailureProbability: number
}

export function toSettings(parameters: SimplexParameters): Settings {
  return {
    leaderTimeout: ms(parameters.leaderTimeoutMs),
    certificationTimeout: ms(parameters.certificationTimeoutMs),
    nullifyRetry: ms(parameters.nullifyRetryMs),
    buildBudget: ms(parameters.buildBudgetMs),
    fetchTimeout: ms(parameters.fetchTimeoutMs),
    futureTolerance: ms(parameters.futureToleranceMs),
    skipViews: parameters.skipViews,
    viewsToTrack: parameters.viewsToTrack,
    headerBytes: parameters.headerBytes,
    dissemination: parameters.dissemination,
    termViews: parameters.termViews,
    optimisticViews: parameters.termViews === 1 ? 0 : parameters.optimisticViews,
    epochBlocks: parameters.epochBlocks,
    membership: parameters.membership,
    fullCeremonies: parameters.fullCeremonies,
    ceremonyFailureProbability: parameters.ceremonyFailureProbability,
  }
}
