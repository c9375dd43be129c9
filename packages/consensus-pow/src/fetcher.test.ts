import { createCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { createStream, ms, seconds, type Time } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createFetcher } from './fetcher.ts'
import { createKnownBlocks } from './knownBlocks.ts'
import type { WorkMessage } from './messages.ts'
import { nakamotoParameters } from './parameters.ts'
import { createWorkChain } from './testing.ts'

const self = 2

/** Member 2 of five, which has heard of nothing, and what it does. */
function setUp() {
  const { blocks, add } = createWorkChain()
  /** Whom it asked last, for what, and how long it waits; −1 where it waits for nobody. */
  const sent: { to: number; message: WorkMessage; bytes: number }[] = []
  const waits: Time[] = []
  const known = createKnownBlocks(blocks, () => true)
  const context: Partial<ReplicaContext<WorkMessage>> = {
    blocks,
    self,
    committee: createCommittee([1, 1, 1, 1, 1]),
    random: (purpose) => createStream({ seed: 'fetcher', replication: 0, purpose }),
    send: (to, message, bytes) => void sent.push({ to, message, bytes }),
    setTimer: (_timer, delay) => void waits.push(delay),
    clearTimer: () => void waits.push(-1),
  }
  const fetcher = createFetcher({
    parameters: nakamotoParameters.parse({ fetchBatchBlocks: 3 }),
    context: context as ReplicaContext<WorkMessage>,
    known,
    head: () => 0,
    timer: 1,
  })
  return { ...{ add, blocks, fetcher, known, sent, waits }, asked: () => sent.at(-1)!.to }
}

test('who has missed something asks any of the others, and never itself', () => {
  const { fetcher, sent } = setUp()
  for (let time = 0; time < 400; time++) fetcher.catchUp()
  const counts = [0, 1, 2, 3, 4].map((peer) => sent.filter(({ to }) => to === peer).length)
  expect(counts[self]).toBe(0)
  // Binomial(400, 1/4), 99.9 %.
  for (const peer of [0, 1, 3, 4]) expect(Math.abs(counts[peer]! - 100)).toBeLessThan(29)
})

test('each answer that does not come makes it wait twice as long, up to 64 s', () => {
  const { fetcher, waits } = setUp()
  fetcher.catchUp()
  for (let time = 0; time < 6; time++) fetcher.retry()
  expect(waits).toEqual([2, 4, 8, 16, 32, 64, 64].map((wait) => seconds(wait)))
  // After the next outage it begins anew.
  fetcher.catchUp()
  expect(waits.at(-1)).toBe(ms(2_000))
})

test('a late answer is taken, but opens no second conversation', () => {
  const { add, asked, fetcher, known, sent, waits } = setUp()
  const [one, two] = [add(0, 600), add(1, 1_200)]
  fetcher.catchUp()
  const late = asked()
  for (fetcher.retry(); asked() === late; ) fetcher.retry()
  const count = sent.length
  known.take(one)
  fetcher.progress(late, two, [one])
  expect([sent.length, waits.at(-1) === -1]).toEqual([count, false])
  // The one asked last goes on from what it has sent, and is no longer waited for at the end.
  fetcher.progress(asked(), two, [one])
  expect(sent.at(-1)).toMatchObject({ message: { type: 'request', goal: two, have: one } })
  known.take(two)
  fetcher.progress(asked(), two, [two])
  expect([sent.length, waits.at(-1)]).toEqual([count + 1, -1])
})

test('an answer has the blocks above what both have, lowest first, with all their bytes', () => {
  const { blocks, fetcher, known, sent } = setUp()
  const chain = [100, 20, 3, 4_000].map((bytes, parent) => {
    const data = { difficulty: 1, timestamp: seconds(parent + 1) }
    const shared = { proposer: 0, time: 0, work: 1, round: parent + 1 }
    return blocks.append({ ...shared, parent, bytes, data })
  })
  const branch = blocks.append({ parent: 1, proposer: 1, time: 0, round: 2, bytes: 9 })
  for (const block of chain) known.take(block)
  fetcher.answer(4, chain[3], branch)
  expect(sent).toEqual([
    { to: 4, message: { type: 'blocks', goal: 4, blocks: [2, 3, 4] }, bytes: 93 + 4_023 },
  ])
  // No more than three at a time, and nothing that it does not have.
  fetcher.answer(4, chain[3], 0)
  expect(sent.at(-1)).toMatchObject({ message: { blocks: [1, 2, 3] }, bytes: 93 + 123 })
  fetcher.answer(4, branch, 0)
  expect(sent).toHaveLength(2)
})
