import { seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { messageTypes } from './messages.ts'
import { altered, createTrial, problemsOf } from './testing.ts'

test('behavior: what was missed comes 32 blocks at a time, with one request each', () => {
  const trial = createTrial({ voters: 4, parameters: { fetchTimeoutMs: 3_600_000 } })
  const { blocks, finalised, network } = trial.cluster
  const { blockRequest, block: blockType } = messageTypes
  trial.run(seconds(5))
  network.assignGroup(3, 1)
  trial.run(seconds(120))
  const missed = blocks.height(finalised(0)) - blocks.height(finalised(3))
  expect(missed).toBeGreaterThan(70)
  const before = [...trial.witness.counts()]
  network.assignGroup(3, 0)
  trial.run(seconds(122))
  expect(blocks.height(finalised(3))).toBeGreaterThan(blocks.height(finalised(0)) - 2)
  const counts = trial.witness.counts()
  const requests = counts[blockRequest]! - before[blockRequest]!
  // One more for a block that is proposed while the last of them is under way.
  expect(requests - Math.ceil(missed / 32)).toBeGreaterThanOrEqual(0)
  expect(requests - Math.ceil(missed / 32)).toBeLessThanOrEqual(1)
  const sent = counts[blockType]! - before[blockType]!
  const proposals = trial.proposed.filter(({ time }) => time > seconds(120)).length
  expect(sent - missed).toBeGreaterThanOrEqual(proposals)
  expect(sent - missed).toBeLessThanOrEqual(proposals + 2)
})

test('behavior: what is not answered is asked for again, from others', () => {
  // Member 1 never sends a block on request, and nobody sends one to member 3 of its own accord.
  const asked: number[] = []
  const sparing = altered(({ committee, self, send }) => ({
    broadcast: (message, bytes) => {
      for (const to of committee.voters) {
        if (to === self || (to === 3 && message.type === messageTypes.block)) continue
        send(to, message, bytes)
      }
    },
    send: (to, message, bytes) => {
      if (self !== 1 || message.type !== messageTypes.block) send(to, message, bytes)
    },
  }))
  const asking = altered(({ send }) => ({
    send: (to, message, bytes) => {
      if (message.type === messageTypes.blockRequest) asked.push(to)
      send(to, message, bytes)
    },
  }))
  const behaviours = new Map([0, 1, 2].map((node) => [node, sparing]))
  const trial = createTrial({ voters: 4, behaviours: behaviours.set(3, asking) })
  trial.run(seconds(120))
  const { blocks, finalised } = trial.cluster
  const refused = asked.filter((node) => node === 1).length
  expect(refused).toBeGreaterThan(5)
  expect(asked.length - refused).toBeGreaterThan(5)
  expect(blocks.height(finalised(3))).toBeGreaterThan(blocks.height(finalised(1)) - 6)
  expect(blocks.height(finalised(1))).toBeGreaterThan(100)
  expect(problemsOf(trial)).toEqual([])
})
