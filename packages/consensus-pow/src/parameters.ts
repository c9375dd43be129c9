import { z } from 'zod'

const step = z.strictObject({
  atMs: z.number().nonnegative().describe('When the hash rate changes, ms of virtual time.'),
  factor: z.number().positive().describe('What the hash rate is multiplied by, a plain number.'),
})

/** What a chain of proof of work can be told; the defaults are Bitcoin's. */
export const nakamotoParameters = z.strictObject({
  targetIntervalMs: z
    .number()
    .min(1)
    .default(600_000)
    .describe('Mean time between blocks that the retarget aims at, ms. Bitcoin: 600 s.'),
  retarget: z
    .enum(['bitcoin', 'none'])
    .default('bitcoin')
    .describe('How the difficulty follows the hash rate; `none` keeps it at 1.'),
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
    .describe('Changes of the total hash rate; several at work multiply. An experiment, no fact.'),
  relay: z
    .enum(['compact', 'full'])
    .default('compact')
    .describe('What a new block costs on the wire: a BIP 152 compact block, or all its bytes.'),
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
