import { createSimulation, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createBeaconNetwork } from './beaconNetwork.ts'
import { paymentDelays, stakeGwei } from './outcomes.ts'

function run(slots: number, down: readonly (readonly [number, number])[] = []) {
  const simulation = createSimulation({ seed: 'outcomes' })
  const nodes = Array.from({ length: 40 }, (_, index) => ({
    entity: `entity ${index}`,
    validators: 100,
    missedSlotProbability: 0,
    down: index >= 24 ? down : [],
  }))
  const network = createBeaconNetwork(simulation, { nodes, proposerReorg: false })
  simulation.run({ until: slots * seconds(12) })
  return { simulation, network }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

test('payments wait half a slot for a block, and end with their block', () => {
  const { simulation, network } = run(480)
  const delays = paymentDelays(simulation, network, { every: seconds(1) })
  expect(delays.offered).toBe(5_761)
  // Half of 12 s, half a second of way, and what the times of publication vary: E[D²] / 2 E[D].
  expect(meanOf(delays.inclusionSeconds)).toBeGreaterThan(6.3)
  expect(meanOf(delays.inclusionSeconds)).toBeLessThan(7)
  // 954 s from a slot's beginning, 6.5 s until it is published less 1.5 s within its slot.
  expect(Math.abs(meanOf(delays.finalitySeconds) - 959)).toBeLessThan(12)
  const gap = meanOf(delays.finalitySeconds) - meanOf(delays.justificationSeconds)
  expect(gap).toBeCloseTo(384, -2)
  expect(delays.notIncluded).toBeLessThan(15)
  // Two to three epochs at the end are not final yet.
  expect(delays.notFinal).toBeGreaterThanOrEqual(64 * 12)
  expect(delays.notFinal).toBeLessThan(97 * 12)
})

test('behavior: with two fifths down payments are included, more slowly, and none is final', () => {
  const { simulation, network } = run(320, [[64, 999]])
  const delays = paymentDelays(simulation, network, { every: seconds(1) })
  expect(meanOf(delays.inclusionSeconds)).toBeGreaterThan(9)
  expect(delays.notFinal).toBeGreaterThan(250 * 12)
})

test('the stake grows by what is issued', () => {
  const { before, now } = stakeGwei(run(128).network)
  expect(before).toBe(40n * 100n * 32_000_000_000n)
  expect(now).toBeGreaterThan(before)
})
