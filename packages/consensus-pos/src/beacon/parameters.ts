import * as z from 'zod'
import { forkNames } from '../transition/forkProfile.ts'
import { attacks } from './attacks.ts'
import type { AttackName } from './attacks.ts'
import { defaultMesh } from './beaconOptions.ts'
import { payloadParameters } from './payloadParameters.ts'
import { marketParameters } from './marketParameters.ts'

const milliseconds = (): z.ZodNumber => z.number().nonnegative().max(3_600_000)
const sigma = (): z.ZodNumber => z.number().min(0).max(5)
const probability = (): z.ZodNumber => z.number().min(0).max(1)
const attackNames = Object.keys(attacks) as [AttackName, ...AttackName[]]

const proposal = {
  proposalMedianMs: milliseconds()
    .optional()
    .describe(
      'Median of the lognormal delay after which a proposer publishes, ms after the slot began; ' +
        '1,400. Source: Xatu, 47,829 MEV-Boost blocks of 2026-04-25 to 05-01, first seen at a ' +
        'median of 1,481 ms, less one hop (about 80 ms, assumed).',
    ),
  proposalSigma: sigma()
    .optional()
    .describe(
      'Sigma of that lognormal; 0.44. Source: the same blocks’ 95th percentile of 3,051 ms: ' +
        'ln(3051 / 1481) / 1.645.',
    ),
  missedSlotProbability: probability()
    .optional()
    .describe(
      'Probability that a proposer which is up publishes nothing; 0.0023. Source: reldo.dev, ' +
        'January and February 2026, 0.15 to 0.31 % of slots a day.',
    ),
}

/** What a scenario may say of the validators of one entry, besides its share of the stake. */
export const beaconStake = z.strictObject({
  validators: z
    .int()
    .min(0)
    .max(16_777_216)
    .optional()
    .describe('How many, on all its nodes together; else by weight.'),
  balanceEther: z.number().min(0).max(2_048).optional().describe('Balance of each, ETH.'),
  compounding: z
    .boolean()
    .optional()
    .describe('Credentials that let effective balances grow to 2,048 ETH, from Electra on.'),
  behaviour: z
    .enum(['honest', 'offline', 'censoring', ...attackNames])
    .default('honest')
    .describe(
      'What they do: keep to the protocol; nothing at all; build blocks without the payments of ' +
        '`sanctioned`, and list none; or attack together.',
    ),
  relays: z
    .boolean()
    .optional()
    .describe('Whether their blocks come from relays; else by `market.relayedShare`.'),
  ...proposal,
})

/** What a scenario may say of the validators of one entry. */
export type BeaconStake = z.output<typeof beaconStake>

const mesh = z
  .strictObject({
    degree: z
      .int()
      .min(2)
      .max(64)
      .default(defaultMesh.degree)
      .describe('Connections of a node, the D of gossipsub.'),
    linkMedianMs: milliseconds()
      .default(defaultMesh.linkMedianMs)
      .describe('Latency of a link one way, lognormal.'),
    linkSigma: sigma().default(defaultMesh.linkSigma),
    receiveMs: milliseconds()
      .default(defaultMesh.receiveMs)
      .describe('What receiving something small takes a node.'),
    perKilobyteMs: milliseconds()
      .default(defaultMesh.perKilobyteMs)
      .describe('And more for each kB.'),
    nodeSigma: sigma()
      .default(defaultMesh.nodeSigma)
      .describe('How unequally quick nodes are, lastingly; lognormal.'),
    messageSigma: sigma()
      .default(defaultMesh.messageSigma)
      .describe('And from message to message.'),
    lossProbability: probability()
      .default(defaultMesh.lossProbability)
      .describe('Of a message on a link; a heartbeat mends it.'),
    heartbeatMs: milliseconds().default(defaultMesh.heartbeatMs),
  })
  .prefault({})
  .describe(
    'How what is gossiped gets from node to node. Source: fitted to Xatu’s arrivals by size, ' +
      '2026-04-25 to 05-01.',
  )

/**
 * What a scenario may say of Ethereum's consensus as a network of nodes with many validators.
 * Where a value is left out it is the fork's, or that of mainnet in 2026.
 */
export const beaconParameters = z.strictObject({
  fork: z.enum(forkNames).default('fulu').describe('Whose rules hold; what they say, not when.'),
  validators: z
    .int()
    .min(4)
    .max(2_000_000)
    .optional()
    .describe(
      'Validators in all; 899,000. Those whose entries give no number share the rest by weight. ' +
        'Source: about 899 k in May 2026.',
    ),
  balanceEther: z
    .number()
    .min(0)
    .max(2_048)
    .default(32)
    .describe('Balance of each validator, ETH, where its entry says nothing.'),
  weights: z
    .enum(['relative', 'shares'])
    .default('relative')
    .describe('Whether the weights of the validators may have any sum, or must have the sum 1.'),
  attestations: z
    .enum(['committee', 'per-validator'])
    .default('committee')
    .describe(
      'Fidelity: the validators of a node vote at one moment and are spread evenly over the ' +
        'slots, or each is assigned and votes by itself.',
    ),
  start: z
    .enum(['genesis', 'running'])
    .default('genesis')
    .describe('Whether the chain begins, or goes on in good health.'),
  slotMs: z
    .number()
    .min(1)
    .max(3_600_000)
    .default(12_000)
    .describe('Length of a slot. Source: consensus-specs, SLOT_DURATION_MS.'),
  attestationDueMs: milliseconds()
    .optional()
    .describe('When votes are due, ms after the slot began; else the fork’s share of the slot.'),
  aggregateDueMs: milliseconds()
    .optional()
    .describe('When aggregates are published; else the fork’s share of the slot.'),
  proposalLatestMs: milliseconds()
    .optional()
    .describe(
      'No honest proposer publishes later in its slot, ms; else 715 ms before votes are due. ' +
        'Source: Xatu, January 2026, blocks of the latest class seen at 3,555 ms, and 0.15 to ' +
        '0.31 % of slots without a block in the chain.',
    ),
  attestationDelayMaxMs: milliseconds()
    .default(200)
    .describe('A voter votes U(0, this) ms after its node has the slot’s block. Assumed.'),
  ...proposal,
  blockBytesMedian: z
    .number()
    .min(1)
    .max(10_485_760)
    .default(74_000)
    .describe('Compressed bytes of a block, lognormal. Source: Xatu, April 2026, MEV-Boost.'),
  blockBytesSigma: sigma().default(0.4).describe('Source: the same.'),
  mesh,
  proposerReorg: z
    .boolean()
    .default(true)
    .describe('May proposers leave a late, weak block out (get_proposer_head)?'),
  proposerBoost: z
    .number()
    .min(0)
    .max(10)
    .optional()
    .describe('Weight lent to a timely block, share of a slot’s committee; else the fork’s.'),
  equivocationDiscount: z
    .boolean()
    .default(true)
    .describe('Do votes of validators that contradict themselves lose their weight?'),
  payloads: payloadParameters.optional(),
  market: marketParameters.optional(),
  sanctioned: z
    .array(z.int().min(0))
    .min(1)
    .max(100_000)
    .optional()
    .describe('Accounts from and to which censors leave payments out, by their numbers.'),
  inclusionLists: z
    .boolean()
    .optional()
    .describe('Whether committees list payments that blocks must hold; where the fork has them.'),
  attackSlots: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe('`ex-ante-reorg`: for how many slots in a row it keeps back what it has.'),
  attackDelayMs: milliseconds()
    .default(3_700)
    .describe('`boundary-withholding`: when the first block of an epoch comes.'),
  assertSafety: z
    .boolean()
    .default(false)
    .describe('Claims safety: at most a third of the stake may attack, or nothing starts.'),
})

/** What the schema makes of the parameters. */
export type BeaconParameters = z.output<typeof beaconParameters>
