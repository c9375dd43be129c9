import { ms, seconds } from '@counterpoise/engine'
import { distributedLatency } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { viewWithin } from './epochs.ts'
import { messageTypes } from './messages.ts'
import { altered, createTrial, hop, problemsOf, type Trial } from './testing.ts'

const termViews = 8

/** When each view was notarised at a member, in hops since the first proposal. */
function notarisedAt(trial: Trial, node = 0): number[] {
  const { blocks } = trial.cluster
  const start = trial.proposed[0]!.time
  return trial.notarised
    .filter((entry) => entry.node === node)
    .sort((one, other) => blocks.round(one.block) - blocks.round(other.block))
    .map(({ time }) => (time - start) / hop)
}

describe('a term', () => {
  test('has one leader, drawn for each term', () => {
    const trial = createTrial({ voters: 4, parameters: { termViews, buildBudgetMs: 0 } })
    trial.run(seconds(60))
    const { blocks } = trial.cluster
    const leaders: number[] = []
    for (const { block, node } of trial.proposed) {
      const term = Math.floor((blocks.round(block) - 1) / termViews)
      leaders[term] ??= node
      expect(node).toBe(leaders[term])
    }
    expect(leaders.length).toBeGreaterThan(100)
    // Four leaders equally likely: each within 5 standard deviations.
    for (const member of [0, 1, 2, 3]) {
      const count = leaders.filter((node) => node === member).length
      const deviation = Math.sqrt((leaders.length * 3) / 16)
      expect(Math.abs(count - leaders.length / 4)).toBeLessThan(5 * deviation)
    }
    expect(problemsOf(trial)).toEqual([])
  })

  test('views come every hop within it, and 2 hops after another leader', () => {
    const trial = createTrial({ voters: 7, parameters: { termViews, buildBudgetMs: 0 } })
    trial.run(seconds(20))
    const times = notarisedAt(trial)
    expect(times.slice(0, 9)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 11])
    const intervals = times.slice(1).map((time, index) => time - times[index]!)
    intervals.forEach((interval, index) => {
      expect(interval).toBe((index + 1) % termViews === 0 ? 2 : 1)
    })
    expect(problemsOf(trial)).toEqual([])
  })

  test.each([1, 2, 3, 7])('with votes %i views ahead, so many more views in 2 hops', (ahead) => {
    const trial = createTrial({
      voters: 7,
      parameters: { termViews: 64, optimisticViews: ahead, buildBudgetMs: 0 },
    })
    trial.run(seconds(20))
    const times = notarisedAt(trial)
    // In the first term, all of the window in every 2 hops.
    const expected = Array.from({ length: 64 }, (_, view) => 2 * Math.floor(view / (ahead + 1)) + 2)
    expect(times.slice(0, 64)).toEqual(expected)
    // A proposal is final after 3 hops as ever.
    for (const { block, time } of trial.proposed.slice(0, 64)) {
      expect(trial.timesOf(trial.finalised, block).every((at) => at === time + 3 * hop)).toBe(true)
    }
    expect(problemsOf(trial)).toEqual([])
  })

  test('behavior: a leader that needs time to build is what sets the pace', () => {
    const pace = (parameters: Record<string, number>): number[] => {
      const trial = createTrial({ voters: 4, parameters: { buildBudgetMs: 50, ...parameters } })
      trial.run(seconds(20))
      return trial.proposed.slice(0, 32).map(({ time }) => time)
    }
    const even = pace({ termViews: 32, optimisticViews: 4 })
    expect(even).toEqual(Array.from({ length: 32 }, (_, index) => ms(50) * (index + 1)))
    // Leaders in turn build only when the view before is notarised.
    const turns = pace({ termViews: 1, optimisticViews: 4 })
    expect(turns).toEqual(Array.from({ length: 32 }, (_, i) => ms(50) + i * (ms(50) + 2 * hop)))
  })

  test('the messages of a view are the same as ever', () => {
    const voters = 7
    const links = voters - 1
    const trial = createTrial({
      voters,
      parameters: { termViews, optimisticViews: 3, buildBudgetMs: 0 },
    })
    trial.run(seconds(30))
    const views = trial.proposed.length
    const { sent, bytes } = trial.cluster.network.counters()
    const size = links * (825 + voters * 2 * (138 + 25 + 137 + 25))
    // The views in which the run is cut off are at most those of a window.
    expect(Math.ceil(sent / (links + 4 * voters * links))).toBeGreaterThan(views - 5)
    expect(sent).toBeLessThanOrEqual(views * (links + 4 * voters * links))
    expect(Math.ceil(bytes / size)).toBeGreaterThan(views - 5)
    expect(bytes).toBeLessThanOrEqual(views * size)
  })
})

describe('a term that is given up', () => {
  test('a leader that is down costs its timeout once, whatever the term has left', () => {
    const parameters = { termViews, buildBudgetMs: 0, skipViews: 10_000 }
    const trial = createTrial({ voters: 4, parameters })
    trial.cluster.network.takeDown(3)
    trial.run(seconds(30))
    const { blocks } = trial.cluster
    // The first view of a term that is given up takes the rest of the term with it.
    const gaps = trial.proposed.slice(1).map(({ block, time }, index) => {
      const before = trial.proposed[index]!
      const skipped = blocks.round(block) - blocks.round(before.block) - 1
      return { skipped, time: time - before.time }
    })
    const lost = gaps.filter(({ skipped }) => skipped > 0)
    expect(lost.length).toBeGreaterThan(3)
    for (const { skipped, time } of lost) {
      expect(skipped % termViews).toBe(0)
      // From the last proposal of a term it takes one hop more or less until it is left.
      const timeouts = (skipped / termViews) * (ms(1_200) + hop)
      expect([hop, 2 * hop]).toContain(time - timeouts)
    }
    const nullified = [...trial.witness.views()].filter(([, view]) => view.nullified)
    for (const [view] of nullified) expect((view - 1) % termViews).toBe(0)
    expect(problemsOf(trial)).toEqual([])
  })

  test.each([0, 3])('behavior: in its midst, blocks before it stay (votes %i ahead)', (ahead) => {
    // The leader goes silent in the fourth view of every term.
    const stopping = altered(({ broadcast, blocks }) => ({
      broadcast: (message, bytes) => {
        const isLate = 'block' in message && message.block > 0 && 'view' in message
        const isOwn = isLate && blocks.proposer(message.block) === 0
        const isVote =
          message.type === messageTypes.notarise || message.type === messageTypes.block
        if (isOwn && isVote && viewWithin(message.view) % termViews === 4) return
        broadcast(message, bytes)
      },
    }))
    const trial = createTrial({
      voters: 4,
      parameters: { termViews, optimisticViews: ahead, buildBudgetMs: 0 },
      behaviours: new Map([[0, stopping]]),
    })
    trial.run(seconds(60))
    const { blocks } = trial.cluster
    const own = trial.proposed.filter(({ node, time }) => node === 0 && time < seconds(50))
    const within = (block: number): number => ((blocks.round(block) - 1) % termViews) + 1
    expect(own.some(({ block }) => within(block) >= 4)).toBe(true)
    for (const { block } of own) {
      expect(trial.timesOf(trial.finalised, block)).toHaveLength(within(block) < 4 ? 4 : 0)
    }
    // The fourth view is given up, and the next term follows it.
    const nullified = [...trial.witness.views()].filter(([, view]) => view.nullified)
    expect(nullified.length).toBeGreaterThan(10)
    for (const [view] of nullified) expect(((view - 1) % termViews) + 1).toBe(4)
    expect(problemsOf(trial)).toEqual([])
  })

  test.each([0, 3])('S8 where messages take longer than timeouts (votes %i ahead)', (ahead) => {
    for (const seed of ['a', 'b', 'c']) {
      const trial = createTrial({
        seed,
        voters: 4,
        latency: distributedLatency({ kind: 'uniform', low: 20, high: 500 }),
        parameters: {
          ...{ termViews, optimisticViews: ahead, buildBudgetMs: 0 },
          ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 600, nullifyRetryMs: 1_000 },
        },
      })
      trial.run(seconds(60))
      const nullified = [...trial.witness.views().values()].filter((view) => view.nullify.size > 0)
      expect(nullified.length).toBeGreaterThan(10)
      expect(trial.agreement.finalisedCount()).toBeGreaterThan(10)
      expect(problemsOf(trial)).toEqual([])
    }
  })

  test('behavior: who was cut off meanwhile catches up', () => {
    const trial = createTrial({
      voters: 4,
      followers: 1,
      parameters: { termViews, optimisticViews: 2, buildBudgetMs: 100 },
    })
    const { blocks, finalised, network } = trial.cluster
    trial.run(seconds(5))
    for (const node of [3, 4]) network.assignGroup(node, 1)
    trial.run(seconds(40))
    for (const node of [3, 4]) network.assignGroup(node, 0)
    trial.run(seconds(60))
    const heights = [0, 3, 4].map((node) => blocks.height(finalised(node)))
    expect(Math.min(...heights)).toBeGreaterThan(Math.max(...heights) - 6)
    expect(trial.proposed.some(({ node, time }) => node === 3 && time > seconds(45))).toBe(true)
    expect(problemsOf(trial)).toEqual([])
  })
})
