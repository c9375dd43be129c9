import type { Time } from '@counterpoise/engine'

/** How many validations are remembered. Source: tempoxyz/tempo d656ef5, crates/payload/builder. */
const remembered = 64

/** Learns from this replica's own validations how long others will take for a block. */
export type ValidationEstimate = {
  /** Notes what one validation took, µs. */
  add: (time: Time) => void
  /** The 90th percentile of the last 64 validations, µs; 0 before the first. */
  p90: () => Time
}

/** The estimate looks back only: it does not scale with the gas of the block that is built. */
export function createValidationEstimate(): ValidationEstimate {
  const times = new Float64Array(remembered)
  let count = 0
  return {
    add: (time) => {
      times[count % remembered] = time
      count++
    },
    p90: () => {
      const known = Math.min(count, remembered)
      if (known === 0) return 0
      const sorted = times.slice(0, known).sort()
      return sorted[Math.ceil(known * 0.9) - 1]!
    },
  }
}
