import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTempoPolicies, type PolicyUpdate, type TempoPolicy } from './policies.ts'

const of = (policy: Partial<TempoPolicy>, listed: readonly number[] = []) =>
  createTempoPolicies({
    policies: [{ token: 1, kind: 'blacklist', checks: 'both', ...policy }],
    lists: (_policy, account) => listed.includes(account),
    updates: [],
  })

describe('who is refused', () => {
  test('default: whoever is on a blacklist, as sender or as receiver, of its token alone', () => {
    const { isLookedUp, refuses } = of({}, [7])
    expect([refuses(1, 7, 2), refuses(1, 2, 7), refuses(1, 2, 3)]).toEqual([true, true, false])
    expect([refuses(0, 7, 7), isLookedUp(1), isLookedUp(0)]).toEqual([false, true, false])
  })

  test('behavior: a whitelist needs both, or the one side that is looked at', () => {
    const both = of({ kind: 'whitelist' }, [7, 8])
    expect([both.refuses(1, 7, 8), both.refuses(1, 7, 2), both.refuses(1, 2, 7)]).toEqual([
      ...[false, true, true],
    ])
    const senders = of({ kind: 'whitelist', checks: 'senders' }, [7])
    expect([senders.refuses(1, 7, 2), senders.refuses(1, 2, 7)]).toEqual([false, true])
    const recipients = of({ checks: 'recipients' }, [7])
    expect([recipients.refuses(1, 7, 2), recipients.refuses(1, 2, 7)]).toEqual([false, true])
  })

  test('behavior: policies 0 and 1 look up nothing', () => {
    const [none, all] = [of({ kind: 'reject all' }, [7]), of({ kind: 'allow all' }, [7])]
    expect([none.refuses(1, 7, 2), none.refuses(1, 3, 2)]).toEqual([true, true])
    expect([all.refuses(1, 7, 2), none.isLookedUp(1), all.isLookedUp(1)]).toEqual([
      ...[false, false, false],
    ])
  })
})

test('behavior: any position is what the updates up to it say, however one came there', () => {
  const update = fc.record({ account: fc.nat(3), policy: fc.nat(1), isListed: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(update, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(12), { maxLength: 20 }),
      fc.integer({ min: 0, max: 15 }),
      (changes, positions, initial) => {
        const updates = changes.map(
          (change, k): PolicyUpdate => ({ ...change, at: 10 * (k + 1) }),
        )
        const lists = (policy: number, account: number): boolean =>
          policy === 0 && ((initial >> account) & 1) === 1
        const policies = createTempoPolicies({
          policies: [
            { token: 0, kind: 'blacklist', checks: 'senders' },
            { token: 1, kind: 'whitelist', checks: 'recipients' },
          ],
          ...{ lists, updates },
        })
        for (const wanted of positions) {
          const position = Math.min(wanted, updates.length)
          policies.moveTo(position)
          expect(policies.position()).toBe(position)
          expect(policies.due(10 * position + 5)).toBe(position)
          expect(policies.due(1e9)).toBe(updates.length)
          for (let account = 0; account < 4; account++) {
            const last = (policy: number): boolean =>
              updates
                .slice(0, position)
                .findLast((each) => each.policy === policy && each.account === account)
                ?.isListed ?? lists(policy, account)
            expect(policies.refuses(0, account, 9)).toBe(last(0))
            expect(policies.refuses(1, 9, account)).toBe(!last(1))
          }
        }
      },
    ),
    fuzzParameters(200),
  )
})
