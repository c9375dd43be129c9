import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { beaconWorldOf, type Draft } from './testing.ts'

/** A quarter of the accounts. */
const sanctioned = Array.from({ length: 25 }, (_, account) => account)

type Fared = { offered: number; included: number; final: number; slots: number }

/** Payments of sanctioned accounts and all others; slots in mean from offer to block. */
function faredIn(recipe: (rail: Draft, draft: Draft) => void) {
  const { world, stake } = beaconWorldOf((draft) => {
    draft.workload.accounts.count = 100
    const rail = draft.rails.ethereum
    rail.relays.nodes = 4
    Object.assign(rail.consensus.parameters, { sanctioned, missedSlotProbability: 0 })
    recipe(rail, draft)
  })
  const { payments } = world
  const empty = (): Fared => ({ offered: 0, included: 0, final: 0, slots: 0 })
  const fared = { theirs: empty(), others: empty() }
  for (let payment = 0; payment < payments.count(); payment++) {
    const isTheirs = payments.from(payment) < 25 || payments.to(payment) < 25
    const part = fared[isTheirs ? 'theirs' : 'others']
    part.offered++
    if (payments.includedAt(payment) < 0) continue
    part.included++
    part.slots += (payments.includedAt(payment) - payments.intendedAt(payment)) / seconds(12)
    if (payments.finalAt(payment) >= 0) part.final++
  }
  for (const part of Object.values(fared)) part.slots /= part.included
  expect(world.violations().conservation).toEqual([])
  return { ...fared, sources: stake.sources }
}

const builders = [
  { name: 'censoring', share: 0.75, censors: true },
  { name: 'open', share: 0.25 },
]

describe('builders that leave out the payments of some accounts', () => {
  test('default: a share c of the blocks makes them wait for c / (1 − c) slots more', () => {
    const { theirs, others, sources } = faredIn(({ consensus }) => {
      consensus.parameters.market = { relayedShare: 1, builders }
    })
    const share = sources!.censoring / sources!.blocks
    expect(share).toBeCloseTo(0.75, 1)
    expect(sources!.relayed).toBe(sources!.blocks)
    expect([...sources!.byBuilder.keys()]).toEqual(['censoring', 'open'])
    // Means over blocks of one run: a run of censoring blocks delays all that wait.
    expect(theirs.slots - others.slots).toBeGreaterThan(0.7 * (share / (1 - share)))
    expect(theirs.slots - others.slots).toBeLessThan(1.4 * (share / (1 - share)))
    expect(theirs.included).toBe(theirs.offered)
    expect(others.slots).toBeLessThan(1)
  })

  test('behavior: shares change from a slot on', () => {
    const open = [{ name: 'open', share: 1 }]
    const { sources, theirs, others } = faredIn(({ consensus }) => {
      const changes = [{ fromSlot: 20, builders: open }]
      consensus.parameters.market = { relayedShare: 1, builders, changes }
    })
    expect(sources!.censoring).toBeLessThanOrEqual(20)
    expect(sources!.censoring).toBeGreaterThan(8)
    expect(theirs.slots).toBeGreaterThan(others.slots)
    expect(theirs.slots - others.slots).toBeLessThan(1)
  })

  test('behavior: inclusion lists put them into the next block, unless switched off', () => {
    const waits = (inclusionLists: boolean): number => {
      const { theirs, others } = faredIn(({ consensus }) => {
        const market = { relayedShare: 1, builders }
        Object.assign(consensus.parameters, { fork: 'heze', market, inclusionLists })
      })
      return theirs.slots - others.slots
    }
    const [listed, free] = [waits(true), waits(false)]
    expect(listed).toBeGreaterThan(0)
    expect(listed).toBeLessThan(0.5)
    expect(free).toBeGreaterThan(1.5)
  })

  test('behavior: what came while a relay held the header waits for the next block', () => {
    const slotsBy = (relayLegMs: number): number =>
      faredIn(({ consensus }) => {
        consensus.parameters.proposalSigma = 0
        consensus.parameters.market = { relayedShare: 1, relayLegMs, relayLegSigma: 0 }
      }).others.slots
    // Seen by payers 2 s later, and 2 s of payments wait for 12 s more.
    expect(slotsBy(2_000) - slotsBy(0)).toBeCloseTo(2 / 12, 1)
    expect(slotsBy(2_000) - slotsBy(0)).toBeGreaterThan(0.1)
  })
})

describe('validators that censor', () => {
  const by = (behaviour: string, share: number) =>
    faredIn((rail, draft) => {
      draft.drain = '15m'
      rail.consensus.parameters.weights = 'relative'
      rail.validators = [
        { name: 'censors', operator: 'c', region: 'us-east-1', weight: share, nodes: 4 },
        { name: 'others', operator: 'o', region: 'us-east-1', weight: 1 - share, nodes: 6 },
      ]
      rail.validators[0].stake = { behaviour }
    })

  test('behavior: those who leave out delay by their share of the proposals', () => {
    const { theirs, others, sources } = by('censoring', 0.6)
    expect(sources!.censoring / sources!.blocks).toBeCloseTo(0.6, 1)
    expect(theirs.slots - others.slots).toBeGreaterThan(0.8)
    expect(theirs.included).toBe(theirs.offered)
  })

  // With a third of the votes they hold finality up; with a half, their chain is the heavier one.
  test.each([
    [0.3, 'all become final'],
    [0.4, 'nothing becomes final'],
    [0.6, 'all others become final'],
  ])('behavior: %d of the stake refuse: %s', (share, outcome) => {
    const { theirs, others } = by('refusal', share)
    const isFinal = ({ final, offered }: Fared): boolean => final > 0.6 * offered
    expect([theirs, others].map(isFinal)).toEqual([share === 0.3, share !== 0.4])
    // A block that holds them may lead for a while, and is left behind again.
    if (outcome !== 'all become final') expect(theirs.final).toBe(0)
  })
})
