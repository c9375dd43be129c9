import { ms, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createTrial as createAny, hop, hopsOf, type Trial } from '../testing.ts'
import { minimmit } from './minimmit.ts'

const createTrial = (voters: number, given: object = {}): Trial =>
  createAny(minimmit, voters, { pacingMs: 0, ...given })

describe('happy path', () => {
  test.each([6, 11])('%i members have a block final after 2 hops, one every 2 hops', (voters) => {
    const hops = { notarised: 2, finalised: 2, interval: 2 }
    const { found, expected } = hopsOf(createTrial(voters), voters, hops)
    expect(found).toEqual(expected)
  })

  test.each([6, 11])('messages of %i members: a block, a vote and two certificates', (voters) => {
    const trial = createTrial(voters)
    const decisions = 8
    trial.simulation.run({ until: decisions * 2 * hop - 1 })
    const { sent } = trial.cluster.network.counters()
    const links = voters - 1
    const ofView = links * (1 + 3 * voters)
    // The certificates of the last view are not out yet.
    expect(sent).toBe(decisions * ofView - 2 * voters * links)
  })
})

test('a leader that is down costs the timeout and a hop', () => {
  const trial = createTrial(6, { viewTimeoutMs: 1_000 })
  trial.cluster.network.takeDown(0)
  trial.simulation.run({ until: seconds(3) })
  const { node, time } = trial.reports.find(({ word }) => word === 'proposed')!
  expect({ node, time }).toEqual({ node: 1, time: ms(1_000) + hop })
})
