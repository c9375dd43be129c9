import { createSimulation } from '@counterpoise/engine'
import type { Place } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { network } from '../schema/network.ts'
import { broken, type Draft } from '../testing.ts'
import { scenarioOf } from '../validate.ts'
import { createWorld } from '../world.ts'
import { networkOf } from './networkOf.ts'

const places: Place[] = Array.from({ length: 60 }, (_, node) => ({
  name: `node-${node}`,
  attributes: { region: 'eu-west-1', operator: `operator ${node}` },
}))

const networkFrom = (given: Draft, seed = 'networks') =>
  networkOf(network.parse(given), places, {
    ...{ simulation: createSimulation({ seed }), name: 'chain', validators: 20, observers: 2 },
  })

/** Who is linked with each node, ascending. */
const neighboursOf = (given: Draft): number[][] => {
  const { topology } = networkFrom(given)
  return places.map((_, node) => [...topology!.neighbours(node)].sort((one, two) => one - two))
}

test('default: delays in µs, order, losses, copies, streams and the mode as they are told', () => {
  const given = {
    ...{ relayDelayMs: 250, fifo: true, lossProbability: 0.125, duplicates: 'counted' },
    ...{ streams: 'shared', bandwidth: { mode: 'fair', upMbps: 1 } },
  }
  const { relayDelay, latency: _, topology: __, broadcast: ___, ...rest } = networkFrom(given)
  expect(relayDelay!(undefined)).toBe(250_000)
  expect(rest).toEqual({
    ...{ fifo: true, lossProbability: 0.125, duplicates: 'counted', streams: 'shared' },
    bandwidth: 'fair',
  })
  expect(networkFrom({})).toMatchObject({ relayDelay: undefined, bandwidth: undefined })
})

test('default: producers have between so many and so many links', () => {
  const topology = { kind: 'random', outgoing: 1 }
  const linksOf = (low: number, high: number): number[] =>
    neighboursOf({ topology, producers: { links: [low, high] } })
      .slice(0, 20)
      .map(({ length }) => length)
  const mean = (counts: readonly number[]): number =>
    counts.reduce((sum, count) => sum + count, 0) / counts.length
  // The twenty are linked with each other in any case.
  const [few, some] = [linksOf(22, 22), linksOf(22, 52)]
  expect([Math.min(...few), Math.min(...some) >= 22]).toEqual([22, true])
  // Drawn evenly, they are 15 more in the mean.
  expect(mean(some)).toBeGreaterThan(mean(few) + 10)
})

test('default: a small world whose links stay, and a mesh within its bounds', () => {
  const ring = neighboursOf({ topology: { kind: 'smallWorld', degree: 4, rewiring: 0 } })
  expect([ring[10], ring[59]]).toEqual([[8, 9, 11, 12], [0, 1, 57, 58]])
  const mesh = neighboursOf({ topology: { kind: 'mesh', degree: 5, low: 4, high: 9 } })
  const degrees = mesh.map(({ length }) => length)
  expect([Math.min(...degrees) >= 4, Math.max(...degrees)]).toEqual([true, 9])
})

describe('how blocks spread', () => {
  const digestOver = (broadcast: object): string => {
    const input = broken('bitcoin', (draft) => {
      draft.workload.for = '40m'
      draft.until = '1h'
      draft.workload.arrivals = [{ kind: 'regular', ratePerSecond: 0.02 }]
      draft.rails.bitcoin.network.broadcast = broadcast
      draft.rails.bitcoin.network.bandwidth = { upMbps: 10, downMbps: 10 }
      draft.rails.bitcoin.network.lossProbability = 0.1
    })
    const world = createWorld({ data: scenarioOf(input).data, variant: 'bitcoin' })
    world.run()
    return world.simulation.digest()
  }

  // The defaults of the protocols, as the schema tells them.
  test.each([
    [{ kind: 'announceFetch' }, { idBytes: 61, requestTimeoutMs: 60_000, requestsMax: 10 }],
    [
      { kind: 'gossipMesh' },
      {
        ...{ degree: 8, degreeMin: 6, degreeMax: 12, lazyDegree: 6, gossipFactor: 0.25 },
        ...{ heartbeatMs: 700, historyLength: 6, historyGossip: 3, idBytes: 20 },
      },
    ],
    [{ kind: 'erasureShards' }, { rebuildShare: 1 / 3, proofBytes: 0 }],
  ])('default: %o is the same as with %o', (kind, parameters) => {
    expect(digestOver({ ...kind, ...parameters })).toBe(digestOver(kind))
  })

  test.each([
    ['announceFetch', [{ idBytes: 5_000 }, { requestTimeoutMs: 100 }, { requestsMax: 1 }]],
    ['gossipMesh', [{ idBytes: 5_000 }, { heartbeatMs: 300 }, { degree: 7 }, { lazyDegree: 1 }]],
    ['erasureShards', [{ proofBytes: 5_000 }, { rebuildShare: 0.5 }]],
  ])('behavior: %s heeds each of %o', (kind, variants) => {
    const digests = [{}, ...variants].map((variant) => digestOver({ kind, ...variant }))
    expect(new Set(digests).size).toBe(digests.length)
  })
})
