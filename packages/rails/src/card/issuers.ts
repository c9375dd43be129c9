import type { Simulation, Time } from '@counterpoise/engine'
import { type CardParty, createParties, type Parties } from './parties.ts'
import type { StandInRules } from './parameters.ts'

/** The issuers, and what the network knows of them. */
export type Issuers = Parties & {
  /** Whether the network answers for an issuer without asking it. */
  standsIn: (issuer: number) => boolean
  /** A request of that time found nobody: the network will notice when it times out. */
  noteUnanswered: (issuer: number, askedAt: Time) => void
}

/**
 * Makes the issuers, all of them up.
 *
 * The network stands in for an issuer from `switchOver` after the first time-out of a request that
 * found it down. An issuer that comes up signs on, and is asked again at once. A slow answer of an
 * issuer that is up is one payment's time-out and no outage.
 */
export function createIssuers(
  simulation: Simulation,
  issuers: readonly CardParty[],
  rules: StandInRules,
): Issuers {
  const standInFrom = new Float64Array(issuers.length).fill(Number.POSITIVE_INFINITY)
  const parties = createParties('issuer', issuers, (issuer, up) => {
    if (up) standInFrom[issuer] = Number.POSITIVE_INFINITY
  })
  return {
    ...parties,
    standsIn: (issuer) => simulation.now() >= standInFrom[issuer]!,
    noteUnanswered: (issuer, askedAt) => {
      if (parties.isUp(issuer)) return
      const from = askedAt + rules.timeOut + rules.switchOver
      if (from < standInFrom[issuer]!) standInFrom[issuer] = from
    },
  }
}
