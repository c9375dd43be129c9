import { z } from 'zod'

/** How builders show payloads, in forks that part them from blocks. All defaults are assumed. */
export const payloadParameters = z.strictObject({
  revealMedianMs: z
    .number()
    .min(0)
    .default(3_200)
    .describe('Median time of showing a payload after its slot began, ms.'),
  revealSigma: z.number().min(0).max(10).default(0.1).describe('Sigma of its lognormal.'),
  withheldShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of the payloads that their builders never show.'),
  blockBytes: z
    .number()
    .min(1)
    .max(10_485_760)
    .default(10_000)
    .describe('Compressed bytes of a block without its payload.'),
})
