import { emptyBlocks } from '@counterpoise/consensus'
import { ms, seconds } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { messageTypes } from './messages.ts'
import { createTrial, hop } from './testing.ts'

describe('happy path', () => {
  test.each([1, 4, 7, 10])('%i voters notarise after 2 hops and finalise after 3', (voters) => {
    const trial = createTrial({ voters, parameters: { buildBudgetMs: voters === 1 ? 100 : 0 } })
    trial.run(seconds(2))
    const hops = voters === 1 ? 0 : hop
    const early = trial.proposed.slice(0, 10)
    expect(early).toHaveLength(10)
    for (const { time, block } of early) {
      const atAll = (at: number): number[] => Array.from({ length: voters }, () => at)
      expect(trial.timesOf(trial.notarised, block)).toEqual(atAll(time + 2 * hops))
      expect(trial.timesOf(trial.heads, block)).toEqual(atAll(time + 2 * hops))
      expect(trial.timesOf(trial.finalised, block)).toEqual(atAll(time + 3 * hops))
    }
  })

  test('a block every build budget plus 2 hops', () => {
    const trial = createTrial({ voters: 4 })
    trial.run(seconds(20))
    const times = trial.proposed.map(({ time }) => time)
    expect(times[0]).toBe(ms(500))
    const intervals = times.slice(1).map((time, index) => time - times[index]!)
    expect(new Set(intervals)).toEqual(new Set([ms(500) + 2 * hop]))
  })

  test('behavior: L6 timeouts four times as long change nothing', () => {
    const short = createTrial({ voters: 7 })
    const long = createTrial({
      voters: 7,
      parameters: { leaderTimeoutMs: 4_800, certificationTimeoutMs: 8_000, nullifyRetryMs: 40_000 },
    })
    short.run(seconds(30))
    long.run(seconds(30))
    expect(long.finalised).toEqual(short.finalised)
    expect(short.finalised.length).toBeGreaterThan(300)
  })

  test.each([4, 10])('messages per view of %i voters', (voters) => {
    const trial = createTrial({ voters })
    trial.run(seconds(60))
    // The run may cut the last view off; one view before it is over everywhere.
    const views = trial.proposed.length - 1
    const spare = 1
    const counts = trial.witness.counts()
    const perView = (type: number): number => Math.floor(counts[type]! / views)
    expect(perView(messageTypes.block)).toBe(1)
    expect(perView(messageTypes.notarise)).toBe(voters)
    expect(perView(messageTypes.finalise)).toBe(voters)
    expect(perView(messageTypes.notarisation)).toBe(voters)
    expect(perView(messageTypes.finalisation)).toBe(voters)
    expect(counts[messageTypes.nullify]).toBe(0)
    expect(counts[messageTypes.nullification]).toBe(0)
    expect(counts[messageTypes.blockRequest]).toBe(0)
    expect(counts[messageTypes.certificateRequest]).toBe(0)
    const { sent, bytes } = trial.cluster.network.counters()
    const links = voters - 1
    const messages = links + 4 * voters * links
    expect(sent).toBeGreaterThanOrEqual(views * messages)
    expect(sent).toBeLessThanOrEqual((views + spare) * messages)
    // Section by section: a block, two votes and two certificates of each voter, with framing.
    const size = links * (825 + voters * 2 * (138 + 25) + voters * 2 * (137 + 25))
    expect(bytes).toBeGreaterThanOrEqual(views * size)
    expect(bytes).toBeLessThanOrEqual((views + spare) * size)
  })
})

describe('validation', () => {
  const validating = (work: number) => {
    const blocks = createBlockStore()
    return createTrial({
      voters: 4,
      followers: 1,
      blocks,
      executor: () => ({ ...emptyBlocks(blocks), validate: () => work }),
    })
  }

  test('votes leave when the work is done, and leaders learn to leave time for it', () => {
    const work = ms(120)
    const trial = validating(work)
    trial.run(seconds(60))
    const { time, block } = trial.proposed[0]!
    const notarised = trial.notarised.filter((entry) => entry.block === block && entry.node < 4)
    // The leader hears the votes; the others need one more than its vote and their own.
    for (const entry of notarised) expect(entry.time).toBe(time + 2 * hop + work)
    // Once all have validated, a view takes the budget and 2 hops again, work included.
    const times = trial.proposed.map((entry) => entry.time)
    expect(times.at(-1)! - times.at(-2)!).toBe(ms(500) + 2 * hop)
  })

  test('a follower fetches the block, executes it and then reports it', () => {
    const work = ms(30)
    const trial = validating(work)
    trial.run(seconds(10))
    const { time, block } = trial.proposed[3]!
    const entry = trial.notarised.find((found) => found.node === 4 && found.block === block)
    // Votes out, validated, back; certificate, request, block; the work of its own.
    expect(entry!.time).toBe(time + 5 * hop + 2 * work)
  })

  test('work beyond the certification timeout nullifies the view', () => {
    const trial = validating(ms(2_100))
    trial.run(seconds(30))
    expect(trial.agreement.finalisedCount()).toBe(0)
    expect(trial.witness.counts()[messageTypes.nullification]).toBeGreaterThan(0)
    expect(trial.witness.violations(trial.cluster.blocks)).toEqual([])
  })
})
