import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { timers } from './core.ts'
import { messageTypes, nil, type TendermintMessage } from './messages.ts'
import { tendermintParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

/** The last of five members at height 1; the others propose in rounds 0 to 3. */
function createMember() {
  const blocks = createBlockStore()
  const sent: TendermintMessage[] = []
  const nothing = (): void => {}
  const context = {
    ...{ self: 4, blocks, committee: equalCommittee(5), random: () => ({ below: () => 0 }) },
    send: (_to: number, message: TendermintMessage) => sent.push(message),
    broadcast: (message: TendermintMessage) => sent.push(message),
    ...{ setTimer: nothing, clearTimer: nothing, spend: nothing, validate: () => 0 },
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
    ...{ newBlock, propose, prevote },
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
