import * as z from 'zod'
import { atLeastZero } from './primitives.ts'

const micros = atLeastZero.max(1e9).optional()
/** What work takes the nodes of a chain; what is left out is filled in by `withService`. */
export const service = z.strictObject({
  voteUs: micros.describe('Verifying the signature of a member.'),
  certificateUs: micros.describe('Verifying a certificate.'),
  paymentUs: micros.describe('Verifying the signature of a payment in a block.'),
  persistNsPerByte: micros.describe('Writing down a block.'),
})

export type ServiceConfig = {
  voteUs: number
  certificateUs: number
  paymentUs: number
  persistNsPerByte: number
}
