import { sharedTypes } from '@counterpoise/consensus/parts'
import { genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { timers } from './core.ts'
import { messageTypes, type Proposal } from './messages.ts'
import { createMember } from './testing.ts'

describe('a proposal', () => {
  test('counts if it is of the leader of its round', () => {
    const { append, show, votes } = createMember(2)
    show(append(1, genesis, 1))
    // Somebody else may pass the leader's block on, but not propose it, nor the leader another's.
    const block = append(1, genesis)
    show(block, {}, 1)
    show(append(1, genesis, 1), {}, 0)
    expect(votes()).toEqual([])
    show(block)
    expect(votes()).toEqual([block])
  })

  test('behavior: if its block is of that round, and stands on what it shows', () => {
    const { append, propose, replica, show, votes } = createMember(2)
    const first = propose(1, genesis)
    const early = append(7, first, 1)
    show(early, { round: 2 })
    const elsewhere = append(2, genesis)
    show(elsewhere, { parent: { round: 1, block: first } })
    expect(votes()).toEqual([first])
    const second = propose(2, first)
    expect(votes()).toEqual([first, second])
    // No vote, and no second thoughts on the one that was cast.
    replica.receive(0, { type: messageTypes.vote, round: 1, block: early })
    expect(votes()).toEqual([first, second])
  })

  test('behavior: the first of a leader counts, whether it is accepted or not', () => {
    const { append, invalid, show, votes } = createMember(2)
    const [refused, other] = [append(1, genesis), append(1, genesis)]
    invalid.add(refused)
    for (const block of [refused, other]) show(block)
    expect(votes()).toEqual([])
  })
})

describe('behind a failed round', () => {
  test('a proposal shows the timeouts of that round, and not of one before', () => {
    for (const round of [2, 1]) {
      const { propose, replica, votes } = createMember(2)
      const first = propose(1, genesis)
      const high = { round: 1, block: first }
      const timeout = { round: 2, highRound: 1 }
      replica.receive(0, { type: messageTypes.sync, high, timeout })
      const later = propose(3, first, { round, highRound: 0 })
      expect(votes()).toEqual(round === 2 ? [first, later] : [first])
    }
  })

  test('a timeout tells how its sender came into its round', () => {
    const { append, replica, sent } = createMember(2)
    const high = { round: 0, block: genesis }
    const entry = { round: 6, highRound: 0 }
    replica.receive(0, { type: messageTypes.timeout, round: 7, high, entry })
    replica.expire(timers.round)
    expect(sent.at(-1)).toMatchObject({ type: messageTypes.timeout, round: 7, entry })
    const certified = { round: 8, block: append(8, genesis) }
    replica.receive(0, { type: messageTypes.timeout, round: 9, high: certified, entry: undefined })
    replica.expire(timers.round)
    expect(sent.at(-1)).toMatchObject({ round: 9, high: certified, entry: undefined })
  })
})

describe('a proposal that waits for a block', () => {
  test('is voted for when that comes, whatever was said of earlier rounds', () => {
    const { append, replica, show, votes } = createMember(2)
    const first = append(1, genesis)
    const second = append(2, first)
    show(second)
    show(append(1, genesis))
    expect(votes()).toEqual([])
    replica.receive(0, { type: sharedTypes.block, block: first })
    expect(votes()).toEqual([second])
  })
})

describe('as the leader of round 5', () => {
  const proposals = (sent: readonly { type: number }[]): Proposal[] =>
    sent.filter(({ type }) => type === messageTypes.proposal) as Proposal[]
  const failed = { round: 4, highRound: 0 }

  test('default: proposes on votes for the round before, also after it has failed', () => {
    const { append, replica, sent, show } = createMember(2)
    const block = append(4, genesis)
    const high = { round: 0, block: genesis }
    replica.receive(0, { type: messageTypes.sync, high, timeout: failed })
    for (const from of [0, 1, 2, 3]) {
      replica.receive(from, { type: messageTypes.vote, round: 4, block })
    }
    show(block)
    replica.expire(timers.propose)
    expect(proposals(sent)).toMatchObject([{ round: 5, parent: { round: 4, block } }])
  })

  test('behavior: shows that the round before has failed, and no other one', () => {
    const { append, replica, sent } = createMember(2)
    const high = { round: 0, block: genesis }
    replica.receive(0, { type: messageTypes.sync, high, timeout: failed })
    replica.expire(timers.propose)
    // Blocks that come later are no reason to propose again.
    replica.receive(0, { type: sharedTypes.block, block: append(1, genesis) })
    expect(proposals(sent)).toMatchObject([{ round: 5, timeout: failed }])

    const later = createMember(2)
    const timeout = { round: 3, highRound: 0 }
    later.replica.receive(0, { type: messageTypes.sync, high, timeout })
    const block = later.propose(4, genesis, timeout)
    later.replica.receive(0, {
      ...{ type: messageTypes.sync, high: { round: 4, block }, timeout: undefined },
    })
    later.replica.expire(timers.propose)
    expect(proposals(later.sent)).toMatchObject([{ round: 5, timeout: undefined }])
    // Nor does it when it gives its own round up.
    later.replica.expire(timers.round)
    expect(later.sent.at(-1)).toMatchObject({ round: 5, entry: undefined })
  })
})

test('who comes back after an outage says so, and hears where the others are', () => {
  const { replica, sent } = createMember(2)
  replica.recover()
  expect(sent.filter(({ type }) => type === messageTypes.timeout)).toEqual([
    { type: messageTypes.timeout, round: 1, high: { round: 0, block: genesis }, entry: undefined },
  ])
})
