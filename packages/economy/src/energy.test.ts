import { expect, test } from 'vitest'
import {
  energyFigures,
  nodesWatts,
  proofOfWorkWatts,
  wattHoursPerPayment,
  wattsOfAnnualJoules,
  wattsOfAnnualWattHours,
} from './energy.ts'
import type { Sourced } from './sourced.ts'

const { bftNode, bftPue, visa, visaPayments } = energyFigures
const secondsPerYear = 365 * 86_400

test('default: Ethereum saved 99.9886 % of its energy with proof of stake', () => {
  const before = wattsOfAnnualWattHours(energyFigures.ethereumProofOfWork.value)
  const after = wattsOfAnnualWattHours(energyFigures.ethereumProofOfStake.value)
  const later = wattsOfAnnualWattHours(energyFigures.ethereumProofOfStake2023.value)
  // Published as 99.988 %: cut off, not rounded.
  expect(100 * (1 - after / before)).toBeCloseTo(99.98869, 5)
  expect(100 * (1 - later / before)).toBeCloseTo(99.967, 3)
})

test("default: Visa's energy per payment in its fiscal year 2017 was 1.69 Wh", () => {
  const watts = wattsOfAnnualJoules(visa.value)
  expect(watts).toBeCloseTo(21.4e6, -5)
  expect(wattHoursPerPayment(watts, secondsPerYear, visaPayments.value)).toBeCloseTo(1.69, 2)
})

test('default: a hash rate at the efficiency of the fleet gives the power of Bitcoin', () => {
  const watts = proofOfWorkWatts({
    hashRateHashesPerSecond: 559e18,
    joulesPerTerahash: energyFigures.bitcoinFleet.value,
  })
  const annual = wattsOfAnnualWattHours(energyFigures.bitcoin.value)
  expect(annual).toBeCloseTo(15.75e9, -7)
  expect(watts / annual).toBeCloseTo(1, 2)
  const inRoom = { hashRateHashesPerSecond: 1e18, joulesPerTerahash: 20, pue: 1.1 }
  expect(proofOfWorkWatts(inRoom)).toBeCloseTo(22e6, 6)
})

test('default: a committee of 20 servers costs 15 J a payment at 1,000 payments per second', () => {
  const watts = nodesWatts({ nodes: 20, wattsPerNode: bftNode.value, pue: bftPue.value })
  expect(watts).toBe(15_000)
  expect(wattHoursPerPayment(watts, 3_600, 3_600_000)).toBeCloseTo(0.0042, 4)
  expect(wattHoursPerPayment(watts, 3_600, 3_600)).toBeCloseTo(4.2, 1)
  expect(wattHoursPerPayment(watts, 3_600, 0)).toBe(Number.POSITIVE_INFINITY)
})

test('behavior: every figure has a unit and a source', () => {
  const figures: [string, Sourced][] = Object.entries(energyFigures)
  for (const [name, { value, unit, source }] of figures) {
    expect(value > 0 && unit !== '' && source !== '', name).toBe(true)
  }
  const assumed = figures.flatMap(([name, figure]) => (figure.assumed ? [name] : []))
  expect(assumed).toEqual(['bftNode', 'bftPue'])
})

test('behavior: impossible figures are refused', () => {
  expect(() => nodesWatts({ nodes: 1, wattsPerNode: 1, pue: 0.9 })).toThrow('a finite PUE of at')
  expect(() => nodesWatts({ nodes: -1, wattsPerNode: 1 })).toThrow('number of nodes')
  expect(() => wattHoursPerPayment(1, Number.NaN, 1)).toThrow('span of seconds')
})
