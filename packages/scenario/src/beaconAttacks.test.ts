import { expect, test } from 'vitest'
import { beaconWorldOf, type Draft } from './testing.ts'

/** Two regions with half of the honest stake each, and attackers in both. */
function halvesWith(share: number) {
  const places = ['us-east-1', 'eu-central-1']
  return beaconWorldOf((draft) => {
    draft.workload.for = '45m'
    draft.workload.arrivals[0].ratePerSecond = 0.2
    const cut = { what: 'partition', at: '1m', for: '38m', sides: [{ region: places[0] }] }
    draft.faults = [cut]
    const rail = draft.rails.ethereum
    rail.relays.nodes = 4
    rail.relays.regions = places.map((region) => ({ region, weight: 1 }))
    Object.assign(rail.consensus.parameters, { weights: 'relative', validators: 6_000 })
    rail.validators = places.flatMap((region, k) => [
      { name: `honest-${k}`, operator: 'honest', region, weight: (1 - share) / 2, nodes: 6 },
      {
        ...{ name: `both-${k}`, operator: 'both', region, weight: share / 2, nodes: 3 },
        stake: { behaviour: 'double-finality' },
      },
    ])
  })
}

test.each([
  [0.3, false],
  [0.38, true],
])('double finality: %d of the stake on both sides of a cut: %s', (share, succeeds) => {
  const { world, stake } = halvesWith(share)
  expect(world.violations().agreement.length > 0).toBe(succeeds)
  expect(stake.slashed.validators).toBeGreaterThan(0)
  const both = stake.balancesByOperator.get('both')!
  expect(both.end).toBeLessThan(both.start)
})

test('balancing without the boost holds finality up, and with it does not', () => {
  const distanceWith = (proposerBoost: number): number =>
    beaconWorldOf(({ rails: { ethereum: rail }, workload }: Draft) => {
      workload.arrivals[0].ratePerSecond = 0.2
      rail.consensus.parameters.proposerBoost = proposerBoost
      rail.validators.value[0].stake = { behaviour: 'balancing' }
      rail.validators.value[0].nodes = 16
    }).stake.finalisedDistance
  expect(distanceWith(0)).toBeGreaterThan(2.8)
  expect(distanceWith(0.4)).toBeLessThan(2.2)
})
