import { describe, expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { EventStormError } from './errors.ts'
import { createSimulation, type Simulation } from './simulation.ts'
import { ms } from './time.ts'

/** Two kinds that answer one another at once from 3 ms on, and one that passes time. */
function stormy(instantEventsMax?: number): Simulation {
  const simulation = createSimulation({ seed: 'storm', instantEventsMax })
  const tick = simulation.define('tick', (_target, left) => {
    if (left > 0) simulation.after(1, tick, 0, left - 1)
  })
  const ping = simulation.define('ping', () => {
    simulation.after(0, pong)
    simulation.after(0, pong)
    simulation.after(0, pong)
  })
  const pong = simulation.define('pong', (_target, _a) => {
    if (simulation.pending() === 0) simulation.after(0, ping)
  })
  simulation.define('silent', () => {})
  simulation.at(0, tick, 0, 100_000)
  simulation.at(ms(300), ping)
  return simulation
}

const stormOf = (simulation: Simulation): EventStormError => {
  try {
    simulation.run()
  } catch (error) {
    if (error instanceof EventStormError) return error
    throw error
  }
  throw new Error('No storm was noticed.')
}

describe('event storms', () => {
  test('time that stands still is an error with the kinds that caused it', () => {
    const simulation = stormy(200_000)
    const error = stormOf(simulation)
    expect(error.kinds.map(({ kind }) => kind)).toEqual(['pong', 'ping'])
    expect(error.kinds[0]!.share).toBeCloseTo(0.75, 3)
    expect(error.message).toMatchInlineSnapshot(`
      "Time stands still: more than 262144 events at 300000 µs.
       75 % pong
       25 % ping
      Give the event that schedules itself again a delay, or raise \`instantEventsMax\`.
      Docs: architecture.md#time"
    `)
    // 100,001 ticks, the limit, and no more than two looks.
    expect(simulation.events()).toBeGreaterThan(300_000)
    expect(simulation.events()).toBeLessThanOrEqual(100_001 + 200_000 + 131_072)
  })

  test('it is noticed at the same event, however the run is cut', () => {
    const whole = stormy(200_000)
    stormOf(whole)
    const cut = stormy(200_000)
    expect(() => {
      for (;;) cut.run({ eventsMax: 999 })
    }).toThrow(EventStormError)
    expect([cut.events(), cut.digest()]).toEqual([whole.events(), whole.digest()])
  })

  test('behavior: many events at one instant are no storm below the limit', () => {
    const simulation = createSimulation({ seed: 'many', instantEventsMax: 400_000 })
    const any = simulation.define('any', () => {})
    for (let time = 1; time <= 3; time++) {
      for (let count = 0; count < 300_000; count++) simulation.at(time, any)
    }
    expect(simulation.run()).toBe('empty')
  })

  test('as many as the limit are one, at the first look that sees them', () => {
    const simulation = createSimulation({ seed: 'limit', instantEventsMax: 65_536 })
    const again = simulation.define('again', () => void simulation.after(0, again))
    simulation.at(1, again)
    stormOf(simulation)
    // The first look says since when time stands still.
    expect(simulation.events()).toBe(2 * 65_536)
  })

  test('default: 10 million events at one instant', () => {
    const error = stormOf(stormy())
    expect(error.kinds[0]!.events).toBeGreaterThan(7_400_000)
    expect(error.kinds[0]!.events).toBeLessThan(7_700_000)
  })

  test('a run that was put back is no storm', () => {
    const simulation = stormy(200_000)
    simulation.run({ eventsMax: 250_000 })
    const snapshot = simulation.snapshot()
    for (let count = 0; count < 10; count++) {
      simulation.restore(snapshot)
      expect(simulation.run({ eventsMax: 100_000 })).toBe('events')
    }
  })
})

describe('recentKinds', () => {
  test('default: all so far, then the last looks, most frequent first', () => {
    const world = createSmallWorld({ seed: 'recent' })
    world.step(1_000)
    const byKind = world.eventsByKind()
    expect(world.recentKinds().map(({ kind }) => kind)).toEqual(['hop', 'timeout'])
    for (const { kind, events, share } of world.recentKinds()) {
      expect([events, share]).toEqual([byKind[kind], byKind[kind]! / 1_000])
    }
    world.step(300_000)
    const events = world.recentKinds().reduce((sum, kind) => sum + kind.events, 0)
    expect(events).toBeGreaterThanOrEqual(65_536)
    expect(events).toBeLessThan(131_072)
    expect(createSimulation({ seed: 'none' }).recentKinds()).toEqual([])
  })

  test('behavior: after a run was put back, what happened since', () => {
    const simulation = stormy(1e9)
    simulation.run({ eventsMax: 1_000 })
    const snapshot = simulation.snapshot()
    simulation.run({ eventsMax: 500_000 })
    const counted = (): number =>
      simulation.recentKinds().reduce((sum, { events }) => sum + events, 0)
    simulation.restore(snapshot)
    expect(counted()).toBe(0)
    simulation.run({ eventsMax: 10 })
    expect(counted()).toBe(10)
    simulation.run({ eventsMax: 70_000 })
    expect(counted()).toBe(70_010)
  })
})
