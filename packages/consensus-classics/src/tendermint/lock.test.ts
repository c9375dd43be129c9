import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { framingBytes } from '@counterpoise/consensus/parts'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { timers } from './core.ts'
import {
  certificateBytes,
  messageTypes,
  nil,
  type TendermintMessage,
  voteBytes,
} from './messages.ts'
import { tendermintParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

/** The last of five members at height 1; the others propose in rounds 0 to 3. */
function createMember() {
  const blocks = createBlockStore()
  const sent: TendermintMessage[] = []
  const sizes: number[] = []
  const spans = new Map<number, number>()
  const nothing = (): void => {}
  const context = {
    ...{ self: 4, blocks, committee: equalCommittee(5), random: () => ({ below: () => 0 }) },
    send: (_to: number, message: TendermintMessage) => sent.push(message),
    broadcast: (message: TendermintMessage, bytes: number) => {
      sent.push(message)
      sizes.push(bytes)
    },
    setTimer: (timer: number, span: number) => spans.set(timer, span),
    ...{ clearTimer: nothing, spend: nothing, validate: () => 0 },
    report: { received: nothing, notarised: nothing, finalised: nothing, headChanged: nothing },
  } as unknown as ReplicaContext<TendermintMessage>
  const replica = createReplica(context, toSettings(tendermintParameters.parse({})))
  replica.start()
  const newBlock = (proposer: number): number =>
    blocks.append({ parent: genesis, proposer, round: proposer + 1, time: proposer })
  const propose = (round: number, block: number, validRound = -1): void =>
    replica.receive(round, { type: messageTypes.proposal, height: 1, round, block, validRound })
  /** Three others prevote: with its own vote, that is a quorum. */
  const prevote = (round: number, block: number): void => {
    const vote = { type: messageTypes.prevote, height: 1, round, block, isRepeat: false }
    for (const from of [0, 1, 2]) replica.receive(from, vote)
  }
  const said = (type: number): number[] =>
    sent.flatMap((message) => (message.type === type ? (message as { block: number }).block : []))
  return {
    ...{ blocks, newBlock, propose, prevote, replica, sent, sizes, spans },
    nextRound: () => replica.expire(timers.precommit),
    prevotes: () => said(messageTypes.prevote),
    precommits: () => said(messageTypes.precommit),
  }
}

/** A member that is locked on a block of round 1, and is in round 2. */
function lockedMember() {
  const member = createMember()
  const [early, lock] = [member.newBlock(0), member.newBlock(1)]
  member.nextRound()
  member.propose(1, lock)
  member.prevote(1, lock)
  expect(member.precommits()).toEqual([lock])
  member.nextRound()
  return { ...member, early, lock, latest: (): number => member.prevotes().at(-1)! }
}

test('default: who is locked prevotes its block again, and nothing new', () => {
  const { latest, lock, newBlock, nextRound, propose } = lockedMember()
  propose(2, newBlock(2))
  expect(latest()).toBe(nil)
  nextRound()
  propose(3, lock)
  expect(latest()).toBe(lock)
})

test('behavior: a quorum of an earlier round does not undo the lock', () => {
  const { early, latest, propose } = lockedMember()
  propose(2, early, 0)
  expect(latest()).toBe(nil)
})

test('behavior: a quorum of a later round does', () => {
  const { latest, newBlock, nextRound, propose } = lockedMember()
  nextRound()
  const later = newBlock(2)
  propose(3, later, 2)
  expect(latest()).toBe(later)
})

test('behavior: a proposal that names its own round as the valid one is not voted on', () => {
  const { newBlock, prevotes, propose } = createMember()
  propose(0, newBlock(0), 0)
  expect(prevotes()).toEqual([])
})

test('who hears a third of a later round goes on to it', () => {
  const { newBlock, prevotes, propose, replica } = createMember()
  const vote = { type: messageTypes.prevote, height: 1, round: 3, block: nil, isRepeat: false }
  const block = newBlock(3)
  replica.receive(0, vote)
  propose(3, block)
  // One that votes and one that proposes are two of five.
  expect(prevotes()).toEqual([block])
})

test('the wait for more votes grows with the round', () => {
  const { newBlock, nextRound, propose, replica, spans } = createMember()
  nextRound()
  nextRound()
  propose(2, newBlock(2))
  const votes = [newBlock(0), newBlock(1), nil]
  votes.forEach((block, from) =>
    replica.receive(from, {
      ...{ type: messageTypes.prevote, height: 1, round: 2, block, isRepeat: false },
    }),
  )
  expect(spans.get(timers.prevote)).toBe(2_000_000)
})

test('a proposal of an earlier round carries the prevotes that stand behind it', () => {
  const { blocks, lock, nextRound, sent, sizes } = lockedMember()
  nextRound()
  nextRound()
  const proposal = { type: messageTypes.proposal, round: 4, block: lock, validRound: 1 }
  expect(sent.at(-2)).toMatchObject(proposal)
  // Four of five are a quorum.
  const size = blocks.bytes(lock) + voteBytes + framingBytes + certificateBytes(4)
  expect(sizes.at(-2)).toBe(size)
})

test('who has left a round without a vote votes for none when one behind asks', () => {
  const { lock, replica, sent } = lockedMember()
  const { precommit, prevote } = messageTypes
  const askedFor = (round: number): unknown[] => {
    const before = sent.length
    replica.receive(0, { type: precommit, height: 1, round, block: nil, isRepeat: true })
    return sent.slice(before)
  }
  const votes = (round: number, block: number): object[] =>
    [prevote, precommit].map((type) => ({ type, height: 1, round, block, isRepeat: false }))
  // Nobody votes twice: those of round 1 stay what they were.
  expect(askedFor(1)).toEqual(votes(1, lock))
  expect(askedFor(0)).toEqual(votes(0, nil))
  expect(askedFor(0)).toEqual(votes(0, nil))
  // Round 2 is not over for it.
  expect(askedFor(2)).toEqual([])
})
