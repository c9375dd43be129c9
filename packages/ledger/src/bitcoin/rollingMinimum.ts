import { hours, pow, seconds, type Time } from '@counterpoise/engine'

/** The feerate below which a pool that has been full takes nothing; it decays after a block. */
export type RollingMinimum = {
  /** sat/kvB now; 0 where the pool has not been full, or not for long. */
  rate: (now: Time, usedBytes: number) => number
  /** A full pool has dropped something of this feerate, sat/kvB. */
  raise: (rate: number) => void
  /** A block has come: from now on the minimum decays. */
  release: (now: Time) => void
}

/** Of the minimum of a pool that is at least half full; it is shorter for emptier ones. */
export const rollingHalfLife: Time = hours(12)

/**
 * As in Bitcoin Core (txmempool.cpp, GetMinFee): half after 12 hours, 6 where the pool is less
 * than half full, 3 where it is less than a quarter full; 0 below half the incremental rate.
 */
export function createRollingMinimum(options: {
  capacityBytes: number
  incrementalRate: number
}): RollingMinimum {
  const { capacityBytes, incrementalRate } = options
  let minimum = 0
  let since: Time = 0
  let decays = true

  return {
    rate: (now, usedBytes) => {
      if (!decays || minimum === 0) return Math.round(minimum)
      if (now > since + seconds(10)) {
        const share = usedBytes / capacityBytes
        const halfLife = rollingHalfLife / (share < 0.25 ? 4 : share < 0.5 ? 2 : 1)
        minimum *= pow(0.5, (now - since) / halfLife)
        since = now
        if (minimum < incrementalRate / 2) {
          minimum = 0
          return 0
        }
      }
      return Math.max(Math.round(minimum), incrementalRate)
    },
    raise: (rate) => {
      if (rate <= minimum) return
      minimum = rate
      decays = false
    },
    release: (now) => {
      since = now
      decays = true
    },
  }
}
