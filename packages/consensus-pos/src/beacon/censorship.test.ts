import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { ForkProfileError } from '../transition/forkProfiles.ts'
import {
  allMembersCensor,
  type BuilderMarket,
  censoredQuantile,
  censoringShare,
  inclusionDelays,
} from './censorship.ts'

const streamOf = (purpose: string) => createStream({ seed: 'censor', replication: 0, purpose })

const marketOf = (share: number): BuilderMarket => ({
  relayedShare: 0.9,
  builders: [
    { name: 'censoring', share, censors: true },
    { name: 'open', share: 1 - share, censors: false },
  ],
  censoringProposers: share,
})

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('without congestion the delay is geometric', () => {
  test.each([0.27, 0.46, 0.79])('%d of the slots censor', (share) => {
    const market = marketOf(share)
    expect(censoringShare(market)).toBeCloseTo(share, 10)
    const payments = 40_000
    const delays = inclusionDelays({ marketAt: () => market, stream: streamOf('geo'), payments })
    const mean = 1 / (1 - share)
    // Four standard errors.
    const error = (4 * Math.sqrt(share)) / (1 - share) / Math.sqrt(payments)
    expect(Math.abs(meanOf(delays) - mean)).toBeLessThan(error)
    delays.sort((a, b) => a - b)
    expect(delays[Math.floor(0.95 * payments)]).toBe(censoredQuantile(share, 0.95))
  })

  test('published: 46 % censoring blocks delay by 85 %', () => {
    expect(1 / (1 - 0.46)).toBeCloseTo(1.85, 2)
    expect(censoredQuantile(0.46, 0.99)).toBe(6)
  })
})

test('inclusion lists: a payment is in the next block unless all sixteen members censor', () => {
  const market = marketOf(0.9)
  const options = { marketAt: () => market, payments: 20_000, fork: 'heze' }
  const inclusionLists = { censoringMembers: 0.79 }
  const delays = inclusionDelays({ ...options, stream: streamOf('lists'), inclusionLists })
  const first = delays.filter((slots) => slots === 1).length / delays.length
  expect(first).toBeCloseTo(0.1, 2)
  // Those that the first block left out and the lists as well.
  const later = delays.filter((slots) => slots > 2).length / delays.length
  expect(later).toBeCloseTo(0.9 * allMembersCensor(0.79) * 0.9, 2)
  expect(allMembersCensor(0.9)).toBeCloseTo(0.185, 3)
})

test('attesters that refuse: above a half nothing goes in, below nothing changes', () => {
  const market = marketOf(0.1)
  const run = (refusingAttesters: number) =>
    inclusionDelays({
      ...{ marketAt: () => market, stream: streamOf('hard'), payments: 20, slotsMax: 1_000 },
      refusingAttesters,
    })
  expect(run(0.51).every((slots) => slots === Number.POSITIVE_INFINITY)).toBe(true)
  expect(Math.max(...run(0.49))).toBeLessThan(20)
})

test('shares may change over time', () => {
  const [strict, open] = [marketOf(0.79), marketOf(0.3)]
  const marketAt = (slot: number) => (slot < 20_000 ? strict : open)
  const delays = inclusionDelays({ marketAt, stream: streamOf('time'), payments: 10_000 })
  expect(meanOf(delays.slice(0, 3_000))).toBeGreaterThan(4)
  expect(meanOf(delays.slice(-3_000))).toBeLessThan(1.6)
})

test('behavior: forks without lists and builders whose shares do not sum are refused', () => {
  const common = { stream: streamOf('bad'), payments: 1 }
  const market = marketOf(0.5)
  const lists = { ...common, marketAt: () => market, inclusionLists: { censoringMembers: 0.5 } }
  expect(() => inclusionDelays(lists)).toThrow(ForkProfileError)
  const broken = { ...market, builders: [{ name: 'half', share: 0.5, censors: true }] }
  expect(() => inclusionDelays({ ...common, marketAt: () => broken })).toThrow(/sum to 1/)
})
