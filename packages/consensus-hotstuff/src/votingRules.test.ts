import { createCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { timers } from './core.ts'
import { createLeaders } from './leaders.ts'
import { type HotStuffMessage, messageTypes } from './messages.ts'
import { createMember, settingsOf } from './testing.ts'

describe('whom a member votes for', () => {
  test('default: the first proposal of each round, whoever else it knows of', () => {
    const { propose, votes } = createMember(2)
    const first = propose(1, genesis)
    propose(1, genesis)
    const second = propose(2, first)
    expect(votes()).toEqual([first, second])
  })

  test('behavior: nobody in a round that it has given up', () => {
    const { propose, replica, votes } = createMember(2)
    replica.expire(timers.round)
    propose(1, genesis)
    expect(votes()).toEqual([])
  })

  test('behavior: two chains: after a failed round, what is as high as it has shown', () => {
    for (const [highRound, isSafe] of [[1, true], [2, false]] as const) {
      const { propose, votes } = createMember(2)
      const first = propose(1, genesis)
      const later = propose(3, first, { round: 2, highRound })
      expect(votes()).toEqual(isSafe ? [first, later] : [first])
    }
    const { propose, votes } = createMember(2)
    const first = propose(1, genesis)
    propose(3, first)
    expect(votes()).toEqual([first])
  })

  test('behavior: three chains: what stands on its lock, or on something higher', () => {
    const { propose, votes } = createMember(3)
    const chain: number[] = [genesis]
    for (let round = 1; round <= 3; round++) chain.push(propose(round, chain.at(-1)!))
    // With its vote for the third one it is locked on the first.
    const timeout = { round: 5, highRound: 0 }
    propose(6, genesis, timeout)
    expect(votes()).toEqual(chain.slice(1))
    const higher = propose(7, chain[1]!, { round: 6, highRound: 0 })
    expect(votes()).toEqual([...chain.slice(1), higher])
    // What it has voted for there stands lower than its lock, which stays.
    propose(8, genesis, { round: 7, highRound: 0 })
    expect(votes()).toEqual([...chain.slice(1), higher])
  })
})

test('a member gives its round up when more have than can be faulty', () => {
  const { replica, sent } = createMember(2)
  const timeouts = () => sent.filter(({ type }) => type === messageTypes.timeout)
  const high = { round: 0, block: genesis }
  const timeout = { type: messageTypes.timeout, round: 1, high, entry: undefined }
  replica.receive(0, timeout)
  replica.receive(0, timeout)
  expect(timeouts()).toHaveLength(0)
  replica.receive(1, timeout)
  expect(timeouts()).toHaveLength(1)
})

test('a round lasts the longer the more have failed since the last final block', () => {
  const { replica, spans } = createMember(2)
  const high = { round: 0, block: genesis }
  const sync = (round: number): void =>
    replica.receive(0, { type: messageTypes.sync, high, timeout: { round, highRound: 0 } })
  // Two rounds are needed to make anything final, so none of them has failed in rounds 1 and 2.
  sync(1)
  sync(2)
  sync(5)
  sync(99)
  expect(spans).toEqual([1_000_000, 1_000_000, 1_200_000, 2_073_600, 2_985_984])
})

test('a timeout certificate names the highest certificate that is behind it', () => {
  const { blocks, propose, replica, sent } = createMember(2)
  const second = propose(2, propose(1, genesis))
  replica.receive(0, {
    ...{ type: messageTypes.sync, high: { round: 2, block: second }, timeout: undefined },
  })
  const low = { round: 0, block: genesis }
  const highs = [{ round: 2, block: second }, low, low]
  highs.forEach((high, from) =>
    replica.receive(from, { type: messageTypes.timeout, round: 3, high, entry: undefined }),
  )
  expect(blocks.round(second)).toBe(2)
  replica.expire(timers.round)
  expect(sent.at(-1)).toMatchObject({ round: 4, entry: { round: 3, highRound: 2 } })
})

test('who is behind is told what moves it on', () => {
  const { replica, sent } = createMember(2)
  const high = { round: 0, block: genesis }
  const timeout = { round: 3, highRound: 0 }
  replica.receive(0, { type: messageTypes.sync, high, timeout })
  replica.receive(1, { type: messageTypes.timeout, round: 2, high, entry: undefined })
  expect(sent.at(-1)).toEqual({ type: messageTypes.sync, high, timeout })
})

test('who took part in the last final blocks is drawn 99 times as often', () => {
  const blocks = createBlockStore()
  let top: number = genesis
  for (let round = 1; round <= 8; round++) {
    const data = { signers: [0, 1] }
    top = blocks.append({ parent: top, proposer: round % 3, round, time: round, data })
  }
  const finality = { executedFinal: () => top } as Parameters<typeof createLeaders>[1]
  const counts = [0, 0, 0, 0]
  const total = 3 * 99 + 1
  for (let draw = 0; draw < total; draw++) {
    const committee = createCommittee([1, 1, 1, 1])
    const known: unknown = { blocks, committee, beacon: () => draw }
    const context = known as ReplicaContext<HotStuffMessage>
    const settings = { ...settingsOf(2), leaders: 'reputation' as const }
    counts[createLeaders(context, finality, settings).leaderOf(20)]!++
  }
  expect(counts).toEqual([99, 99, 99, 1])
})
