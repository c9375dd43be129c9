import { ms, type Time } from '@counterpoise/engine'
import * as z from 'zod'

const milliseconds = (): z.ZodNumber => z.number().nonnegative()

/**
 * What a scenario may say of Gasper. Defaults are Ethereum mainnet's of 2026 (fork Fulu with
 * BPO2): `consensus-specs` at a08d8a6e, measurements as named.
 */
export const gasperParameters = z.strictObject({
  slotMs: z
    .number()
    .positive()
    .default(12_000)
    .describe('Length of a slot, ms. Source: consensus-specs, SLOT_DURATION_MS.'),
  slotsPerEpoch: z
    .int()
    .min(2)
    .max(64)
    .default(32)
    .describe('Slots in an epoch. Source: consensus-specs, SLOTS_PER_EPOCH.'),
  start: z
    .enum(['genesis', 'running'])
    .default('genesis')
    .describe(
      'What stands before the first block. `genesis`: nothing, and the first two epochs justify ' +
        'nothing (consensus-specs, process_justification_and_finalization). `running`: a chain ' +
        'in good health, so that finality takes as long from the beginning as ever after.',
    ),
  attestationDueMs: milliseconds()
    .default(3_999)
    .describe(
      'When a slot’s committee votes at the latest, ms after the slot began; a block is timely ' +
        'before it. Source: consensus-specs, ATTESTATION_DUE_BPS, 3333 bp of 12 s.',
    ),
  attestationDelayMaxMs: milliseconds()
    .default(200)
    .describe(
      'A voter votes U(0, this) ms after the slot’s block has reached it. Assumed: clients vote ' +
        'as soon as the block is imported.',
    ),
  attestationSpread: z
    .enum(['aggregated', 'flooded'])
    .default('aggregated')
    .describe(
      'How votes travel. `aggregated`: in one hop to the slot’s aggregators, who flood what they ' +
        'gathered (a committee’s subnet counts as one hop). `flooded`: every node’s vote is ' +
        'flooded by itself, n floods per slot.',
    ),
  aggregators: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe(
      'Aggregators drawn per slot, with replacement, by weight. Source: consensus-specs, ' +
        'TARGET_AGGREGATORS_PER_COMMITTEE.',
    ),
  aggregationDueMs: milliseconds()
    .default(8_000)
    .describe(
      'When the first aggregator publishes, ms after the slot began. Source: consensus-specs, ' +
        'AGGREGATE_DUE_BPS, 6667 bp of 12 s.',
    ),
  aggregationStepMs: milliseconds()
    .default(200)
    .describe(
      'How much later each further aggregator speaks, ms, and only if it holds votes that nobody ' +
        'has published. Assumed: mainnet’s aggregators all speak at once.',
    ),
  proposerBoost: z
    .number()
    .min(0)
    .default(0.4)
    .describe(
      'Weight lent to a timely block during its slot, share of a slot’s committee weight. ' +
        'Source: consensus-specs, PROPOSER_SCORE_BOOST.',
    ),
  proposalDelayMedianMs: milliseconds()
    .default(1_400)
    .describe(
      'Median of the lognormal delay after which a proposer publishes, ms after the slot began. ' +
        'Source: Xatu, 47,829 MEV-Boost blocks of 2026-04-25 to 05-01, first seen anywhere at a ' +
        'median of 1,481 ms, less one hop (about 80 ms, assumed).',
    ),
  proposalDelaySigma: z
    .number()
    .min(0)
    .default(0.44)
    .describe(
      'Sigma of that lognormal, no unit. Source: the same blocks’ 95th percentile of 3,051 ms: ' +
        'ln(3051 / 1481) / 1.645.',
    ),
  missedSlotProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.003)
    .describe(
      'Probability that a proposer which is up publishes nothing. Source: reldo.dev, January and ' +
        'February 2026, 0.15 to 0.31 % of slots a day.',
    ),
  blockBaseBytes: z
    .number()
    .nonnegative()
    .default(8_000)
    .describe('Bytes of a block without payments and attestations. Assumed.'),
  attestationBytes: z
    .number()
    .nonnegative()
    .default(300)
    .describe('Bytes of an attestation or of an aggregate of equal ones. Assumed.'),
  requestBytes: z
    .number()
    .nonnegative()
    .default(100)
    .describe('Bytes of a request for blocks. Assumed.'),
  requestTimeoutMs: z
    .number()
    .positive()
    .default(2_000)
    .describe('After how long a node asks another one for the blocks it misses, ms. Assumed.'),
  requestBlocksMax: z
    .int()
    .positive()
    .default(64)
    .describe('Blocks in one answer to a request at most. Assumed: two epochs.'),
})

export type GasperParameters = z.output<typeof gasperParameters>

/** The parameters' times in µs. */
export type Timing = {
  slot: Time
  attestationDue: Time
  attestationDelayMax: Time
  aggregationDue: Time
  aggregationStep: Time
  requestTimeout: Time
}

export function timingOf(parameters: GasperParameters): Timing {
  return {
    slot: ms(parameters.slotMs),
    attestationDue: ms(parameters.attestationDueMs),
    attestationDelayMax: ms(parameters.attestationDelayMaxMs),
    aggregationDue: ms(parameters.aggregationDueMs),
    aggregationStep: ms(parameters.aggregationStepMs),
    requestTimeout: ms(parameters.requestTimeoutMs),
  }
}
