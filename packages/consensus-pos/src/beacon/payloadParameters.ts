import * as z from 'zod'

/** How builders bid and show payloads, in forks that part them from blocks. */
export const payloadParameters = z.strictObject({
  revealMedianMs: z
    .number()
    .min(0)
    .optional()
    .describe('Median time of showing a payload, ms of its slot; else 200 after votes are due.'),
  revealSigma: z.number().min(0).max(10).default(0.1).describe('Sigma of its lognormal.'),
  withheldShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of the payloads that their builders never show.'),
  bidShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.927)
    .describe('Share of the proposers who take a bid. Source: MEV-Boost, EIP-8363.'),
  bidMeanEther: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(0.03)
    .describe('Mean of what a bid pays the proposer, ETH. Source: MEV-Boost, EIP-8363.'),
  bidSigma: z.number().min(0).max(10).default(1).describe('Sigma of its lognormal. Assumed.'),
  builderBalanceEther: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(1_000)
    .describe('What each builder has to pay from, ETH. Assumed.'),
  blockBytes: z
    .number()
    .min(1)
    .max(10_485_760)
    .default(10_000)
    .describe('Compressed bytes of a block without its payload.'),
})
