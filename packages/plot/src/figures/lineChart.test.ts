import { expect, test } from 'vitest'
import { lineChart } from './lineChart.ts'

const options = {
  title: 'A < B',
  x: 'share',
  y: 'days',
  lines: [
    { name: 'law', points: [[0, 0], [1, 10]] as const },
    { name: 'simulated', as: 'dots' as const, points: [[0.5, 5], [1, Number.NaN]] as const },
  ],
}

test('default: a line through its points and dots where something was simulated', () => {
  const svg = lineChart(options)
  expect(svg).toContain('<path d="M70 364L740 44" stroke="#0072B2"')
  expect(svg).toContain('<circle cx="405" cy="204" r="3" fill="#D55E00"/>')
  // The point that is no number is left out; the other circle is the legend's.
  expect(svg.match(/<circle/g)).toHaveLength(2)
})

test('behavior: names are text, and the same input gives the same picture', () => {
  expect(lineChart(options)).toContain('A &lt; B')
  expect(lineChart(options)).toBe(lineChart(options))
})

test('behavior: ticks are round numbers that enclose the points', () => {
  const svg = lineChart(options)
  for (const tick of ['0', '0.2', '0.4', '0.6', '0.8', '1', '2', '10']) {
    expect(svg).toContain(`>${tick}</text>`)
  }
})
