import type { Simulation } from '@counterpoise/engine'
import { createTempoPolicies, type PolicyUpdate, type TempoPolicies } from '@counterpoise/ledger'
import type { TempoOptions } from './options.ts'

/**
 * Who is on which list at first, and what comes and goes: one update for each account whose place
 * changes. Every policy has an order of accounts of its own, in which shares are counted.
 */
export function createPolicies(
  simulation: Simulation,
  name: string,
  { policies: options, tokens }: TempoOptions,
): TempoPolicies {
  if (options === undefined) {
    return createTempoPolicies({ policies: [], lists: () => false, updates: [] })
  }
  const { accounts, policies, updates } = options
  const ranks = policies.map((_, policy) => {
    const stream = simulation.stream(`${name}/tempo/policies`, policy)
    return Float64Array.from({ length: accounts }, stream.uniform)
  })
  const lists = (policy: number, account: number): boolean =>
    ranks[policy]![account]! < policies[policy]!.listed
  const inOrder = updates.toSorted((one, other) => one.at - other.at)
  const current = policies.map((_, policy) =>
    Uint8Array.from({ length: accounts }, (__, account) => (lists(policy, account) ? 1 : 0)),
  )
  return createTempoPolicies({
    policies: policies.map(({ checks, kind, token }) => ({
      ...{ checks, kind, token: tokens.findIndex((each) => each.name === token) },
    })),
    lists,
    updates: inOrder.flatMap(({ at, isListed, policy, share }) => {
      const made: PolicyUpdate[] = []
      for (let account = 0; account < accounts; account++) {
        const isMeant = ranks[policy]![account]! < share
        if (!isMeant || (current[policy]![account] === 1) === isListed) continue
        current[policy]![account] = isListed ? 1 : 0
        made.push({ at, policy, account, isListed })
      }
      return made
    }),
  })
}
