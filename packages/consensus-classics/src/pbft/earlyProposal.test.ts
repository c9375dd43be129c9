import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { sharedTypes } from '@counterpoise/consensus/parts'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { messageTypes, type PbftMessage, type ViewChange } from './messages.ts'
import { pbftParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

/** The last of four members, which hears of view 1 and its primary, member 1. */
function createMember() {
  const blocks = createBlockStore()
  const append = (proposer: number, parent: number = genesis): number =>
    blocks.append({ parent, proposer, round: blocks.height(parent) + 1, time: proposer })
  const sent: PbftMessage[] = []
  const nothing = (): void => {}
  const context = {
    ...{ self: 3, blocks, committee: equalCommittee(4), random: () => ({ below: () => 0 }) },
    send: (_to: number, message: PbftMessage) => sent.push(message),
    broadcast: (message: PbftMessage) => sent.push(message),
    ...{ setTimer: nothing, clearTimer: nothing, spend: nothing, validate: () => 0 },
    report: {
      ...{ received: nothing, notarised: nothing, finalised: nothing, headChanged: nothing },
      equivocated: nothing,
    },
  } as unknown as ReplicaContext<PbftMessage>
  const replica = createReplica(context, toSettings(pbftParameters.parse({})))
  replica.start()
  const hold = (block: number): void => replica.receive(0, { type: sharedTypes.block, block })
  const begin = (final: number, prepared: number): void => {
    const change = (from: number): ViewChange => ({
      ...{ type: messageTypes.viewChange, view: 1, from, final, prepared, preparedView: 0 },
    })
    const changes = [0, 1, 2].map(change)
    replica.receive(1, { type: messageTypes.newView, view: 1, changes })
  }
  const propose = (block: number): void =>
    replica.receive(1, { type: messageTypes.prePrepare, view: 1, block })
  const prepares = (): number[] =>
    sent.flatMap((message) =>
      message.type === messageTypes.prepare ? (message as { block: number }).block : [],
    )
  return { append, begin, hold, prepares, propose }
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
