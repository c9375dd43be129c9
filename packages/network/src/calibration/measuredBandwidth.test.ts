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

test('the table is that of the histograms: p10/p50/p90 (mean), down and up', () => {
  const shown = Object.entries(measuredBandwidth2016).map(([region, { down, up }]) => {
    const [one, other] = [down, up].map((rate) => {
      const { p10, p50, p90, mean } = rate
      return `${p10}/${p50}/${p90} (${mean})`
    })
    return `${region}: ${one} | ${other}`
  })
  expect(shown).toEqual([
    'north-america: 0.6/8.3/46.9 (19.2) | 0.3/1.5/9 (3.8)',
    'europe: 0.9/8.6/49.1 (19) | 0.3/2.8/18.7 (7.2)',
    'south-america: 0.4/3.5/17.3 (8) | 0.2/1/5.2 (2.2)',
    'asia-pacific: 0.3/2.7/25.7 (10.4) | 0.2/0.9/11.1 (4.6)',
    'japan: 0.4/4.1/65.9 (17.5) | 0.3/2.2/7.2 (3.5)',
    'australia: 0.5/6.2/30 (12.8) | 0.4/1.2/15.8 (5.3)',
  ])
})
