import { genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createMember as create } from './testing.ts'

/** The last of four members, which hears of view 1 and its primary, member 1. */
function createMember() {
  const { append, begin, change, hold, prepares, propose } = create()
  return {
    ...{ append, hold, prepares },
    begin: (final: number, prepared: number): void =>
      begin([0, 1, 2].map((from) => change(from, 1, { final, prepared, preparedView: 0 }))),
    propose: (block: number): void => propose(block, 1),
  }
}

test('a proposal that came before the new view does not stand against what binds it', () => {
  const { append, begin, hold, prepares, propose } = createMember()
  const [bound, other] = [append(0), append(1)]
  hold(bound)
  propose(other)
  begin(genesis, bound)
  expect(prepares()).toEqual([bound])
})

test('behavior: nor where the new view tells of a decision that was missed', () => {
  const { append, begin, hold, prepares, propose } = createMember()
  const final = append(0)
  const [bound, other] = [append(0, final), append(1, final)]
  hold(final)
  hold(bound)
  propose(other)
  begin(final, bound)
  expect(prepares()).toEqual([bound])
})

test('behavior: where nothing binds, it is what counts', () => {
  const { append, begin, prepares, propose } = createMember()
  const other = append(1)
  propose(other)
  begin(genesis, -1)
  expect(prepares()).toEqual([other])
})
