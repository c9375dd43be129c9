import { expect, test } from 'vitest'
import { doubleFinality } from './doubleFinality.ts'
import { smoothLeakEpochs } from './finalityRecovery.ts'
import { ValidatorGroupError } from './validatorGroup.ts'

test('two halves finalise against each other after the leak, about three weeks', () => {
  const { firstEpochs, secondEpochs, slashedEther, leakedEther } = doubleFinality({
    firstShare: 0.5,
    balanceEther: 2_048,
  })
  expect(firstEpochs).toBe(secondEpochs)
  expect(firstEpochs! / 225).toBeCloseTo(21.4, 0)
  expect(slashedEther).toBe(0)
  // Half of the 18 M ETH that the other side held.
  expect(leakedEther[0] / 18e6).toBeCloseTo(0.5, 1)
})

test('unequal sides: the smaller one takes longer, each as long as its absent share says', () => {
  const { firstEpochs, secondEpochs } = doubleFinality({
    firstShare: 0.55,
    balanceEther: 2_048,
  })
  expect(firstEpochs!).toBeLessThan(secondEpochs!)
  expect(firstEpochs! / smoothLeakEpochs(0.45)).toBeCloseTo(1, 1)
})

test('with two thirds on one side that side goes on; the other one waits', () => {
  const { firstEpochs } = doubleFinality({ firstShare: 0.67, epochsMax: 20 })
  expect(firstEpochs).toBe(2)
})

test('a third that votes on both sides needs no leak, and loses all it has', () => {
  const stakeEther = 96_000
  const run = (adversaryShare: number) =>
    doubleFinality({ firstShare: 0.5, adversaryShare, stakeEther, epochsMax: 30 })
  const third = run(1 / 3)
  expect([third.firstEpochs, third.secondEpochs]).toEqual([2, 2])
  // Three times a third is all: what remains is less than an ETH of each.
  expect(third.slashedEther / (stakeEther / 3)).toBeGreaterThan(0.97)
  const less = run(0.3)
  expect(less.firstEpochs).toBeUndefined()
})

test('who votes on both sides shortens the partition that is needed', () => {
  const common = { firstShare: 0.5, balanceEther: 2_048, stakeEther: 2_048_000 }
  const epochs = [0, 0.1, 0.2].map(
    (adversaryShare) => doubleFinality({ ...common, adversaryShare }).firstEpochs!,
  )
  expect(epochs[0]!).toBeGreaterThan(epochs[1]!)
  expect(epochs[1]!).toBeGreaterThan(epochs[2]!)
})

test('behavior: shares that cannot be are refused', () => {
  expect(() => doubleFinality({ firstShare: 1.2 })).toThrow(ValidatorGroupError)
  expect(() => doubleFinality({ firstShare: 0.5, adversaryShare: -1 })).toThrow(/adversaryShare/)
})
