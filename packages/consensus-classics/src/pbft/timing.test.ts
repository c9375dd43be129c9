import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createTrial as createAny, hop, hopsOf, type Trial } from '../testing.ts'
import { voteBytes } from './messages.ts'
import { pbft } from './pbft.ts'

const createTrial = (voters: number, given: object = {}): Trial =>
  createAny(pbft, voters, { pacingMs: 0, ...given })

describe('happy path', () => {
  test.each([4, 7, 10])('%i members prepare after 2 hops and decide after 3', (voters) => {
    const hops = { notarised: 2, finalised: 3, interval: 3 }
    const { found, expected } = hopsOf(createTrial(voters), voters, hops)
    expect(found).toEqual(expected)
  })

  test.each([4, 10])('messages and bytes per decision of %i members', (voters) => {
    const trial = createTrial(voters)
    const decisions = 8
    trial.simulation.run({ until: decisions * 3 * hop - 1 })
    const { sent, bytes } = trial.cluster.network.counters()
    const links = voters - 1
    // A pre-prepare to each backup, a prepare of each backup, a commit of each member.
    expect(sent).toBe(decisions * (links + links * links + voters * links))
    expect(bytes).toBe(decisions * (links * (200 + 25) + 2 * voters * links * voteBytes))
  })
})

describe('a primary that is down', () => {
  test('costs three delay bounds and a view change of two hops', () => {
    const trial = createTrial(4, { delayBoundMs: 1_000 })
    trial.cluster.network.takeDown(0)
    trial.simulation.run({ until: seconds(10) })
    const { time, node, block } = trial.reports.find(({ word }) => word === 'proposed')!
    expect({ time, node }).toEqual({ time: seconds(3) + hop, node: 1 })
    // The proposal follows the new view on its way, so nobody waits for it any longer.
    expect(trial.timesOf('finalised', block)).toEqual(Array(3).fill(seconds(3) + 4 * hop))
    expect(trial.cluster.blocks.round(block)).toBe(2)
  })

  test('behavior: two in a row cost two bounds more each, doubled', () => {
    const trial = createTrial(7, { delayBoundMs: 1_000 })
    trial.cluster.network.takeDown(0)
    trial.cluster.network.takeDown(1)
    trial.simulation.run({ until: seconds(20) })
    const { time, node } = trial.reports.find(({ word }) => word === 'proposed')!
    expect({ time, node }).toEqual({ time: seconds(3) + seconds(2) + hop, node: 2 })
  })

  test('behavior: what was prepared is proposed again', () => {
    const trial = createTrial(4, { delayBoundMs: 1_000 })
    const { network, blocks } = trial.cluster
    // Between the prepares and the commits the primary fails, and no commit arrives.
    trial.simulation.run({ until: 2 * hop })
    network.takeDown(0)
    for (const node of [1, 2, 3]) network.assignGroup(node, node)
    trial.simulation.run({ until: 3 * hop })
    for (const node of [1, 2, 3]) network.assignGroup(node, 0)
    trial.simulation.run({ until: seconds(10) })
    const [first] = trial.reports.filter(({ word }) => word === 'finalised')
    expect(first!.block).toBe(1)
    expect(blocks.proposer(1)).toBe(0)
    expect(trial.agreement.conflicts()).toEqual([])
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(20)
  })
})
