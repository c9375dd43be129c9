import { ms, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createTrial as createAny, hop, hopsOf, type Trial } from '../testing.ts'
import { voteBytes } from './messages.ts'
import { tendermint } from './tendermint.ts'

const createTrial = (voters: number, given: object = {}): Trial =>
  createAny(tendermint, voters, { timeoutCommitMs: 0, ...given })

describe('happy path', () => {
  test.each([4, 7, 10])('%i members prevote after 2 hops and decide after 3', (voters) => {
    const trial = createTrial(voters)
    const hops = { notarised: 2, finalised: 3, interval: 3 }
    const { found, expected } = hopsOf(trial, voters, hops)
    expect(found).toEqual(expected)
    for (let block = 1; block <= 10; block++) {
      expect(trial.cluster.blocks.proposer(block)).toBe((block - 1) % voters)
    }
  })

  test.each([4, 10])('messages and bytes per decision of %i members', (voters) => {
    const trial = createTrial(voters)
    const decisions = 8
    trial.simulation.run({ until: decisions * 3 * hop - 1 })
    const { sent, bytes } = trial.cluster.network.counters()
    const links = voters - 1
    // A proposal of the proposer, a prevote and a precommit of everybody.
    expect(sent).toBe(decisions * links * (1 + 2 * voters))
    expect(bytes).toBe(decisions * links * (500 + 25 + (1 + 2 * voters) * voteBytes))
  })

  test('the wait after a decision comes on top', () => {
    const trial = createTrial(4, { timeoutCommitMs: 1_000 })
    trial.simulation.run({ until: seconds(10) })
    const times = trial.reports.filter(({ word }) => word === 'proposed').map(({ time }) => time)
    expect(times.slice(1).map((time, index) => time - times[index]!)).toEqual(
      Array(times.length - 1).fill(3 * hop + seconds(1)),
    )
  })
})

describe('proposers that are down', () => {
  test.each([
    [4, [0], ms(3_000)],
    [7, [0, 1], ms(3_000) + 2 * hop + ms(3_500)],
  ])('of %i members, %j: a longer wait for each round', (voters, down, waited) => {
    const trial = createTrial(voters)
    for (const node of down) trial.cluster.network.takeDown(node)
    trial.simulation.run({ until: seconds(20) })
    const { block, node, time } = trial.reports.find(({ word }) => word === 'proposed')!
    expect(node).toBe(down.length)
    // Prevotes for none, precommits for none, and the wait for more of them.
    const waits = down.reduce((sum, _, round) => sum + ms(1_000 + 500 * round), 0)
    expect(time).toBe(waited + 2 * hop + waits)
    const up = voters - down.length
    expect(trial.timesOf('finalised', block)).toEqual(Array(up).fill(time + 3 * hop))
    expect(trial.cluster.blocks.round(block)).toBe(1 + down.length)
  })

  test('behavior: what was prevoted by a quorum is proposed again', () => {
    const trial = createTrial(4)
    const { blocks, network } = trial.cluster
    // Prevotes arrive, precommits do not, and the proposer fails.
    trial.simulation.run({ until: 2 * hop })
    network.takeDown(0)
    for (const node of [1, 2, 3]) network.assignGroup(node, node)
    trial.simulation.run({ until: seconds(1) })
    for (const node of [1, 2, 3]) network.assignGroup(node, 0)
    trial.simulation.run({ until: seconds(20) })
    expect(trial.reports.find(({ word }) => word === 'finalised')!.block).toBe(1)
    expect(blocks.proposer(1)).toBe(0)
    expect(trial.agreement.conflicts()).toEqual([])
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(3)
  })
})
