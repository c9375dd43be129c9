import { MinerLevelError } from '../minerLevel/errors.ts'
import { createRaceSolver } from './raceSolver.ts'
import { type PolicyTable, tableOf } from './policyTable.ts'

export type OptimalPolicyOptions = {
  /** The attacker's share of the hash rate, above 0 and below 1/2. */
  alpha: number
  /** Share of the others that mines on the attacker's block in a tie, 0 … 1. */
  gamma: number
  /** Branches of at most so many blocks are considered; 40. Longer ones add to the revenue. */
  size?: number | undefined
}

export type OptimalPolicy = {
  policy: PolicyTable
  /** Part of the chain's blocks that the attacker gets with it, to about 7 digits. */
  revenue: number
}

/**
 * The best way to withhold blocks, by value iteration on the decision process of Sapirstein,
 * Sompolinsky and Zohar (Optimal Selfish Mining Strategies in Bitcoin, 2016). The revenue is a
 * ratio; the policy that is best for a price ρ per block of the chain gives the next ρ, until
 * the price no longer rises (Dinkelbach). Branches are cut at `size`, where the attacker must
 * adopt or override: what comes out can be had, so it is a lower bound.
 *
 * @throws MinerLevelError where a share is impossible.
 */
export function optimalPolicy({ alpha, gamma, size = 40 }: OptimalPolicyOptions): OptimalPolicy {
  if (!(alpha > 0 && alpha < 0.5) || !(gamma >= 0 && gamma <= 1) || !(size >= 2)) {
    throw new MinerLevelError('The optimal policy exists for a share below one half.', [
      `Found:    alpha ${alpha}, gamma ${gamma}, size ${size}`,
      'Expected: 0 < alpha < 0.5, 0 ≤ gamma ≤ 1, size ≥ 2',
    ])
  }
  const race = createRaceSolver(alpha, gamma, size)
  let revenue = alpha
  for (let round = 0; round < 30; round++) {
    race.improve(revenue)
    const next = race.revenue()
    const rise = next - revenue
    revenue = Math.max(revenue, next)
    if (rise < 1e-8) break
  }
  const name = `optimal for alpha ${alpha}, gamma ${gamma}`
  return { policy: tableOf(name, size, race.actionAt), revenue }
}
