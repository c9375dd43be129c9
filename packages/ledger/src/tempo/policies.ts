import type { Time } from '@counterpoise/engine'
import { createSchedule, type Schedule } from './schedule.ts'

/** Who may send and receive a token (TIP-403; TIP-1015 for one side only). */
export type TempoPolicy = {
  /** Number of the token. */
  token: number
  kind: 'allow all' | 'reject all' | 'whitelist' | 'blacklist'
  /** Whom it looks at. */
  checks: 'both' | 'senders' | 'recipients'
}

/** An account comes on the list of a policy or off it, by a transaction of the policy's admin. */
export type PolicyUpdate = {
  /** When the transaction is in the pool. */
  at: Time
  /** Number of the policy. */
  policy: number
  account: number
  isListed: boolean
}

export type TempoPoliciesOptions = {
  policies: readonly TempoPolicy[]
  /** Whether an account is on the list of a policy before the first block. */
  lists: (policy: number, account: number) => boolean
  /** In the order of their times; blocks execute them in this order. */
  updates: readonly PolicyUpdate[]
}

/** Policies after so many of their updates, the position. */
export type TempoPolicies = Schedule & {
  /** Whether transfers of a token look up a list. */
  isLookedUp: (token: number) => boolean
  refuses: (token: number, from: number, to: number) => boolean
}

export function createTempoPolicies(options: TempoPoliciesOptions): TempoPolicies {
  const { lists, policies, updates } = options
  /** What updates have changed, by policy. */
  const changed = policies.map(() => new Map<number, boolean>())
  /** What an update has replaced; it is the same whenever it is done again. */
  const before: boolean[] = []

  const isListed = (policy: number, account: number): boolean =>
    changed[policy]!.get(account) ?? lists(policy, account)
  const allows = (policy: number, account: number): boolean => {
    const { kind } = policies[policy]!
    if (kind === 'allow all' || kind === 'reject all') return kind === 'allow all'
    return isListed(policy, account) === (kind === 'whitelist')
  }

  return {
    isLookedUp: (token) =>
      policies.some((policy) => policy.token === token && policy.kind.endsWith('list')),
    refuses: (token, from, to) =>
      policies.some(({ checks, token: its }, policy) => {
        if (its !== token) return false
        const isSent = checks === 'recipients' || allows(policy, from)
        return !(isSent && (checks === 'senders' || allows(policy, to)))
      }),
    ...createSchedule(updates, {
      redo: (index) => {
        const { account, isListed: next, policy } = updates[index]!
        before[index] = isListed(policy, account)
        changed[policy]!.set(account, next)
      },
      undo: (index) => {
        const { account, policy } = updates[index]!
        changed[policy]!.set(account, before[index]!)
      },
    }),
  }
}
