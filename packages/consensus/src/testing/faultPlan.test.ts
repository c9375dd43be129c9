import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admissible, faultPlans, healedAt, noFaults, type Outage } from './faultPlan.ts'

const outage = (node: number, from: number, until: number): Outage => ({ node, from, until })
const three = { weights: [1, 1, 1, 0], downMax: 1 }

describe('admissible', () => {
  test('as many at a time as the limit, later ones again', () => {
    const wanted = [outage(0, 0, 10), outage(1, 5, 8), outage(1, 10, 12), outage(1, 11, 12)]
    expect(admissible(wanted, three)).toEqual([outage(0, 0, 10), outage(1, 11, 12)])
  })

  test('members without a vote do not count, but fail once at a time', () => {
    const wanted = [outage(3, 0, 10), outage(0, 0, 10), outage(3, 2, 4)]
    expect(admissible(wanted, three)).toEqual([outage(3, 0, 10), outage(0, 0, 10)])
  })

  test('a heavy member may be more than its share', () => {
    const limits = { weights: [5, 1, 1], downMax: 1 }
    expect(admissible([outage(0, 0, 1), outage(1, 0, 1)], limits)).toEqual([outage(1, 0, 1)])
  })
})

test('random plans keep within the limits, and some are rich', () => {
  let richest = 0
  const limits = { weights: [1, 1, 1, 1, 1, 0], downMax: 2 }
  const options = { ...limits, window: 100, outageMax: 50, splitMax: 9, delayMax: 20 }
  const property = fc.property(faultPlans(options), ({ outages, splits, delays }) => {
    for (let time = 0; time <= 150; time++) {
      const down = outages.filter(({ from, until }) => from <= time && time <= until)
      const nodes = down.map(({ node }) => node)
      expect(new Set(nodes).size).toBe(nodes.length)
      expect(nodes.filter((node) => node < 5).length).toBeLessThanOrEqual(2)
      const cuts = splits.filter(({ from, until }) => from <= time && time <= until)
      expect(cuts.length).toBeLessThan(2)
    }
    richest = Math.max(richest, outages.length + splits.length + delays.length)
  })
  fc.assert(property, fuzzParameters(200))
  expect(richest).toBeGreaterThanOrEqual(12)
})

test('a plan is over with its last fault', () => {
  expect(healedAt(noFaults)).toBe(0)
  const splits = [{ side: [1], from: 3, until: 30 }]
  const plan = { outages: [outage(0, 1, 20)], splits, delays: [] }
  expect(healedAt(plan)).toBe(30)
  expect(healedAt({ ...plan, delays: [{ from: 0, until: 25, extra: 9 }] })).toBe(34)
})
