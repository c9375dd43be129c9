import { ms, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { messageTypes } from './messages.ts'
import { altered, createTrial, hop, problemsOf, type Trial } from './testing.ts'

const interval = ms(500) + 2 * hop

/** Times between blocks that follow each other, and how many views were lost between. */
function gapsOf(trial: Trial, from: Time): { skipped: number; time: Time }[] {
  const { blocks } = trial.cluster
  const entries = trial.proposed.filter(({ time }) => time >= from)
  return entries.slice(1).map(({ time, block }, index) => {
    const before = entries[index]!
    const skipped = blocks.round(block) - blocks.round(before.block) - 1
    return { skipped, time: time - before.time }
  })
}

describe.each([
  [4, 1],
  [7, 2],
  [10, 3],
])('%i members, %i of them down', (voters, down) => {
  const run = (skipViews: number, until: Time): Trial => {
    const trial = createTrial({ voters, parameters: { skipViews } })
    for (let node = 0; node < down; node++) trial.cluster.network.takeDown(node)
    trial.run(until)
    expect(problemsOf(trial)).toEqual([])
    return trial
  }

  /** Lost views between two blocks are geometric: m/(n − m) on average. */
  const expectMean = (gaps: readonly { skipped: number; time: Time }[], lost: Time): void => {
    const mean = gaps.reduce((sum, { time }) => sum + time, 0) / gaps.length
    const good = (voters - down) / voters
    const expected = interval + (down / (voters - down)) * lost
    const deviation = (Math.sqrt((1 - good) / (good * good)) * lost) / Math.sqrt(gaps.length)
    expect(Math.abs(mean - expected)).toBeLessThan(4 * deviation)
    expect(gaps.some(({ skipped }) => skipped >= 2)).toBe(true)
  }

  test('each costs its timeout and a hop, however many there are in a row', () => {
    // With nobody ever skipped, timeouts do not grow either.
    const gaps = gapsOf(run(100_000, seconds(300)), 0)
    for (const { skipped, time } of gaps) {
      expect(time).toBe(interval + skipped * (ms(1_200) + hop))
    }
    expectMean(gaps, ms(1_200) + hop)
  })

  test('a lost view costs two messages of everybody to everybody', () => {
    const trial = run(100_000, seconds(120))
    const { nullification, nullify } = messageTypes
    const counts = trial.witness.counts()
    const lost = [...trial.witness.views().values()].filter(({ nullified }) => nullified).length
    expect(lost).toBeGreaterThan(10)
    // The run may end within a view.
    expect(Math.floor(counts[nullification]! / (voters - down))).toBe(lost)
    expect(counts[nullify]! - lost * (voters - down)).toBeGreaterThanOrEqual(0)
    expect(counts[nullify]! - lost * (voters - down)).toBeLessThanOrEqual(voters - down)
  })

  test('once they have been silent for 32 views, each costs a hop', () => {
    const trial = run(32, seconds(600))
    const late = gapsOf(trial, seconds(120))
    for (const { skipped, time } of late) expect(time).toBe(interval + skipped * hop)
    expectMean(late, hop)
    // The first skip does not come before view 33.
    const { blocks } = trial.cluster
    for (const { skipped, time } of gapsOf(trial, 0)) {
      if (time === interval + skipped * (ms(1_200) + hop) || skipped === 0) continue
      const fast = trial.proposed.find((entry) => blocks.round(entry.block) > 33)!
      expect(trial.proposed[0]!.time).toBeLessThan(fast.time)
    }
    const early = trial.proposed.filter(({ block }) => blocks.round(block) <= 33)
    early.slice(1).forEach(({ block, time }, index) => {
      const before = early[index]!
      const skipped = blocks.round(block) - blocks.round(before.block) - 1
      expect(time - before.time).toBe(interval + skipped * (ms(1_200) + hop))
    })
  })
})

test('a leader that has given its view up beforehand is not waited for', () => {
  // With its vote in the view before, member 0 nullifies the one that it is to lead.
  const reluctant = altered(({ beacon, broadcast }) => ({
    broadcast: (message, bytes) => {
      broadcast(message, bytes)
      if (message.type !== messageTypes.notarise) return
      const view = message.view + 1
      if (beacon(view) % 4 === 0) broadcast({ type: messageTypes.nullify, view, block: -1 }, bytes)
    },
  }))
  const trial = createTrial({ voters: 4, behaviours: new Map([[0, reluctant]]) })
  trial.run(seconds(60))
  const lost = gapsOf(trial, 0).filter(({ skipped }) => skipped === 1)
  expect(lost.length).toBeGreaterThan(5)
  for (const { time } of lost) expect(time).toBe(interval + hop)
})

describe('a leader that reaches some members only', () => {
  /** Of seven members with a quorum of five, the leader 0 sends its blocks to so many. */
  const run = (reached: number): Trial => {
    const partial = altered(({ broadcast, committee, self, send, blocks }) => ({
      broadcast: (message, bytes) => {
        const { type } = message
        const isOwn =
          (type === messageTypes.block || type === messageTypes.notarise) &&
          blocks.proposer(message.block) === self
        if (!isOwn) broadcast(message, bytes)
        else {
          const others = committee.voters.filter((node) => node !== self)
          for (const to of others.slice(0, reached)) send(to, message, bytes)
        }
      },
    }))
    const trial = createTrial({ voters: 7, behaviours: new Map([[0, partial]]) })
    trial.run(seconds(90))
    expect(problemsOf(trial)).toEqual([])
    return trial
  }

  /** How long its lost views took, and who led the next one. */
  const lostTo = (trial: Trial): { node: number; time: Time }[] => {
    const { blocks } = trial.cluster
    return trial.proposed.slice(0, -1).flatMap(({ block, node, time }, index) => {
      const next = trial.proposed[index + 1]!
      const isNext = blocks.round(next.block) === blocks.round(block) + 1
      const isLost = node === 0 && next.node !== 0 && isNext
      return isLost ? [{ node: next.node, time: next.time - time }] : []
    })
  }

  test('five others: enough of them time out, and the view ends with them', () => {
    // From the entry into the view, 500 ms before the proposal.
    const times = lostTo(run(1))
    expect(times.length).toBeGreaterThan(5)
    for (const { time } of times) expect(time).toBe(ms(1_200) + hop)
  })

  test('four others: it takes one that has voted, and waits for a certificate in vain', () => {
    const times = lostTo(run(2))
    expect(times.length).toBeGreaterThan(5)
    // Members 1 and 2 have voted; as the next leader such a one need not wait for itself.
    for (const { node, time } of times) expect(time).toBe(ms(2_000) + (node <= 2 ? 0 : hop))
  })

  test('two others: a quorum votes, and all the others fetch the block', () => {
    const trial = run(4)
    const own = trial.proposed.filter(({ node, time }) => node === 0 && time < seconds(80))
    expect(own.length).toBeGreaterThan(5)
    for (const { block } of own) {
      expect(trial.timesOf(trial.finalised, block)).toHaveLength(7)
    }
    expect(trial.witness.views().get(1)!.nullified).toBe(false)
  })
})
