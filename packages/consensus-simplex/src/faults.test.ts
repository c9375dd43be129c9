import { emptyBlocks } from '@counterpoise/consensus'
import { ms, seconds, type Time } from '@counterpoise/engine'
import { type BlockId, createBlockStore } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { messageTypes, type SimplexMessage } from './messages.ts'
import { altered, createTrial, hop, type Trial } from './testing.ts'

const leaderTimeout = ms(1_200)
const interval = ms(500) + 2 * hop

/** Times between proposals that follow each other, by how many views were nullified between. */
function gaps(trial: Trial, from: Time): { skipped: number; time: Time; start: Time }[] {
  const { blocks } = trial.cluster
  const entries = trial.proposed.filter(({ time }) => time >= from)
  return entries.slice(1).map(({ time, block }, index) => {
    const before = entries[index]!
    const skipped = blocks.round(block) - blocks.round(before.block) - 1
    return { skipped, time: time - before.time, start: before.time }
  })
}

describe('a crashed leader', () => {
  const trial = createTrial({ voters: 4 })
  trial.cluster.network.takeDown(3)
  trial.run(seconds(600))

  test('costs its timeout and a hop, until it has been silent for 32 views', () => {
    const early = gaps(trial, 0).filter(({ start }) => start < seconds(15))
    expect(early.some(({ skipped }) => skipped > 0)).toBe(true)
    for (const { skipped, time } of early) {
      expect(time).toBe(interval + skipped * (leaderTimeout + hop))
    }
  })

  test('costs one hop from then on', () => {
    const late = gaps(trial, seconds(60))
    expect(late.some(({ skipped }) => skipped > 0)).toBe(true)
    for (const { skipped, time } of late) expect(time).toBe(interval + skipped * hop)
  })

  test('is waited for again once it is back', () => {
    const { network } = trial.cluster
    const before = trial.proposed.length
    network.bringUp(3)
    trial.run(seconds(700))
    const own = trial.proposed.slice(before).filter(({ node }) => node === 3)
    expect(own.length).toBeGreaterThan(20)
    const skips = gaps(trial, seconds(620)).filter(({ skipped }) => skipped > 0)
    expect(skips).toEqual([])
    expect(trial.witness.violations(trial.cluster.blocks)).toEqual([])
  })
})

describe('crashes (L8)', () => {
  test.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])('%i voters go on with %i down and halt with one more', (voters, limit) => {
    const trial = createTrial({ voters, followers: 1 })
    const { network } = trial.cluster
    for (let node = 0; node < limit; node++) network.takeDown(node)
    trial.run(seconds(60))
    const withLimit = trial.agreement.finalisedCount()
    expect(withLimit).toBeGreaterThan(30)

    network.takeDown(limit)
    trial.run(seconds(61))
    const halted = trial.agreement.finalisedCount()
    trial.run(seconds(200))
    expect(trial.agreement.finalisedCount()).toBe(halted)

    // One comes back: it nullifies its view at once, the others within their retry.
    network.bringUp(0)
    trial.run(seconds(200 + 10 + 5))
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(halted)
    trial.run(seconds(300))
    expect(trial.agreement.conflicts()).toEqual([])
    expect(trial.witness.violations(trial.cluster.blocks)).toEqual([])
  })

  test('behavior: a partition without a quorum on any side halts, and heals', () => {
    const trial = createTrial({ voters: 6 })
    trial.run(seconds(10))
    for (const node of [0, 1, 2]) trial.cluster.network.assignGroup(node, 1)
    trial.run(seconds(11))
    const halted = trial.agreement.finalisedCount()
    trial.run(seconds(100))
    expect(trial.agreement.finalisedCount()).toBe(halted)
    for (const node of [0, 1, 2]) trial.cluster.network.assignGroup(node, 0)
    trial.run(seconds(100 + 10 + 5))
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(halted)
    expect(trial.witness.violations(trial.cluster.blocks)).toEqual([])
  })

  test('behavior: who comes back catches up although all others have nothing to say', () => {
    // With retries this rare, only the question of who comes back can help.
    const parameters = { nullifyRetryMs: 3_600_000 }
    const trial = createTrial({ voters: 4, followers: 1, parameters })
    const { network } = trial.cluster
    trial.run(seconds(20))
    for (const node of [0, 4]) network.takeDown(node)
    trial.run(seconds(120))
    const { finalised } = trial.cluster
    // Without a quorum nothing new happens.
    for (const node of [1, 2]) network.takeDown(node)
    trial.run(seconds(123))
    for (const node of [0, 4]) network.bringUp(node)
    // Some ask a peer that is down first: a fetch timeout each.
    trial.run(seconds(123 + 8 * 2))
    expect(trial.cluster.blocks.height(finalised(3))).toBeGreaterThan(150)
    expect([finalised(0), finalised(4)]).toEqual([finalised(3), finalised(3)])
  })
})

describe('restarts', () => {
  /** Takes members down when they have just voted, and brings them up in the same view. */
  test.each([ms(10), hop, ms(300)])('never make a voter vote twice (up after %i µs)', (pause) => {
    for (const seed of ['a', 'b', 'c']) {
      const trial = createTrial({ seed, voters: 4 })
      const { network } = trial.cluster
      for (let round = 0; round < 40; round++) {
        // Alternately when a block has just been proposed, voted for and notarised.
        const proposals = trial.proposed.length
        while (trial.proposed.length === proposals) trial.simulation.step()
        const { node, time } = trial.proposed.at(-1)!
        trial.run(time + (round % 3) * hop)
        const member = round % 2 === 0 ? node : (node + 1) % 4
        network.takeDown(member)
        trial.run(trial.simulation.now() + pause)
        network.bringUp(member)
      }
      expect(trial.witness.violations(trial.cluster.blocks)).toEqual([])
      expect(trial.agreement.conflicts()).toEqual([])
      expect(trial.agreement.finalisedCount()).toBeGreaterThan(10)
    }
  })
})

describe('followers', () => {
  test('behavior: who was cut off learns what is final, though nothing moves any more', () => {
    // Nor does anybody say again how the last view began.
    const terse = altered(({ broadcast, now }) => ({
      broadcast: (message, bytes) => {
        if (now() < seconds(11)) broadcast(message, bytes)
      },
    }))
    const behaviours = new Map([0, 1].map((node) => [node, terse]))
    const { cluster, run } = createTrial({ voters: 4, followers: 1, behaviours })
    run(seconds(5))
    cluster.network.assignGroup(4, 1)
    const before = cluster.finalised(4)
    run(seconds(10))
    for (const node of [2, 3]) cluster.network.takeDown(node)
    run(seconds(11))
    cluster.network.assignGroup(4, 0)
    // It asks once a retry, any voter, also those that are down.
    run(seconds(120))
    expect(cluster.finalised(4)).toBe(cluster.finalised(0))
    expect(cluster.blocks.height(cluster.finalised(4))).toBeGreaterThan(
      cluster.blocks.height(before) + 5,
    )
  })

  test('see every block and never vote', () => {
    const trial = createTrial({ voters: 4, followers: 2 })
    trial.run(seconds(60))
    const { cluster } = trial
    for (const { block } of trial.proposed.slice(0, -2)) {
      expect(trial.timesOf(trial.finalised, block)).toHaveLength(6)
      expect(trial.timesOf(trial.notarised, block)).toHaveLength(6)
    }
    for (const { notarise, nullify, finalise } of trial.witness.views().values()) {
      expect([...notarise.keys(), ...nullify, ...finalise.keys()].every((n) => n < 4)).toBe(true)
    }
    expect(cluster.finalised(5)).toBe(cluster.finalised(4))
  })

  test('behavior: one cut off for two minutes is told by the next certificate', () => {
    const trial = createTrial({ voters: 4, followers: 1 })
    trial.run(seconds(5))
    trial.cluster.network.assignGroup(4, 1)
    trial.run(seconds(125))
    trial.cluster.network.assignGroup(4, 0)
    trial.run(seconds(130))
    const { blocks, finalised } = trial.cluster
    const heights = [0, 4].map((node) => blocks.height(finalised(node)))
    expect(heights[0]! - heights[1]!).toBeLessThanOrEqual(1)
    expect(heights[1]).toBeGreaterThan(200)
  })
})

describe('late and missing messages', () => {
  test('L5 finalise votes that come five views late still finalise their view', () => {
    const behaviour = altered((context) => {
      const kept: { message: SimplexMessage; bytes: number }[] = []
      return {
        broadcast: (message, bytes) => {
          if (message.type === messageTypes.finalise) {
            kept.push({ message, bytes })
            if (kept.length <= 5) return
            const late = kept.shift()!
            context.broadcast(late.message, late.bytes)
          } else context.broadcast(message, bytes)
        },
      }
    })
    const trial = createTrial({
      voters: 4,
      behaviours: new Map([0, 1, 2, 3].map((node) => [node, behaviour])),
    })
    trial.run(seconds(60))
    expect(trial.proposed.length).toBeGreaterThan(95)
    for (const { time, block } of trial.proposed.slice(0, -7)) {
      const late = time + 5 * interval + 3 * hop
      expect(trial.timesOf(trial.finalised, block)).toEqual([late, late, late, late])
    }
  })

  test('behavior: blocks that never reach one voter are fetched by it', () => {
    const behaviour = altered((context) => ({
      broadcast: (message, bytes) => {
        for (const to of context.committee.voters) {
          if (to === context.self || (to === 3 && message.type === messageTypes.block)) continue
          context.send(to, message, bytes)
        }
      },
    }))
    const trial = createTrial({
      voters: 4,
      behaviours: new Map([0, 1, 2].map((node) => [node, behaviour])),
    })
    trial.run(seconds(60))
    expect(trial.witness.counts()[messageTypes.blockRequest]).toBeGreaterThan(50)
    const [first, last] = [0, 3].map((node) => trial.cluster.finalised(node))
    expect(last).toBe(first)
    expect(trial.proposed.filter(({ node }) => node === 3).length).toBeGreaterThan(10)
  })

  test('behavior: a leader that gives its view up is not waited for', () => {
    const trial = createTrial({
      voters: 4,
      behaviours: new Map([[0, altered(() => ({ build: () => -1 }))]]),
    })
    trial.run(seconds(60))
    const disturbed = gaps(trial, 0).filter(({ skipped }) => skipped > 0)
    expect(disturbed.length).toBeGreaterThan(5)
    // Its build budget, its nullify vote, and the votes of the others.
    for (const { skipped, time } of disturbed) {
      expect(time).toBe(interval + skipped * (ms(500) + 2 * hop))
    }
  })

  test('behavior: a refused block is nullified at once', () => {
    const blocks = createBlockStore()
    const bad = (block: BlockId): boolean => blocks.proposer(block) === 1
    const trial = createTrial({
      voters: 4,
      blocks,
      executor: () => ({
        ...emptyBlocks(blocks),
        validate: (block) => (bad(block) ? { invalid: 'test' } : 0),
      }),
    })
    trial.run(seconds(60))
    const disturbed = gaps(trial, 0).filter(({ time }) => time !== interval)
    expect(disturbed).toEqual([])
    const refused = trial.proposed.filter(({ block }) => bad(block))
    expect(refused.length).toBeGreaterThan(5)
    for (const { block } of refused) {
      expect(trial.timesOf(trial.finalised, block)).toEqual([])
      const nullified = trial.witness.views().get(blocks.round(block))
      expect(nullified?.nullified).toBe(true)
    }
  })
})

describe('weights', () => {
  test('a quorum is more than two thirds of the weight', () => {
    const weights = [5, 3, 2, 1] // 11: a quorum is 8
    const withoutLight = createTrial({ voters: weights })
    withoutLight.cluster.network.takeDown(2)
    withoutLight.cluster.network.takeDown(3)
    withoutLight.run(seconds(60))
    expect(withoutLight.agreement.finalisedCount()).toBeGreaterThan(10)
    expect(withoutLight.witness.violations(withoutLight.cluster.blocks)).toEqual([])

    const withoutHeavy = createTrial({ voters: weights })
    withoutHeavy.cluster.network.takeDown(0)
    withoutHeavy.run(seconds(60))
    expect(withoutHeavy.agreement.finalisedCount()).toBe(0)
  })
})
