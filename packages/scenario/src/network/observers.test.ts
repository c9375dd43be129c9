import { createSimulation } from '@counterpoise/engine'
import type { Place } from '@counterpoise/network'
import { expect, test } from 'vitest'
import type { NetworkConfig } from '../schema/network.ts'
import { network } from '../schema/network.ts'
import { broken, type Draft, messages } from '../testing.ts'
import { withBandwidth } from './bandwidthOf.ts'
import { networkOf } from './networkOf.ts'

const places: Place[] = Array.from({ length: 40 }, (_, node) => ({
  name: `node-${node}`,
  attributes: { region: 'eu-west-1', operator: `operator ${node}` },
}))

const configOf = (given: Draft): NetworkConfig => network.parse(given)

const context = () => ({
  ...{ simulation: createSimulation({ seed: 'observers' }), name: 'chain' },
  ...{ validators: 2, observers: 3 },
})

test('default: observers have the bandwidth that is said of them, and others what they had', () => {
  const given = { bandwidth: { upMbps: { kind: 'measured2016' }, downMbps: 5 } }
  const [plain, better] = [given, { ...given, observers: { upMbps: 100 } }].map((each) =>
    withBandwidth(places, configOf(each), context()),
  )
  for (const [node, { uplinkBytesPerSecond, downlinkBytesPerSecond }] of better!.entries()) {
    const isObserver = node >= 2 && node < 5
    const before = plain![node]!.uplinkBytesPerSecond!
    expect(uplinkBytesPerSecond).toBe(isObserver ? 12_500_000 : before)
    expect(downlinkBytesPerSecond).toBe(625_000)
  }
})

test('default: observers have as many links as is said', () => {
  const topology = { kind: 'random', outgoing: 2 }
  const given = { topology, observers: { links: [20, 20] } }
  const { topology: graph } = networkOf(configOf(given), places, context())
  const links = places.map((_, node) => graph!.neighbours(node).length)
  for (const node of [2, 3, 4]) expect(links[node]).toBeGreaterThanOrEqual(20)
  const others = links.filter((_, node) => node < 2 || node > 4)
  expect(Math.max(...others)).toBeLessThan(15)
})

test.each<[Draft, string]>([
  [{ duplicates: 'counted' }, 'duplicates: expected nothing, found "counted" (the block relay'],
  [{ streams: 'shared' }, 'network.streams: expected nothing'],
  [{ fifo: true }, 'network.fifo: expected nothing'],
  [{ bandwidth: { mode: 'fair', upMbps: 1 } }, 'bandwidth.mode: expected nothing'],
])('error: what the block relay would ignore: %j', (given, expected) => {
  const problems = (more: Draft): string =>
    messages(
      broken('bitcoin', ({ rails }) => {
        Object.assign(rails.bitcoin.network, given, more)
      }),
    )
  expect(problems({})).toContain(expected)
  // Where blocks travel by messages of the network, all of it counts.
  expect(problems({ broadcast: { kind: 'flood' } })).toBe('')
  expect(problems({ topology: { kind: 'complete' } })).toBe('')
})
