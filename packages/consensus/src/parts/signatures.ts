import type { Signatures } from '../service.ts'
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
