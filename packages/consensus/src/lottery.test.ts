import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createLottery, type Lottery } from './lottery.ts'

const raceOf = (size: number, seed = 'race') => {
  const simulation = createSimulation({ seed })
  const wins: { node: number; at: number }[] = []
  const lottery: Lottery = createLottery(simulation, {
    ...{ name: 'race', size },
    win: (node) => wins.push({ node, at: simulation.now() }),
  })
  return { simulation, lottery, wins }
}

/** 2.576 standard deviations hold 99 % of a normal distribution. */
const z99 = 2.576

test('default: the wins are exponential at the sum of the rates, and shared by rate', () => {
  const { simulation, lottery, wins } = raceOf(3)
  const rates = [1, 2, 5].map((rate) => rate / seconds(8))
  rates.forEach((rate, node) => lottery.compete(node, rate))
  simulation.run({ until: seconds(40_000) })
  const count = wins.length
  expect(Math.abs(count - 40_000)).toBeLessThan(z99 * Math.sqrt(40_000))
  for (const [node, share] of [1 / 8, 2 / 8, 5 / 8].entries()) {
    const found = wins.filter((win) => win.node === node).length
    const tolerance = z99 * Math.sqrt(count * share * (1 - share))
    expect(Math.abs(found - count * share)).toBeLessThan(tolerance)
  }
  // One event is pending, however many compete.
  expect(simulation.pending()).toBe(1)
})

test('default: rates that change at any moment draw nothing anew', () => {
  const plain = raceOf(1)
  plain.lottery.compete(0, 1 / seconds(10))
  plain.simulation.run({ until: seconds(1_000) })
  const doubled = raceOf(1)
  doubled.lottery.compete(0, 1 / seconds(10))
  doubled.simulation.run({ until: seconds(100) })
  doubled.lottery.compete(0, 2 / seconds(10))
  doubled.simulation.run({ until: seconds(550) })
  // From 100 s on the same wins come twice as fast.
  const expected = plain.wins.map(({ at }) =>
    at <= seconds(100) ? at : seconds(100) + (at - seconds(100)) / 2,
  )
  expect(doubled.wins).toHaveLength(expected.length)
  doubled.wins.forEach(({ at }, k) => expect(Math.abs(at - expected[k]!)).toBeLessThan(500))
})

describe('who does not compete', () => {
  test('default: a node that is paused or has rate 0 never wins', () => {
    const { simulation, lottery, wins } = raceOf(5)
    for (let node = 0; node < 5; node++) lottery.compete(node, 1 / seconds(1))
    lottery.compete(1, 0)
    lottery.pause(4)
    simulation.run({ until: seconds(1_000) })
    expect(new Set(wins.map(({ node }) => node))).toEqual(new Set([0, 2, 3]))
    const before = wins.length
    expect(Math.abs(before - 3_000)).toBeLessThan(z99 * Math.sqrt(3_000))
    lottery.resume(4)
    simulation.run({ until: seconds(2_000) })
    expect(wins.slice(before).some(({ node }) => node === 4)).toBe(true)
  })

  test('default: where nobody competes, nothing happens; after a rest too', () => {
    const { simulation, lottery, wins } = raceOf(2)
    expect(simulation.run()).toBe('empty')
    lottery.compete(0, 1 / seconds(1))
    simulation.run({ until: seconds(10) })
    const before = wins.length
    lottery.rest()
    expect(simulation.run()).toBe('empty')
    expect(wins).toHaveLength(before)
  })
})
