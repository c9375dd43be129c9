import type { ServiceTimes, Signatures } from '../service.ts'
import { quorumOf } from './electorate.ts'
import { sharedTypes } from './messages.ts'

/** What messages of the usual kinds carry; made once. */
export const signed = {
  nothing: { votes: 0, certificates: 0 },
  vote: { votes: 1, certificates: 0 },
  certificate: { votes: 0, certificates: 1 },
} as const satisfies Record<string, Signatures>

/** What a message of the shared parts carries: blocks are checked by their certificates. */
export const sharedSignatures = ({ type }: { type: number }): Signatures =>
  type === sharedTypes.decision ? signed.certificate : signed.nothing

/**
 * Ed25519, with certificates that are lists of a quorum's signatures, verified one by one; µs.
 *
 * Source: ed25519-dalek 1.0, README: a signature verified at 3.3 GHz.
 */
export const ed25519Times = (voters: number): ServiceTimes => ({
  vote: 46,
  certificate: 46 * quorumOf(voters),
})

/** A check of an aggregate of BLS12-381 with blst, µs. Source: status-im/nim-blscurve, PR 178. */
const blsAggregate = 1_380

/**
 * Threshold signatures on BLS12-381; µs. Votes are checked in one batch when a quorum is there,
 * the own one left out, and the batch costs as much as an aggregate, which a certificate is.
 */
export const blsTimes = (voters: number): ServiceTimes => ({
  vote: Math.round(blsAggregate / Math.max(1, quorumOf(voters) - 1)),
  certificate: blsAggregate,
})
