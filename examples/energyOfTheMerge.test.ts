import { energyFigures, normalQuantile, presets } from 'counterpoise'
import { expect, test } from 'vitest'
import { compareEnergy } from './energyOfTheMerge.ts'

test('two runs of the same payments: stake saves 99.98 % of the energy and more', async () => {
  const minutes = 10
  const few = { minutes, ratePerSecond: 4, relays: 40 }
  const { work, stake, saved, powerSaved } = await compareEnergy(few)
  expect(work.offered).toBe(stake.offered)
  for (const rail of [work, stake]) {
    // Some payers of 2022 give less than their wallets reserve.
    expect(rail.included / rail.offered).toBeGreaterThan(0.85)
    // What a run says is power times time over the payments included in that time.
    const included = rail.throughput_per_s * minutes * 60
    const wattHours = (rail.energy_watts * minutes) / 60
    expect(rail.energy_wh_per_payment! / (wattHours / included)).toBeCloseTo(1, 9)
  }
  // The published energies of a year, each over the hours of it.
  const { ethereumProofOfWork, ethereumProofOfStake } = energyFigures
  const published = 1 - ethereumProofOfStake.value / ethereumProofOfWork.value
  expect(powerSaved).toBeCloseTo(published, 7)
  // A few payments more or less fall into the window of one run.
  expect(Math.abs(saved - published)).toBeLessThan(0.000_01)
  expect(saved).toBeGreaterThan(0.9995)
  // Work pays with a longer and more uneven wait for blocks, and gives no finality but depth.
  expect(work.time_to_inclusion_ms!.p95).toBeGreaterThan(stake.time_to_inclusion_ms!.p95)
  expect(work.stake).toBeUndefined()
  // Who never gets in has less to give than the base fee asks: budgets are lognormal.
  const { block, usdPerNativeUnit, wallet } = presets['ethereum-pow'].rails['ethereum-pow']
  const { median, sigma } = wallet.budgetUsd.value
  const unserved = work.pending / work.offered
  const margin = 2.576 * Math.sqrt((unserved * (1 - unserved)) / work.offered)
  const budgetAt = (level: number): number => median * Math.exp(sigma * normalQuantile(level))
  const asked = (weiPerGas: number): number =>
    weiPerGas * block.unitsPerPayment.value * usdPerNativeUnit.value
  expect(work.failed).toBe(0)
  expect(budgetAt(unserved + margin)).toBeGreaterThan(asked(work.base_fee!.min))
  expect(budgetAt(unserved - margin)).toBeLessThan(asked(work.base_fee!.max))
  expect(asked(work.base_fee!.max)).toBeLessThan(2 * asked(work.base_fee!.min))
})
