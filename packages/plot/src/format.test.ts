import { describe, expect, test } from 'vitest'
import {
  formatCount,
  formatExact,
  formatFactor,
  formatMs,
  formatRate,
  formatShare,
  formatUsd,
  formatWatts,
  formatWh,
} from './format.ts'

test('durations', () => {
  const values = [0, 0.42, 1.5, 12, 611.83, 999.7, 1_000, 12_840, 59_990, 754_000, 3_600_000]
  expect(values.map(formatMs)).toMatchInlineSnapshot(`
    [
      "0 ms",
      "0.420 ms",
      "1.50 ms",
      "12 ms",
      "612 ms",
      "1.00 s",
      "1 s",
      "12.8 s",
      "1.00 min",
      "12.6 min",
      "1 h",
    ]
  `)
  expect([3 * 3_600_000, 30 * 3_600_000, 1e10, null, NaN, Infinity].map(formatMs))
    .toMatchInlineSnapshot(`
      [
        "3 h",
        "30 h",
        "116 d",
        "–",
        "–",
        "–",
      ]
    `)
})

test('dollars', () => {
  const values = [0, 1e-9, 0.0000123, 0.00123, 0.05, 0.1, 0.999, 1.2, 12.345, 999.9, 12_345.6, -2]
  expect(values.map(formatUsd)).toMatchInlineSnapshot(`
    [
      "$0",
      "<$0.000001",
      "$0.000012",
      "$0.00123",
      "$0.05",
      "$0.10",
      "$0.999",
      "$1.20",
      "$12.35",
      "$999.90",
      "$12,346",
      "−$2.00",
    ]
  `)
})

test('counts and rates', () => {
  expect([0, 1, 999, 1000, 1_234_567, 12.5, 3.14159, 1234.5].map(formatCount))
    .toMatchInlineSnapshot(`
      [
        "0",
        "1",
        "999",
        "1,000",
        "1,234,567",
        "12.5",
        "3.14",
        "1,235",
      ]
    `)
  expect([0, 0.033, 4.98, 1520.7].map(formatRate)).toMatchInlineSnapshot(`
    [
      "0/s",
      "0.0330/s",
      "4.98/s",
      "1,521/s",
    ]
  `)
})

test('energy, power, shares and factors', () => {
  expect([0, 0.00052, 0.031, 31, 871_000, 2.5e9].map(formatWh)).toMatchInlineSnapshot(`
    [
      "0 Wh",
      "520 µWh",
      "31 mWh",
      "31 Wh",
      "871 kWh",
      "2.50 GWh",
    ]
  `)
  expect([0, 740, 1.62e10].map(formatWatts)).toMatchInlineSnapshot(`
    [
      "0 W",
      "740 W",
      "16.2 GW",
    ]
  `)
  expect([0, 0.00001, 0.0004, 0.123, 0.5, 0.99999, 1].map(formatShare)).toMatchInlineSnapshot(`
    [
      "0 %",
      "<0.01 %",
      "0.04 %",
      "12.3 %",
      "50 %",
      ">99.9 %",
      "100 %",
    ]
  `)
  expect([1.04, 3.21, 57, 5_712].map(formatFactor)).toMatchInlineSnapshot(`
    [
      "1.0 times",
      "3.2 times",
      "57 times",
      "5,700 times",
    ]
  `)
})

describe('estimates', () => {
  test('show their margin with as many decimals as the mean', () => {
    expect(formatMs({ mean: 611.83, ci95: 13.2 })).toBe('612 ± 13 ms')
    expect(formatMs({ mean: 611.83, ci95: 0.31 })).toBe('611.8 ± 0.3 ms')
    expect(formatMs({ mean: 3_400_000, ci95: 310_000 })).toBe('56.7 ± 5.2 min')
    expect(formatUsd({ mean: 1.2, ci95: 0.05 })).toBe('$1.20 ± 0.05')
    // A margin that is there is not shown as none.
    expect(formatUsd({ mean: 0.000034, ci95: 4e-8 })).toBe('$0.000034 ± <0.000001')
    // No share is below none or above all.
    const few = { mean: 0.01, ci95: 0.045, low: 0, high: 0.055 }
    expect(formatShare(few)).toBe('1.0 +4.5 −1.0 %')
    const most = { mean: 0.9998, ci95: 0.004, low: 0.9958, high: 1 }
    expect(formatShare(most)).toBe('99.98 +0.02 −0.40 %')
    expect(formatShare({ mean: 0.5, ci95: 3, low: 0, high: 1 })).toBe('50.0 ± 50.0 %')
    expect(formatShare({ mean: 0.75, ci95: 0.25 })).toBe('75.0 ± 25.0 %')
    expect(formatShare({ mean: 0, ci95: 0.116, low: 0, high: 0.116 })).toBe('0 +12 −0 %')
    // Nor is a time, a fee or a count below 0.
    expect(formatMs({ mean: 700, ci95: 900, low: 0, high: 1_600 })).toBe('700 +900 −700 ms')
    expect(formatUsd({ mean: 1, ci95: 3, low: 0, high: 4 })).toBe('$1.00 +3.00 −1.00')
    expect(formatCount({ mean: 2, ci95: 5, low: 0, high: 7 })).toBe('2.00 +5.00 −2.00')
    expect(formatExact({ mean: 2, ci95: 5, low: 0, high: 7 })).toBe('2 (0 to 7)')
    expect(formatExact({ mean: 0.9, ci95: 0.2, low: 0.7, high: 1 })).toBe('0.9 (0.7 to 1)')
    expect(formatShare({ mean: 0.5, ci95: 1e-9 })).toBe('50.0000 ± <0.0001 %')
    expect(formatMs({ mean: 612, ci95: 1e-6 })).toBe('612.000 ± <0.001 ms')
    expect(formatMs({ mean: 80_707_772, ci95: 1_621 })).toBe('22.4188 ± 0.0005 h')
    expect(formatShare({ mean: 0.612, ci95: 0.02 })).toBe('61.2 ± 2.0 %')
    expect(formatCount({ mean: 5, ci95: 0 })).toBe('5')
  })

  test('behavior: one replication has no margin', () => {
    expect(formatMs({ mean: 12, ci95: NaN })).toBe('12 ms')
    expect(formatExact({ mean: 12.125, ci95: null })).toBe('12.125')
    expect(formatExact({ mean: 12.125, ci95: 0.5 })).toBe('12.125 ± 0.5')
    expect(formatExact(null)).toBe('')
  })
})
