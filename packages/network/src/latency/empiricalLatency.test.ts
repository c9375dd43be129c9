import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { constantLatency } from '../latency.ts'
import { empiricalLatency, type LinkMeasurement } from './empiricalLatency.ts'
import { pairLatency } from './pairLatency.ts'

const places = ['near', 'near', 'far'].map((region, k) => ({
  name: `node-${k}`,
  attributes: { region, operator: 'o' },
}))
const classOf = (from: string, to: string): string => (from === to ? 'local' : 'remote')
const classes: Record<string, LinkMeasurement> = {
  local: { samplesMs: [1, 1, 2, 4] },
  remote: { quantilesMs: [[0, 50], [0.5, 60], [0.9, 100], [1, 300]] },
}
const latency = empiricalLatency({ places, classes, classOf })
const streamOf = (purpose: string) => createStream({ seed: 'e', replication: 0, purpose })

function drawn(from: number, to: number, count = 20_000): number[] {
  const stream = streamOf(`${from} ${to}`)
  return Array.from({ length: count }, () => latency.sample(from, to, stream) / 1_000)
}
const share = (delays: readonly number[], upTo: number): number =>
  delays.filter((delay) => delay <= upTo).length / delays.length
const meanOf = (delays: readonly number[]): number =>
  delays.reduce((sum, delay) => sum + delay, 0) / delays.length

describe('empiricalLatency', () => {
  test('draws samples as they are', () => {
    const delays = drawn(0, 1)
    expect([...new Set(delays)].sort()).toEqual([1, 2, 4])
    expect(Math.abs(share(delays, 1) - 0.5)).toBeLessThan(0.014)
    expect(latency.typical(0, 1)).toBe(2_000)
    expect(Math.abs(meanOf(delays) - 2)).toBeLessThan(0.04)
  })

  test('draws the quantiles given, and straight lines between them', () => {
    const delays = drawn(0, 2)
    for (const [level, delay] of [[0.25, 55], [0.5, 60], [0.7, 80], [0.9, 100], [0.95, 200]]) {
      expect(Math.abs(share(delays, delay!) - level!)).toBeLessThan(0.014)
    }
    // Trapezia: 0.5 · 55 + 0.4 · 80 + 0.1 · 200.
    expect(latency.typical(2, 0)).toBe(79_500)
    expect(Math.abs(meanOf(delays) - 79.5)).toBeLessThan(1.2)
  })

  test('holds the outermost quantiles beyond them', () => {
    const only = { some: { quantilesMs: [[0.5, 10], [0.9, 20]] } } as const
    const held = empiricalLatency({ places, classes: only, classOf: () => 'some' })
    const stream = streamOf('held')
    const delays = Array.from({ length: 5_000 }, () => held.sample(0, 1, stream) / 1_000)
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([10, 20])
    expect(held.typical(0, 1)).toBe(13_000)
  })

  test('groups places by what one likes', () => {
    const byName = empiricalLatency({
      places,
      classes,
      classOf: (from, to) => (from === 'node-0' && to === 'node-1' ? 'remote' : 'local'),
      groupOf: ({ name }) => name,
    })
    expect([byName.typical(0, 1), byName.typical(1, 0)]).toEqual([79_500, 2_000])
  })

  test.each([
    [{ local: { samplesMs: [] } }, /class 'local' of links expects at least one sample/],
    [{ local: { samplesMs: [1, -1] } }, /sample 2 is -1/],
    [{ local: { quantilesMs: [[0.5, 2], [0.4, 3]] } }, /ascending probabilities[^]*quantile 2/],
    [{ local: { quantilesMs: [[0.5, 2], [0.6, 1]] } }, /delays that ascend/],
    [{ local: { quantilesMs: [[0.5, 2], [1.6, 3]] } }, /from 0 to 1/],
    [{ other: { samplesMs: [1] } }, /class 'local'[^]*'near' to 'near'[^]*Known classes: other/],
  ] as [Record<string, LinkMeasurement>, RegExp][])('error: %j', (wrong, message) => {
    const make = (): unknown => empiricalLatency({ places, classes: wrong, classOf: () => 'local' })
    expect(make).toThrow(message)
  })
})

describe('pairLatency', () => {
  const base = constantLatency(7)
  const pairs = [{ from: 'node-0', to: 'node-2', latency: constantLatency(99) }]

  test('changes one direction of one link', () => {
    const mixed = pairLatency({ base, places, pairs })
    const stream = streamOf('pair')
    expect([mixed.typical(0, 2), mixed.typical(2, 0), mixed.typical(0, 1)]).toEqual([99, 7, 7])
    expect([mixed.sample(0, 2, stream), mixed.sample(1, 2, stream)]).toEqual([99, 7])
  })

  test('knows the ways of a pair apart, and the last exception of a way counts', () => {
    const others = [
      { from: 'node-2', to: 'node-1', latency: constantLatency(50) },
      { from: 'node-1', to: 'node-0', latency: constantLatency(40) },
      { from: 'node-1', to: 'node-0', latency: constantLatency(41) },
    ]
    const mixed = pairLatency({ base, places, pairs: [...pairs, ...others] })
    const table = [0, 1, 2].map((from) => [0, 1, 2].map((to) => mixed.typical(from, to)))
    expect(table).toEqual([
      [7, 7, 99],
      [41, 7, 7],
      [7, 50, 7],
    ])
  })

  test('error: a place that does not exist', () => {
    const wrong = [...pairs, { from: 'node-0', to: 'node-3', latency: base }]
    const make = (): unknown => pairLatency({ base, places, pairs: wrong })
    expect(make).toThrow(/Pair 2 has no place 'node-3'/)
  })
})
