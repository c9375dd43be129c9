import { expect, test } from 'vitest'
import { finalityRecovery, smoothLeakEpochs, steppedLeakEpochs } from './finalityRecovery.ts'
import { ValidatorGroupError } from './validatorGroup.ts'

const shares = [0.34, 0.36, 0.4, 0.45, 0.5]

test.each(shares)('a share of %d of 32-ETH validators: the staircase, within 0.4 %', (absent) => {
  const { leakEpochs, finalEpochs } = finalityRecovery({ absent })
  const expected = steppedLeakEpochs(absent)
  // Penalties for missed votes, which the closed form leaves out, only make it shorter.
  expect(leakEpochs!).toBeLessThanOrEqual(expected + 2)
  expect(leakEpochs!).toBeGreaterThanOrEqual(expected * 0.996 - 2)
  // Some epochs until the leak, two until the justified checkpoint is final.
  expect(finalEpochs! - leakEpochs!).toBeLessThanOrEqual(10)
})

test.each([...shares, 0.6])('a share of %d of 2,048-ETH validators: the smooth law', (absent) => {
  const { leakEpochs } = finalityRecovery({ absent, balanceEther: 2_048 })
  const expected = smoothLeakEpochs(absent)
  // One step of 2,048 changes the sum by 0.05 %, hysteresis keeps the last one back.
  const [first, last] = [expected * 0.996 - 2, steppedLeakEpochs(absent, 2_048) + 2]
  expect(leakEpochs!).toBeGreaterThanOrEqual(first)
  expect(leakEpochs!).toBeLessThanOrEqual(last)
})

test('the staircase has steps: shares between two of them take the same time', () => {
  const times = [0.341, 0.343, 0.346, 0.349].map(
    (absent) => finalityRecovery({ absent }).leakEpochs!,
  )
  // 31 of 32 ETH suffice up to 32 / 94 = 0.3404 …, then 30 up to 0.3478, then 29.
  expect(new Set(times.slice(0, 3)).size).toBe(1)
  expect(times[3]! - times[2]!).toBeGreaterThan(200)
  const smooth = [0.341, 0.343, 0.346].map(
    (absent) => finalityRecovery({ absent, balanceEther: 2_048 }).leakEpochs!,
  )
  expect(smooth[1]! - smooth[0]!).toBeGreaterThan(50)
  expect(smooth[2]! - smooth[1]!).toBeGreaterThan(50)
})

test('published: with half of the stake absent finality takes about three weeks', () => {
  const { finalEpochs } = finalityRecovery({ absent: 0.5, balanceEther: 2_048 })
  // √(2²⁵ · ln 2) = 4,823 epochs, 21.4 days.
  expect(smoothLeakEpochs(0.5)).toBeCloseTo(4_822.7, 0)
  expect(finalEpochs! / 225).toBeCloseTo(21.4, 0)
})

test('behavior: Altair leaks at a third of the pace, so it takes √3 times as long', () => {
  const altair = finalityRecovery({ absent: 0.4, fork: 'altair' }).leakEpochs!
  const bellatrix = finalityRecovery({ absent: 0.4, fork: 'bellatrix' }).leakEpochs!
  expect(altair / bellatrix).toBeCloseTo(Math.sqrt(3), 1)
})

test('behavior: a third or less never stops finality, so it is refused', () => {
  for (const absent of [0.3, 1 / 3, 1, Number.NaN]) {
    expect(() => finalityRecovery({ absent })).toThrow(ValidatorGroupError)
    expect(() => smoothLeakEpochs(absent)).toThrow(ValidatorGroupError)
  }
})
