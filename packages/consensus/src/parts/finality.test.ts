import { createBlockStore } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createCommittee } from '../committee.ts'
import type { ReplicaContext } from '../contract.ts'
import { createFinality } from './finality.ts'
import { sharedTypes } from './messages.ts'

/** One member of five blocks in a row; the last of five members follows. */
function createMember(self: number) {
  const blocks = createBlockStore()
  for (let round = 1; round <= 5; round++) {
    blocks.append({ parent: round - 1, round, proposer: 0, time: round })
  }
  const sent: { to: number; type: number; block?: number; above?: number }[] = []
  const [reports, nothing] = [[] as number[], () => {}]
  const context = {
    ...{ self, blocks, committee: createCommittee([1, 1, 1, 1, 0]) },
    random: () => ({ below: () => 2 }),
    send: (to: number, message: object) => sent.push({ to, ...(message as { type: number }) }),
    ...{ setTimer: nothing, clearTimer: nothing, spend: nothing, validate: () => 0 },
    report: {
      ...{ received: nothing, notarised: nothing, headChanged: nothing },
      finalised: (block: number) => reports.push(block),
    },
  } as unknown as ReplicaContext<unknown>
  const finality = createFinality({
    ...{ context, fetchTimeout: 1_000, certificateBytes: 100 },
    ...{ onDecided: nothing, onArrival: nothing },
  })
  const requests = () => sent.filter(({ type }) => type === sharedTypes.blockRequest)
  const arrive = (block: number) =>
    void finality.receive(0, { type: sharedTypes.block, block } as { type: number })
  return { finality, requests, reports, arrive, sent }
}

describe('what is missing', () => {
  test('default: a voter asks who told it, and who follows asks any voter', () => {
    const [voter, follower] = [createMember(1), createMember(4)]
    for (const { finality } of [voter, follower]) finality.decide(2, 0)
    expect(voter.requests()).toMatchObject([{ to: 0, block: 2, above: 0 }])
    expect(follower.requests()).toMatchObject([{ to: 2, block: 2, above: 0 }])
    // Told by a voter, the follower has nobody to tell.
    expect(follower.sent).toHaveLength(1)
    expect(voter.sent).toHaveLength(2)
  })

  test('behavior: what has been asked for is not asked for again with what comes after it', () => {
    const { arrive, finality, reports, requests } = createMember(4)
    finality.decide(2, 0)
    finality.decide(2, 1)
    finality.decide(4, 1)
    expect(requests()).toMatchObject([{ block: 2, above: 0 }, { block: 4, above: 2 }])
    for (const block of [3, 4]) arrive(block)
    expect(reports).toEqual([])
    for (const block of [1, 2]) arrive(block)
    expect(reports.at(-1)).toBe(4)
  })

  test('behavior: after a timeout all of it is asked for again', () => {
    const { finality, requests } = createMember(4)
    finality.decide(2, 0)
    finality.decide(4, 0)
    expect(finality.expire(8)).toBe(true)
    expect(requests().at(-1)).toMatchObject({ block: 4, above: 0 })
  })
})
