import * as z from 'zod'
import { attackSchema } from './attacks/attackParameters.ts'
import { delayParameter } from './minerLevel/delayParameter.ts'
import { relayParameters } from './relay/parameters.ts'

const step = z.strictObject({
  atMs: z.number().nonnegative().describe('When the hash rate changes, ms of virtual time.'),
  factor: z
    .number()
    .nonnegative()
    .describe('What the hash rate is multiplied by, a plain number; 0 takes it away.'),
  miners: z
    .array(z.int().min(0))
    .min(1)
    .optional()
    .describe('Whose, by their numbers in the list of validators; else everybody’s.'),
})

const size = z.union([
  z.number().min(0).max(1e9),
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('uniform'),
      low: z.number().min(0),
      high: z.number().max(1e9),
    }),
    z.strictObject({
      kind: z.literal('normal'),
      mean: z.number().min(0).max(1e8),
      deviation: z.number().min(0).max(1e8),
    }),
    z.strictObject({
      kind: z.literal('lognormal'),
      median: z.number().positive().max(1e8),
      sigma: z.number().min(0).max(1),
    }),
    z.strictObject({ kind: z.literal('exponential'), mean: z.number().positive().max(4e7) }),
  ]),
])

/** What a chain of proof of work can be told; the defaults are Bitcoin's. */
export const nakamotoParameters = z.strictObject({
  targetIntervalMs: z
    .number()
    .min(1)
    .default(600_000)
    .describe('Mean time between blocks that the retarget aims at, ms. Bitcoin: 600 s.'),
  retarget: z
    .enum(['bitcoin', 'digishield', 'homestead', 'byzantium', 'none'])
    .default('bitcoin')
    .describe(
      'How the difficulty follows the hash rate. bitcoin: by periods, also Litecoin. digishield: ' +
        'by block, as Dogecoin. homestead, byzantium: by block, as Ethereum before the Merge, ' +
        'without its bomb. none: it stays 1.',
    ),
  retargetInterval: z
    .int()
    .min(2)
    .default(2016)
    .describe('Blocks between retargets. Bitcoin: 2016, of whose intervals 2015 are measured.'),
  retargetClampFactor: z
    .number()
    .min(1)
    .default(4)
    .describe('By how much one retarget changes the difficulty at most, a factor. Bitcoin: 4.'),
  hashRateSteps: z
    .array(step)
    .default([])
    .describe('Changes of hash rates; several at work multiply. An experiment, no fact.'),
  timestampMs: z
    .number()
    .min(0.001)
    .default(1_000)
    .describe('What timestamps count in, ms. Bitcoin: seconds.'),
  futureLimitMs: z
    .number()
    .positive()
    .default(7_200_000)
    .describe('How far ahead of a node a timestamp may be, ms. Bitcoin: two hours.'),
  fidelity: z
    .enum(['message', 'miner'])
    .default('message')
    .describe('miner: blocks reach miners and access nodes after `delayMs`; there is no relay.'),
  delayMs: delayParameter
    .optional()
    .describe('At miner level: from a find until a node has the block with all before it, ms.'),
  attacks: z
    .array(attackSchema)
    .max(100)
    .default([])
    .describe('What some miners do instead of following the rules.'),
  unclesMax: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe('Stale blocks that a block may name. Ethereum: 2, up to 6 blocks back.'),
  subsidy: z
    .strictObject({
      initial: z.number().min(0).max(1e20).default(312_500_000).describe('At the start.'),
      halvingBlocks: z.int().min(1).default(210_000).describe('Blocks until it is halved.'),
      fromHeight: z.int().min(0).default(120_000).describe('Blocks before the run.'),
      uncles: z.boolean().default(false).describe('Named stale blocks are paid as by Ethereum.'),
    })
    .prefault({})
    .describe(
      'New money for a block, native units. Default: Bitcoin’s 3.125 BTC in satoshi, at height ' +
        '960,000, 120,000 blocks after the halving of 2024 (rounded).',
    ),
  blockBytes: size
    .default(0)
    .describe('Bytes of a block besides its payments: other transactions. Drawn for each.'),
  relay: relayParameters.prefault({}).describe('How a new block travels over a topology.'),
  fetchBatchBlocks: z
    .int()
    .min(1)
    .default(16)
    .describe('Missing blocks sent per request. Bitcoin Core: 16 in transit per peer.'),
  requestTimeoutMs: z
    .number()
    .min(1)
    .default(2_000)
    .describe('How long an answer may take before another peer is asked, ms. Bitcoin Core: 2 s.'),
  requestTimeoutMaxMs: z
    .number()
    .min(1)
    .default(64_000)
    .describe('What that time, doubling at each failure, grows to, ms. Bitcoin Core: 64 s.'),
})

export type NakamotoParameters = z.output<typeof nakamotoParameters>
