import { describe, expect, test } from 'vitest'
import { createKeptWorld } from '../bench/keptWorld.ts'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { firstDivergence, NotRepeatableError } from './divergence.ts'
import { createSimulation, type Simulation } from './simulation.ts'
import { ms } from './time.ts'

const world = (perturbedAt?: number) => () => createKeptWorld({ seed: 'diverge' }, perturbedAt)

describe('firstDivergence', () => {
  test('default: nothing where two runs are one', () => {
    expect(firstDivergence(world(), world(), { until: ms(3_000) })).toBeUndefined()
    const small = () => createSmallWorld({ seed: 'x' })
    expect(firstDivergence(small, small, { eventsMax: 1_000, block: 7 })).toBeUndefined()
  })

  test('default: the first event that differs, with what came before', () => {
    const found = firstDivergence(world(), world(40), { until: ms(200) })
    expect(`\n${found!.message}`).toMatchInlineSnapshot(`
      "
      The runs differ in event number 65.
      First:  #65  0.010000 s  pay  target=18 a=6 b=0 c=0
      Second: #65  0.010000 s  pay  target=9 a=16 b=0 c=0
      Before that, in both:
        #60  0.009000 s  pay  target=17 a=3 b=0 c=0
        #61  0.009000 s  pay  target=11 a=12 b=0 c=0
        #62  0.009000 s  pay  target=13 a=9 b=0 c=0
        #63  0.010000 s  pay  target=8 a=17 b=0 c=0
        #64  0.010000 s  pay  target=13 a=19 b=0 c=0"
    `)
    expect(found!.index).toBe(found!.first!.index)
    expect(found!.before.map(({ index }) => index)).toEqual(
      [5, 4, 3, 2, 1].map((back) => found!.index - back),
    )
  })

  test.each([1, 2, 10, 64, 1_000_000])('behavior: blocks of %d events find the same', (block) => {
    for (const perturbedAt of [0, 1, 333]) {
      const found = firstDivergence(world(), world(perturbedAt), { until: ms(900), block })
      expect(found).toEqual(firstDivergence(world(), world(perturbedAt), { until: ms(900) }))
      // Not the event that was perturbed: the one that it scheduled.
      expect(found!.second!.kind).toMatch(/pay|idle/)
    }
    expect(firstDivergence(world(), world(9_999), { until: ms(900), block })).toBeUndefined()
  })

  test('behavior: a difference in any number of the payload is seen, and in the kind', () => {
    const one = (kind: string, ...payload: number[]) => (): Simulation => {
      const simulation = createSimulation({ seed: 'payload' })
      for (const name of ['zero', 'one']) simulation.define(name, () => {})
      simulation.at(1, 0)
      simulation.at(2, simulation.kinds().indexOf(kind), ...payload)
      return simulation
    }
    const others = [one('one'), one('zero', 1), one('zero', 0, 1)]
    for (const other of [...others, one('zero', 0, 0, 1), one('zero', 0, 0, 0, 1)]) {
      expect(firstDivergence(one('zero'), other)).toMatchObject({ index: 2 })
    }
  })

  test('behavior: one run ends earlier', () => {
    const short = (count: number) => (): Simulation => {
      const simulation = createSimulation({ seed: 'short' })
      const tick = simulation.define('tick', () => {})
      for (let time = 1; time <= count; time++) simulation.at(time, tick)
      return simulation
    }
    const found = firstDivergence(short(3), short(5))
    expect(found).toMatchObject({ index: 4, first: undefined, second: { time: 4 } })
    expect(found!.message).toContain('First:  the run had ended after 3 events')
    expect(firstDivergence(short(5), short(3), { block: 1 })).toMatchObject({
      ...{ index: 4, second: undefined, first: { time: 4 } },
      before: [{ index: 1 }, { index: 2 }, { index: 3 }],
    })
  })

  test('bad input: a run that does not repeat itself', () => {
    let calls = 0
    const shared = (): Simulation => {
      calls++
      const simulation = createSimulation({ seed: 'shared' })
      simulation.at(calls === 2 ? 1 : 2, simulation.define('tick', () => {}))
      return simulation
    }
    expect(() => firstDivergence(shared, shared)).toThrow(NotRepeatableError)
    expect(() => firstDivergence(shared, shared, { block: 0 })).toThrow('whole number of events')
  })
})
