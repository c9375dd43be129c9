import * as z from 'zod'

/** How long a member waits for a peer before it asks another; of every protocol that fetches. */
export const fetchTimeoutMs = z
  .number()
  .positive()
  .default(1_000)
  .describe('ms that a request to a peer may take before another peer is asked. Assumed.')
