import { z } from 'zod'
import { atLeastZero } from './primitives.ts'

const micros = atLeastZero.max(1e9).default(0)
/** What work takes the nodes of a chain. */
export const service = z.strictObject({
  voteUs: micros.describe('Verifying the signature of a member.'),
  certificateUs: micros.describe('Verifying a certificate.'),
  paymentUs: micros.describe('Verifying the signature of a payment in a block.'),
  persistNsPerByte: micros.describe('Writing down a block.'),
})

export type ServiceConfig = z.output<typeof service>
