import type { ReportInput, RunResult } from '@counterpoise/lab'
import type { ScatterData } from 'plotly.js-dist'
import { describe, expect, test } from 'vitest'
import { exampleInput, exampleReplicatedInput } from '../testing/exampleInput.ts'
import { countScale, positionOn, shareScale, timeScale, usdScale } from './axes.ts'
import { costFigure } from './cost.ts'
import { distributionFigure } from './distribution.ts'
import { latencyFigure } from './latency.ts'
import type { Figure } from './theme.ts'
import { throughputFigure } from './throughput.ts'
import { rebin, timeUnit } from './timePanels.ts'

/** The traces of a name, in the order of the panels. */
const tracesOf = ({ data }: Figure, wanted: string): Partial<ScatterData>[] =>
  (data as Partial<ScatterData>[]).filter(({ name }) => name === wanted)
const pointsOf = (figure: Figure, name: string): unknown[] =>
  tracesOf(figure, name).map(({ x, y }) => [x, y])

test('cost: from the median to p95, at the fee and at the energy', () => {
  const figure = costFigure(exampleInput())
  const energy = (exampleInput().result as RunResult).rails['tempo']!.energy_wh_per_payment!
  expect(pointsOf(figure, 'tempo')).toEqual([
    [[642, 1_075], [0.000_98, 0.000_98]],
    [[642, 1_075], [energy, energy]],
  ])
  const [fee] = tracesOf(figure, 'tempo')
  expect(fee!.text).toEqual([
    ...['tempo: $0.00098, median 642 ms', 'tempo: $0.00098, p95 1.07 s'],
  ])
  const [margins] = tracesOf(costFigure(exampleReplicatedInput()), 'tempo')
  // Four per cent of each.
  expect(margins!.error_x).toMatchObject({ array: [expect.closeTo(642 * 0.04, 9)] })
  expect(margins!.error_y).toMatchObject({ array: [expect.closeTo(0.000_98 * 0.04, 12)] })
})

test('distribution: from a third to a half of the power, by operators and by regions', () => {
  expect(pointsOf(distributionFigure(exampleInput()), 'ethereum')).toEqual([
    [[4, 9], [903_000, 903_000]],
    [[2, 3], [903_000, 903_000]],
    [[4, 9], [0.82, 0.82]],
    [[2, 3], [0.82, 0.82]],
  ])
})

test('latency: levels of the payments offered, marks at the quartiles and at p95', () => {
  const input = exampleInput()
  const [included] = tracesOf(latencyFigure(input), 'visa included')
  const { inclusion_quantiles_ms: delays } = input.series['visa']!
  expect(included!.x).toEqual(delays)
  // 86.1 % were included at all.
  expect((included!.y as number[])[0]).toBeCloseTo(0.861 * 0.005, 9)
  expect((included!.y as number[])[50]).toBeCloseTo(0.861 * 0.505, 9)
  const sizes = included!.marker!.size as number[]
  expect(sizes.flatMap((size, index) => (size > 0 ? [index] : []))).toEqual([25, 50, 75, 95])
})

test('throughput: steps in the unit of the axis, the last held until its end', () => {
  const input = exampleInput()
  const rates = [2, 4, 6]
  const series = { bin_s: 120, offered_per_s: [5, 5, 5], included_per_s: rates }
  const tempo = { ...series, inclusion_quantiles_ms: [], finality_quantiles_ms: [] }
  const figure = throughputFigure({ ...input, series: { tempo } })
  expect(pointsOf(figure, 'tempo included')).toEqual([[[0, 2, 4, 6], [2, 4, 6, 6]]])
  expect(pointsOf(figure, 'tempo offered')).toEqual([[[0, 2, 4, 6], [5, 5, 5, 5]]])
})

test('bins: means of as many neighbours, the last of what is left', () => {
  expect(rebin(10, [1, 3, 5, 7, 10], 3)).toEqual({ bin_s: 20, rates: [2, 6, 10] })
  expect(rebin(10, [1, 3], 3)).toEqual({ bin_s: 10, rates: [1, 3] })
})

describe('axes', () => {
  const unitOf = (offered_until_s: number, faults: ReportInput['faults'] = []): unknown => {
    const given = { ...exampleInput(), series: {}, faults, offered_until_s }
    const { divisor, name, until } = timeUnit(given)
    expect(divisor).toBe({ seconds: 1, minutes: 60, hours: 3_600, days: 24 * 3_600 }[name])
    return [name, until]
  }

  test('default: time in the largest unit that leaves some of them', () => {
    const hour = 3_600
    const spans = [300, 301, 5 * hour, 5 * hour + 1, 96 * hour, 96 * hour + 1]
    const names = ['seconds', 'minutes', 'minutes', 'hours', 'hours', 'days']
    expect(spans.map((span) => unitOf(span))).toEqual(names.map((name, k) => [name, spans[k]]))
    const fault = { label: 'x', from_s: 0, until_s: 900 }
    expect(unitOf(300, [fault])).toEqual(['minutes', 900])
    expect(unitOf(300, [{ ...fault, until_s: Infinity }])).toEqual(['seconds', 300])
  })

  test('default: powers of ten are as far from each other, shares are where they are', () => {
    const scale = usdScale([0.01, 1])
    const [low, middle, high] = [0.01, 0.1, 1].map((usd) => positionOn(scale, usd))
    expect(middle! - low!).toBeCloseTo(high! - middle!, 4)
    expect([low! > 0, high! < 1]).toEqual([true, true])
    expect(positionOn(shareScale(0), 0.25)).toBe(0.25)
  })

  test('default: ticks stand at what they say', () => {
    const ticksOf = ({ ticktext, tickvals }: ReturnType<typeof timeScale>): object =>
      Object.fromEntries(ticktext.map((text, index) => [text, tickvals[index]]))
    const day = 86_400_000
    expect(ticksOf(timeScale([1, 100_000]))).toEqual({
      ...{ '1 ms': 1, '10 ms': 10, '0.1 s': 100, '1 s': 1_000, '10 s': 10_000, '1 min': 60_000 },
    })
    expect(ticksOf(timeScale([500_000, 400 * day]))).toEqual({
      ...{ '10 min': 600_000, '1 h': 3_600_000, '10 h': 36_000_000 },
      ...{ '3 d': 3 * day, '30 d': 30 * day, '1 year': 365 * day },
    })
    expect(ticksOf(countScale([1, 12]))).toEqual({ 1: 1, 2: 2, 3: 3, 5: 5, 10: 10 })
    expect(ticksOf(usdScale([0.001, 1]))).toMatchObject({ '$0.01': 0.01, '$0.10': 0.1, '$1.00': 1 })
    expect(shareScale().ticktext).toEqual(shareScale().tickvals.map((each) => `${each * 100} %`))
  })
})
