import { expect, test } from 'vitest'
import { broken, type Draft, messages } from '../testing.ts'
import { scenarioOf } from '../validate.ts'
import { createWorld, type World } from '../world.ts'

/** Two hours of Bitcoin over a network with changes. */
function runOver(network: Draft): World {
  const input = broken('bitcoin', (draft) => {
    draft.workload.for = '2h'
    draft.workload.arrivals = [{ kind: 'regular', ratePerSecond: 0.02 }]
    Object.assign(draft.rails.bitcoin.network, network)
  })
  const world = createWorld({ data: scenarioOf(input).data, variant: 'bitcoin' })
  world.run()
  return world
}

const plain = runOver({})

test.each<Draft>([
  { broadcast: { kind: 'direct' } },
  { broadcast: { kind: 'announceFetch', requestTimeoutMs: 5_000 } },
  { broadcast: { kind: 'gossipMesh', heartbeatMs: 1_000 } },
  { broadcast: { kind: 'erasureShards' } },
  { topology: { kind: 'complete' } },
  { topology: { kind: 'bitcoin' } },
  { bandwidth: { upMbps: 1, downMbps: 2 } },
  { broadcast: { kind: 'flood' }, bandwidth: { mode: 'fair', upMbps: 1, downMbps: 2 } },
  { lossProbability: 0.05 },
  { relayDelayMs: 500 },
  { broadcast: { kind: 'flood' } },
])('behavior: %j reaches the run, and all payments become final', (network) => {
  const world = runOver(network)
  expect(world.simulation.digest()).not.toBe(plain.simulation.digest())
  expect(world.violations()).toEqual({ conservation: [], agreement: [], liveness: [] })
  const { payments } = world
  const states = Array.from({ length: payments.count() }, (_, id) => payments.state(id))
  expect(new Set(states)).toEqual(new Set(['final']))
})

test('behavior: how copies are counted and delays are drawn, where a protocol is named', () => {
  const broadcast = { kind: 'flood' }
  const digests = [{}, { duplicates: 'counted' }, { streams: 'shared' }].map((network) =>
    runOver({ broadcast, ...network }).simulation.digest(),
  )
  expect(new Set(digests).size).toBe(3)
})

test.each<[Draft, string]>([
  [{ historyLength: 2, historyGossip: 3 }, 'Expected: a whole number from 0 to 2. Found: 3'],
  [{ degree: 4, degreeMin: 5 }, 'Expected: a whole number from 0 to 4. Found: 5'],
])('error: a mesh of %j', (parameters, complaint) => {
  const input = broken('bitcoin', (draft) => {
    draft.rails.bitcoin.network.broadcast = { kind: 'gossipMesh', ...parameters }
  })
  expect(messages(input)).toMatch(/^scenario rails\.bitcoin\.network\.broadcast: expected a /)
  expect(messages(input)).toContain(complaint)
})
