import type { Behaviour } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { ceremonyDataOf, type CeremonyOutcome } from './epochs.ts'
import { messageTypes } from './messages.ts'
import { altered, createTrial, outcomesOf, problemsOf, votersByEpoch } from './testing.ts'

describe('the key ceremony', () => {
  test('needs the logs of a quorum of dealers: how often that is, with random leaders', () => {
    // Three of eight blocks can carry logs, and three of four dealers are a quorum: 4·3·2 / 4³.
    const trial = createTrial({ voters: 4, parameters: { epochBlocks: 8, buildBudgetMs: 0 } })
    trial.run(seconds(400))
    const outcomes = outcomesOf(trial)
    const expected = 24 / 64
    const found = outcomes.filter(({ succeeded }) => succeeded).length
    const deviation = Math.sqrt(outcomes.length * expected * (1 - expected))
    expect(outcomes.length).toBeGreaterThan(500)
    expect(Math.abs(found - outcomes.length * expected)).toBeLessThan(4 * deviation)
    for (const { dealers, succeeded } of outcomes) {
      expect(new Set(dealers).size).toBe(dealers.length)
      expect(succeeded).toBe(dealers.length >= 3)
    }
  })

  test('behavior: where it fails the committee stays, and changes wait', () => {
    const trial = createTrial({
      voters: 4,
      followers: 1,
      parameters: {
        epochBlocks: 8,
        buildBudgetMs: 0,
        membership: [{ epoch: 0, member: 4, weight: 1 }],
      },
    })
    trial.run(seconds(60))
    const outcomes = outcomesOf(trial)
    const first = outcomes.findIndex(({ epoch, succeeded }) => epoch > 0 && succeeded)
    expect(first).toBeGreaterThan(1)
    const sizes = votersByEpoch(trial).map(({ length }) => length)
    expect(sizes.slice(0, first + 1)).toEqual(sizes.slice(0, first + 1).map(() => 4))
    expect(outcomes[first]!.weights).toEqual([1, 1, 1, 1, 1])
    expect(outcomes[first - 1]!.weights).toEqual([1, 1, 1, 1, 0])
    expect(problemsOf(trial)).toEqual([])
  })

  test('behavior: shares of another epoch are not acknowledged', () => {
    const stale = altered(({ send }) => ({
      send: (to, message, bytes) => {
        if (message.type !== messageTypes.share) send(to, message, bytes)
        else send(to, { ...message, epoch: message.epoch - 1 }, bytes)
      },
    }))
    const dealersOf = (behaviours: ReadonlyMap<number, Behaviour>): Set<number> => {
      const parameters = { epochBlocks: 30, buildBudgetMs: 0 }
      const trial = createTrial({ voters: 4, parameters, behaviours })
      trial.run(seconds(30))
      return new Set(outcomesOf(trial).flatMap(({ dealers }) => dealers))
    }
    expect(dealersOf(new Map())).toEqual(new Set([0, 1, 2, 3]))
    expect(dealersOf(new Map([[3, stale]]))).toEqual(new Set([0, 1, 2]))
  })

  test('behavior: more than f players that are down make it fail, until they are up', () => {
    const membership = [4, 5, 6, 7].map((member) => ({ epoch: 0, member, weight: 1 }))
    const trial = createTrial({
      voters: 4,
      followers: 4,
      parameters: { epochBlocks: 60, membership, fullCeremonies: [3] },
    })
    const { network } = trial.cluster
    for (const node of [4, 5, 6]) network.takeDown(node)
    trial.run(seconds(36 * 3))
    for (const node of [4, 5, 6]) network.bringUp(node)
    trial.run(seconds(36 * 6))
    const outcomes = outcomesOf(trial).slice(0, 4)
    expect(outcomes.map(({ succeeded }) => succeeded)).toEqual([true, false, false, true])
    expect(outcomes.map(({ isFull }) => isFull)).toEqual([false, false, false, true])
    // No dealer has the receipts of a quorum of players, so there is no log to show.
    expect(outcomes[1]!.dealers).toEqual([])
    expect(outcomes[3]!.weights).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
    expect(problemsOf(trial)).toEqual([])
  })

  test.each([0, 0.3, 1])('fails by chance as often as a parameter says (%d)', (probability) => {
    const trial = createTrial({
      voters: 1,
      parameters: {
        epochBlocks: 4,
        buildBudgetMs: 10,
        ceremonyFailureProbability: probability,
      },
    })
    trial.run(seconds(20))
    const outcomes = outcomesOf(trial)
    expect(outcomes.length).toBeGreaterThan(300)
    const failures = outcomes.filter(({ succeeded }) => !succeeded).length
    const deviation = Math.sqrt(outcomes.length * probability * (1 - probability))
    expect(Math.abs(failures - outcomes.length * probability)).toBeLessThanOrEqual(4 * deviation)
  })

  test('behavior: another outcome, and a log without receipts, are refused', () => {
    const lying = altered(({ blocks, build }) => ({
      build: (parent, header) => {
        const height = blocks.height(parent) + 1
        if (height % 10 === 9) {
          const data = header.data as { outcome: CeremonyOutcome }
          const outcome = { ...data.outcome, weights: [5, 0, 0, 0] }
          return build(parent, { ...header, data: { outcome } })
        }
        const log = { dealer: 0, acknowledged: [0, 0, 0] }
        return build(parent, { ...header, data: { log } })
      },
    }))
    const trial = createTrial({
      voters: 4,
      parameters: { epochBlocks: 10 },
      behaviours: new Map([[0, lying]]),
    })
    trial.run(seconds(120))
    const { blocks } = trial.cluster
    const own = trial.proposed.filter(({ node }) => node === 0)
    expect(own.length).toBeGreaterThan(20)
    for (const { block } of own) expect(trial.timesOf(trial.notarised, block)).toEqual([])
    expect(own.some(({ block }) => ceremonyDataOf(blocks, block)?.outcome !== undefined)).toBe(true)
    expect(outcomesOf(trial).length).toBeGreaterThan(10)
    expect(problemsOf(trial)).toEqual([])
  })
})
