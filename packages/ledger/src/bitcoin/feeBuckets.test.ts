import { expect, test } from 'vitest'
import { createFeeEstimator } from '../index.ts'
import { bucketEdges } from './feeEstimator.ts'

/** A hundred blocks before each of which as many transactions of each rate come. */
function createMarket(rates: readonly number[], isMined: (rate: number) => boolean) {
  const estimator = createFeeEstimator({ lowestBucket: 100 })
  const idsOf = new Map<number, number[]>(rates.map((rate) => [rate, []]))
  let id = 0
  for (let height = 1; height <= 100; height++) {
    const mined: number[] = []
    for (const rate of rates) {
      for (let k = 0; k < 10; k++, id++) {
        estimator.enter(id, rate)
        idsOf.get(rate)!.push(id)
        if (isMined(rate)) mined.push(id)
      }
    }
    estimator.connect(mined, height)
  }
  return { estimator, idsOf }
}

test('behavior: what is mined counts in its own bucket, not in that below', () => {
  const [low, high] = [...bucketEdges(100).slice(40, 42)] as [number, number]
  const { estimator } = createMarket([low, high], (rate) => rate === high)
  expect(estimator.estimate(2)).toBe(Math.round(high))
})

test('behavior: what has been mined cannot leave as well', () => {
  const { estimator, idsOf } = createMarket([100, 5_000], () => true)
  expect(estimator.estimate(2)).toBe(100)
  for (const id of idsOf.get(5_000)!) estimator.leave(id)
  expect(estimator.estimate(2)).toBe(100)
})
