import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { messageTypes, type MinimmitMessage } from './messages.ts'
import { minimmitParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

test('who votes for two blocks of a view is told of, and who repeats a vote is not', () => {
  const blocks = createBlockStore()
  const [one, other] = [1, 2].map((proposer) =>
    blocks.append({ parent: genesis, proposer, round: 1, time: 0 }),
  )
  const offenders: number[] = []
  const nothing = (): void => {}
  const context = {
    ...{ self: 5, blocks, committee: equalCommittee(6), random: () => ({ below: () => 0 }) },
    ...{ send: nothing, broadcast: nothing, setTimer: nothing, clearTimer: nothing },
    ...{ spend: nothing, validate: () => 0, beacon: () => 0 },
    report: {
      ...{ received: nothing, notarised: nothing, finalised: nothing, headChanged: nothing },
      equivocated: (member: number) => offenders.push(member),
    },
  } as unknown as ReplicaContext<MinimmitMessage>
  const replica = createReplica(context, toSettings(minimmitParameters.parse({})))
  replica.start()
  const vote = (from: number, block: number): void =>
    replica.receive(from, { type: messageTypes.notarise, view: 1, block })
  for (const from of [1, 2]) vote(from, one!)
  vote(1, one!)
  expect(offenders).toEqual([])
  vote(2, other!)
  expect(offenders).toEqual([2])
})
