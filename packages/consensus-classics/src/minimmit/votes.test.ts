import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { sharedTypes } from '@counterpoise/consensus/parts'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { messageTypes, type MinimmitMessage } from './messages.ts'
import { minimmitParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

/** The last of six members, in view 1, which member 0 leads; two blocks are proposed in it. */
function createMember() {
  const blocks = createBlockStore()
  const [one, other] = [0, 1].map((time) =>
    blocks.append({ parent: genesis, proposer: 0, round: 1, time }),
  ) as [number, number]
  const sent: MinimmitMessage[] = []
  const nothing = (): void => {}
  const context = {
    ...{ self: 5, blocks, committee: equalCommittee(6), random: () => ({ below: () => 0 }) },
    send: (_to: number, message: MinimmitMessage) => sent.push(message),
    broadcast: (message: MinimmitMessage) => sent.push(message),
    ...{ setTimer: nothing, clearTimer: nothing, spend: nothing, validate: () => 0 },
    report: {
      ...{ received: nothing, notarised: nothing, finalised: nothing, headChanged: nothing },
      equivocated: nothing,
    },
  } as unknown as ReplicaContext<MinimmitMessage>
  const replica = createReplica(context, toSettings(minimmitParameters.parse({})))
  replica.start()
  const say = (from: number, what: 'notarise' | 'nullify', block: number): void =>
    replica.receive(from, { type: messageTypes[what], view: 1, block })
  const said = (what: 'notarise' | 'nullify'): number[] =>
    sent.flatMap((message) =>
      message.type === messageTypes[what] ? (message as { block: number }).block : [],
    )
  return { one, other, replica, say, said }
}

test('who has voted gives the view up once two fifths and more are against its block', () => {
  const { one, other, replica, said, say } = createMember()
  replica.receive(0, { type: messageTypes.proposal, view: 1, block: one })
  expect(said('notarise')).toEqual([one])
  say(1, 'notarise', other)
  say(2, 'notarise', other)
  expect(said('nullify')).toEqual([])
  say(3, 'nullify', -1)
  expect(said('nullify')).toHaveLength(1)
})

test('behavior: votes for its own block are not against it', () => {
  const { one, replica, said, say } = createMember()
  replica.receive(0, { type: messageTypes.proposal, view: 1, block: one })
  say(1, 'notarise', one)
  say(2, 'nullify', -1)
  expect(said('nullify')).toEqual([])
})

test('who has not voted joins a block that two fifths and more have voted for', () => {
  const { other, replica, said, say } = createMember()
  replica.receive(1, { type: sharedTypes.block, block: other })
  for (const from of [1, 2]) say(from, 'notarise', other)
  expect(said('notarise')).toEqual([])
  say(3, 'notarise', other)
  expect(said('notarise')).toEqual([other])
})
