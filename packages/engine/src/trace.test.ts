import { describe, expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { defineEvents } from './defineEvents.ts'
import { createSimulation } from './simulation.ts'
import { ms, seconds } from './time.ts'
import { formatEvents, recordTrace } from './trace.ts'

const create = () => {
  const simulation = createSimulation({ seed: 'trace' })
  const events = defineEvents(simulation, {
    arrive: ['node', 'block', 'isNew: flag'],
    tick: [],
  })
  const plain = simulation.define('plain', () => {})
  events.arrive.handle(() => {})
  events.tick.handle(() => {})
  events.arrive.at(ms(1), 3, 7, true)
  simulation.at(ms(2), plain, 1, -2, 3, 4)
  events.tick.at(ms(2))
  events.arrive.at(seconds(3), 4, 7, false)
  return simulation
}

describe('recordTrace', () => {
  test('default: every event, with the names of its fields', () => {
    const simulation = create()
    const trace = recordTrace(simulation)
    simulation.run()
    expect(trace.count()).toBe(4)
    expect(trace.events()[0]).toEqual({
      ...{ index: 1, time: 1_000, kind: 'arrive' },
      payload: { node: 3, block: 7, isNew: true },
    })
    expect(`\n${formatEvents(trace.events())}`).toMatchInlineSnapshot(`
      "
      #1  0.001000 s  arrive  node=3 block=7 isNew=true
      #2  0.002000 s  plain   target=1 a=-2 b=3 c=4
      #3  0.002000 s  tick
      #4  3.000000 s  arrive  node=4 block=7 isNew=false"
    `)
  })

  test('behavior: from, until and kinds choose; numbers are those of the run', () => {
    const chosen = (options: Parameters<typeof recordTrace>[1]): number[] => {
      const simulation = create()
      const trace = recordTrace(simulation, options)
      simulation.run()
      return trace.events().map(({ index }) => index)
    }
    expect(chosen({ from: ms(2) })).toEqual([2, 3, 4])
    expect(chosen({ until: ms(2) })).toEqual([1, 2, 3])
    expect(chosen({ from: ms(2), until: ms(2), kinds: ['tick', 'arrive'] })).toEqual([3])
    expect(chosen({ kinds: ['arrive'] })).toEqual([1, 4])
    expect(chosen({ kinds: [] })).toEqual([])
    expect(chosen({ limit: 3 })).toEqual([2, 3, 4])
  })

  test('behavior: a full trace keeps the last events, and several can be recorded', () => {
    const world = createSmallWorld({ seed: 'ring' })
    const whole = recordTrace(world, { limit: 5_000 })
    const ring = recordTrace(world, { limit: 7 })
    world.step(1_000)
    ring.stop()
    world.step(1_000)
    expect([whole.count(), ring.count()]).toEqual([2_000, 1_000])
    expect(ring.events()).toEqual(whole.events().slice(993, 1_000))
    expect(whole.events().map(({ index }) => index)).toEqual(
      Array.from({ length: 2_000 }, (_, k) => k + 1),
    )
    const plain = createSmallWorld({ seed: 'ring' })
    plain.step(2_000)
    expect(world.digest()).toBe(plain.digest())
  })

  test('bad input: unknown kinds and impossible limits', () => {
    const simulation = create()
    expect(() => recordTrace(simulation, { kinds: ['tock'] })).toThrow(
      "No kind of event is named 'tock'.\nKnown: arrive, tick, plain",
    )
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      expect(() => recordTrace(simulation, { limit })).toThrow('a whole number of events')
    }
    expect(formatEvents([])).toBe('')
  })
})
