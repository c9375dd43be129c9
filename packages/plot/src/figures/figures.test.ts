import type { ReportInput } from '@counterpoise/lab'
import type { Data, Layout, ScatterData } from 'plotly.js-dist'
import { describe, expect, test } from 'vitest'
import { exampleInput, exampleReplicatedInput } from '../testing/exampleInput.ts'
import { costFigure } from './cost.ts'
import { distributionFigure } from './distribution.ts'
import { placeLabels } from './labels.ts'
import { latencyFigure } from './latency.ts'
import { hasWaiting, mempoolFigure } from './mempool.ts'
import type { Figure } from './theme.ts'
import { throughputFigure } from './throughput.ts'

const drawers = { throughputFigure, mempoolFigure, latencyFigure, costFigure, distributionFigure }
const names = (figure: Figure): string[] => traces(figure).map(({ name }) => name ?? '')
const traces = ({ data }: Figure): Partial<ScatterData>[] => data as Partial<ScatterData>[]
const notes = ({ annotations = [] }: Partial<Layout>): string[] =>
  annotations.map(({ text }) => text ?? '')

describe.each(Object.entries(drawers))('%s', (_, draw) => {
  test('is plain data that a page can carry', () => {
    const figure = draw(exampleInput())
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure)
  })

  test('has the same data for a narrow page, in another layout', () => {
    const [wide, narrow] = [draw(exampleInput()), draw(exampleInput(), { narrow: true })]
    expect(narrow.data).toEqual(wide.data)
    expect(narrow.layout).not.toEqual(wide.layout)
  })

  test('names every rail beside its data and every axis that has numbers', () => {
    const { data, layout } = draw(exampleInput())
    const text = notes(layout).join('\n')
    for (const { name } of data as Partial<Data & { name: string }>[]) {
      expect(text).toContain(name?.split(' ')[0])
    }
    expect(JSON.stringify(layout)).toMatch(/"title":\{"text":"[a-z]/)
  })

  test('behavior: a rail whose name is markup is shown as text', () => {
    const { data, layout } = draw(renamed('</script><img src=x onerror=alert(1)>'))
    expect(JSON.stringify([data, layout.annotations])).not.toContain('<img')
    expect(JSON.stringify(data)).toContain('&lt;')
  })

  test('behavior: nothing was measured', () => {
    const { result, ...input } = exampleInput()
    const nothing = { ...input, result: { ...result, rails: {} }, series: {}, faults: [] }
    expect(draw(nothing as ReportInput).data).toEqual([])
  })
})

test.each([costFigure, distributionFigure])('%o leaves out what was cut', (draw) => {
  const input = exampleInput()
  const cut = [{ rail: 'tempo', by: 'interruption' as const, at_s: 60 }]
  const figure = draw({ ...input, result: { ...input.result, cut } })
  expect(names(draw(input))).toContain('tempo')
  expect(names(figure)).not.toContain('tempo')
  // The others look as they would beside it.
  const colorOf = ({ data }: Figure): unknown =>
    (data as Partial<ScatterData>[]).find(({ name }) => name === 'visa')?.line?.color
  expect(colorOf(figure)).toBe(colorOf(draw(input)))
})

test.each([costFigure, distributionFigure, latencyFigure])('%o has ticks enough', (draw) => {
  const input = exampleInput()
  const { tempo } = input.result.rails
  const fast = { ...tempo!, time_to_finality_ms: { mean: 681, p50: 681, p95: 980, p99: 1_040 } }
  const only = { tempo: [610, 681, 700, 980] }
  const series = { tempo: { ...input.series['tempo']!, finality_quantiles_ms: only.tempo } }
  const shown = { ...series['tempo'], inclusion_quantiles_ms: only.tempo }
  const result = { ...input.result, rails: { tempo: fast } } as ReportInput['result']
  const { layout } = draw({ ...input, result, series: { tempo: shown } })
  const axes = Object.entries(layout).filter(([key]) => /^[xy]axis/.test(key))
  for (const [key, { tickvals, ticktext }] of axes) {
    expect(tickvals.length, key).toBeGreaterThanOrEqual(2)
    expect(new Set(ticktext).size, key).toBe(tickvals.length)
  }
  if (draw === costFigure) expect(layout.xaxis!.ticktext).toEqual(['500 ms', '1 s'])
})

test('behavior: where no place is free, a name covers as little as it can', () => {
  const at = { x: 100, y: 100, axisX: 1, axisY: 1 }
  const panel = { width: 200, height: 200, xref: 'x', yref: 'y' }
  const all = { left: 0, right: 200, bottom: 0, top: 200 }
  // Everything is covered once, and all but what is to the left of the point once more.
  const more = { ...all, left: 90 }
  const [label] = placeLabels([{ text: 'name', color: '#000', anchors: [at] }], panel, [all, more])
  expect(label).toMatchObject({ xanchor: 'right', xshift: -12, yshift: 0 })
})

test('behavior: ticks make way for the words that stand where nothing happened', () => {
  const { layout } = costFigure(exampleInput(), { narrow: true })
  const { tickvals = [], ticktext, range } = layout.xaxis!
  expect(ticktext?.at(-1)).toBe('not in run')
  const [last, never] = tickvals.slice(-2).map((value) => Math.log10(Number(value)))
  const [low, high] = range as [number, number]
  expect((never! - last!) / (high - low)).toBeGreaterThan(0.165)
    expect(layout.xaxis!.tickangle).toBe(0)
})

test('the bars of a share end at none and all', () => {
  const input = exampleReplicatedInput()
  const rails = Object.entries(input.result.rails).map(([name, rail]) => {
    const share = { mean: 0.95, ci95: 0.2, low: 0.75, high: 1 }
    const outage = { ...rail.outage!, included_share: share }
    return [name, { ...rail, outage }]
  })
  const result = { ...input.result, rails: Object.fromEntries(rails) } as ReportInput['result']
  const bars = traces(distributionFigure({ ...input, result })).map(({ error_y }) => error_y as any)
  const shares = bars.filter(({ arrayminus }) => Math.abs(arrayminus[0] - 0.2) < 1e-9)
  expect(shares.length).toBe(10)
  for (const { array, symmetric } of shares) {
    expect(symmetric).toBe(false)
    expect(array[0]).toBeCloseTo(0.05, 12)
  }
})

describe('mempool', () => {
  test('draws what waited where something did, at the ends of the bins', () => {
    const input = exampleInput()
    const figure = mempoolFigure(input)
    expect(names(figure)).toEqual(['bitcoin waiting'])
    const [{ x = [], y = [], text = [] } = {}] = traces(figure)
    const { bin_s, waiting = [] } = input.series['bitcoin']!
    expect(x[9]).toBeCloseTo((10 * bin_s) / 60, 9)
    expect([y[0], y[9]]).toEqual([0.05, waiting[9]])
    expect(text[9]).toContain('13,500 waiting')
    expect(notes(figure.layout).join()).toContain('at most 13,500')
    // The empty curve stands below the panel, the highest one within it.
    const [low, high] = figure.layout.yaxis!.range as [number, number]
    expect(Math.log10(0.05)).toBeLessThan(low)
    expect(Math.log10(13_500)).toBeLessThan(high)
    expect(figure.layout.shapes?.[0]).toMatchObject({ type: 'rect', x0: 40, x1: 60 })
  })

  test('behavior: without a pool in which something waited there is none', () => {
    const input = exampleInput()
    const { bitcoin: _, ...series } = input.series
    expect([hasWaiting(input), hasWaiting({ ...input, series })]).toEqual([true, false])
  })
})

describe('throughput', () => {
  test('draws what was included and what was offered, and shades the outage', () => {
    const figure = throughputFigure(exampleInput())
    expect(names(figure)).toEqual(
      ['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid'].flatMap((name) => [
        `${name} included`,
        `${name} offered`,
      ]),
    )
    expect(figure.layout.shapes?.[0]).toMatchObject({ type: 'rect', x0: 40, x1: 60 })
    expect(notes(figure.layout)).toContain('us-east-1 is lost')
  })

  test('behavior: names of faults that begin close together stand in two rows', () => {
    const [fault] = exampleInput().faults
    const faults = [fault, fault].flatMap((each) => each ?? [])
    const { layout } = throughputFigure({ ...exampleInput(), faults })
    const shifts = layout.annotations?.filter(({ text }) => text === fault?.label)
    expect(new Set(shifts?.map(({ yshift }) => yshift)).size).toBe(2)
  })

  test('behavior: long curves are drawn in fewer bins of the same mean', () => {
    const input = exampleInput()
    const series = { bin_s: 1, offered_per_s: [], inclusion_quantiles_ms: [] }
    const rates = Array.from({ length: 100_000 }, (_, index) => index % 2)
    const long = { ...series, included_per_s: rates, finality_quantiles_ms: [] }
    const [trace] = traces(throughputFigure({ ...input, series: { tempo: long } }))
    expect(trace?.y?.length).toBeLessThan(500)
    expect(trace?.y?.[10]).toBeCloseTo(0.5, 1)
  })
})

describe('latency', () => {
  test('has a logarithmic axis of time and a curve wherever a payment got through', () => {
    const figure = latencyFigure(exampleInput())
    expect(figure.layout.xaxis?.type).toBe('log')
    expect(names(figure)).not.toContain('visa final')
    expect(names(figure)).toHaveLength(9)
  })

  test('behavior: a router stands behind the rails, wide enough to be seen', () => {
    const [behind, ...others] = traces(latencyFigure(exampleInput()))
    expect(behind?.name).toBe('hybrid included')
    const widths = others.filter(({ xaxis }) => xaxis === 'x').map(({ line }) => line!.width!)
    expect(behind!.line!.width).toBeGreaterThan(1.5 * Math.max(...widths))
  })

  test('behavior: a curve ends at the share of the payments offered that got through', () => {
    const visa = traces(latencyFigure(exampleInput())).find(({ name }) => name === 'visa included')
    expect(Number(visa?.y?.at(-1))).toBeCloseTo(0.861 * 0.995, 3)
  })
})

describe('cost and distribution', () => {
  test('draw each rail once a panel, in a look of its own', () => {
    const figure = costFigure(exampleInput())
    expect(names(figure)).toHaveLength(10)
    expect(names(distributionFigure(exampleInput()))).toHaveLength(20)
    const looks = traces(figure).slice(0, 5).map(({ marker }) => [marker?.color, marker?.symbol])
    expect(new Set(looks.map(String)).size).toBe(5)
  })

  test('behavior: replicated results have error bars', () => {
    const [single] = traces(costFigure(exampleInput()))
    const [replicated] = traces(costFigure(exampleReplicatedInput()))
    expect(single?.error_y?.visible).toBe(false)
    expect(replicated?.error_y?.visible).toBe(true)
  })

  test('behavior: without an outage all payments are shown', () => {
    const input = exampleInput()
    const rails = Object.fromEntries(
      Object.entries(input.result.rails).map(([name, rail]) => [name, { ...rail, outage: null }]),
    )
    const result = { ...input.result, rails } as ReportInput['result']
    expect(notes(distributionFigure({ ...input, result }).layout).join()).toContain('All payments')
  })
})

const renamed = (name: string): ReportInput => {
  const { result, series, ...input } = exampleInput()
  const { bitcoin, ...rails } = result.rails
  const { bitcoin: curve, ...curves } = series
  return {
    ...input,
    result: { ...result, rails: { [name]: bitcoin, ...rails } } as ReportInput['result'],
    series: { ...(curve && { [name]: curve }), ...curves },
  }
}
