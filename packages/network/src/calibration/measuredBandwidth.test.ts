import { expect, test } from 'vitest'
import { measuredBandwidth2016, measuredQuantile } from './measuredBandwidth.ts'

test('default: quantiles and mean are those measured', () => {
  for (const { down, up } of Object.values(measuredBandwidth2016)) {
    for (const rate of [down, up]) {
      const quantile = measuredQuantile(rate)
      expect(quantile(0.1)).toBeCloseTo(rate.p10, 9)
      expect(quantile(0.5)).toBeCloseTo(rate.p50, 9)
      expect(quantile(0.9)).toBeCloseTo(rate.p90, 9)
      let sum = 0
      for (let k = 0; k < 10_000; k++) sum += quantile((k + 0.5) / 10_000)
      // Where the body alone gives more than the mean, the tail is as short as can be.
      expect(sum / 10_000 / rate.mean).toBeGreaterThan(0.9)
      expect(sum / 10_000 / rate.mean).toBeLessThan(1.15)
    }
  }
})
