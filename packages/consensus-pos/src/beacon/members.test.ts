import type { Member } from '@counterpoise/consensus'
import { describe, expect, test } from 'vitest'
import { beacon } from './beacon.ts'
import { nodesOf, validatorCounts } from './members.ts'
import { beaconParameters } from './parameters.ts'

const member = (name: string, weight: number, data?: object): Member => ({
  name,
  weight,
  attributes: { region: 'test', operator: name },
  data,
})
const equal = (count: number): Member[] =>
  Array.from({ length: count }, (_, k) => member(`node ${k}`, 1))

describe('validators on nodes', () => {
  const parameters = beaconParameters.parse({ validators: 10 })

  test('default: by weight, what is left by the largest remainders', () => {
    const members = [member('a', 0.5), member('b', 0.25), member('c', 0.25), member('d', 0)]
    expect(validatorCounts(parameters, members)).toEqual([5, 3, 2, 0])
  })

  test('behavior: an entry that gives a number has it, the others share the rest', () => {
    const members = [member('a', 9, { validators: 4 }), member('b', 2), member('c', 1)]
    expect(validatorCounts(parameters, members)).toEqual([4, 4, 2])
  })

  test('behavior: balances above 32 ETH grow where the fork lets them', () => {
    const nodes = (fork: string) =>
      nodesOf(beaconParameters.parse({ fork, balanceEther: 43 }), [
        member('a', 1),
        member('b', 1, { balanceEther: 32, behaviour: 'offline' }),
        member('c', 1, { behaviour: 'balancing', proposalMedianMs: 5 }),
      ])
    expect(nodes('electra').map(({ compounding }) => compounding)).toEqual([true, false, true])
    expect(nodes('deneb').map(({ compounding }) => compounding)).toEqual([false, false, false])
    const [honest, absent, hostile] = nodes('fulu')
    expect([honest!.adversary, honest!.down]).toEqual([false, undefined])
    expect(absent!.down).toEqual([[0, Number.POSITIVE_INFINITY]])
    expect([hostile!.adversary, hostile!.proposalMedianMs]).toEqual([true, 5])
  })
})

describe('what keeps it from running', () => {
  const problems = (given: object, members = equal(4)): string[] =>
    beacon.problems!(beaconParameters.parse(given), members, 1).map(
      ({ path, expected, found }) => `${path.join('.')}: ${expected}, found ${found}`,
    )

  test.each([
    ['nothing is wrong', {}, equal(4), []],
    [
      'shares without the sum 1',
      { weights: 'shares' },
      [member('a', 0.5), member('b', 0.4)],
      ['validators: weights whose sum is 1, found 0.9'],
    ],
    ['shares with it', { weights: 'shares' }, [member('a', 0.7), member('b', 0.3)], []],
    [
      'numbers that do not sum',
      { validators: 100 },
      [member('a', 1, { validators: 60 }), member('b', 1, { validators: 30 })],
      ['consensus.parameters.validators: the sum of what the entries give, 90, found 100'],
    ],
    [
      'more than there are',
      { validators: 50 },
      [member('a', 1, { validators: 60 }), member('b', 1)],
      ['validators: entries with at most 50 in all, as consensus.parameters has it, found 60'],
    ],
    [
      'deadlines out of order',
      { attestationDueMs: 9_000 },
      equal(4),
      [
        'consensus.parameters.aggregateDueMs: from attestationDueMs, 9000, to slotMs, 12000, ' +
          'found 8000',
      ],
    ],
    [
      'a deadline after the slot',
      { attestationDueMs: 13_000 },
      equal(4),
      ['consensus.parameters.attestationDueMs: at most slotMs, 12000, found 13000'],
    ],
    [
      'a rule that the fork lacks',
      { fork: 'deneb' },
      [member('a', 1), member('b', 1, { compounding: true, entry: 7 })],
      ["validators.7.stake.compounding: false: the fork 'deneb' has no such rule, found true"],
    ],
    [
      'payloads apart where the fork has none',
      { fork: 'fulu', payloads: {} },
      equal(3),
      [
        "consensus.parameters.payloads: nothing: in the fork 'fulu' blocks hold their payloads, " +
          'found payloads',
      ],
    ],
    [
      'two attacks at once',
      {},
      [
        ...equal(9),
        member('x', 1, { behaviour: 'balancing' }),
        member('y', 1, { behaviour: 'double-vote' }),
      ],
      ['validators: one attack, by all who attack, found balancing and double-vote'],
    ],
    [
      'too much that can be slashed where safety is claimed',
      { assertSafety: true },
      [...equal(3), member('x', 2, { behaviour: 'double-vote' })],
      [
        'consensus.parameters.assertSafety: false, or at most a third of the stake slashable, ' +
          'found 40.0 % attack',
      ],
    ],
    [
      'a third of it',
      { assertSafety: true },
      [...equal(4), member('x', 2, { behaviour: 'double-vote', validators: 200 })],
      [],
    ],
  ] as const)('behavior: %s', (_name, given, members, expected) => {
    expect(problems({ ...given }, [...members])).toEqual(expected)
  })
})
