import { createSimulation, type Simulation } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { mergeProfiles, startProfile } from './profile.ts'

/** Two kinds that take turns; the heavy one does a thousand times the work. */
function create(): Simulation {
  const simulation = createSimulation({ seed: 'profile' })
  const stream = simulation.stream('work')
  const light = simulation.define('light', () => void simulation.after(1, heavy))
  const heavy = simulation.define('heavy', () => {
    for (let count = 0; count < 1_000; count++) stream.bits()
    simulation.after(1, light)
  })
  simulation.define('never', () => {})
  simulation.at(0, light)
  return simulation
}

describe('profile', () => {
  test('default: events and time by kind, most expensive first; the run is the same', () => {
    const simulation = create()
    const end = startProfile(simulation)
    simulation.run({ eventsMax: 20_001 })
    const profile = end()
    const plain = create()
    plain.run({ eventsMax: 20_001 })
    expect(simulation.digest()).toBe(plain.digest())
    const eventsOf = Object.fromEntries(profile.kinds.map(({ kind, events }) => [kind, events]))
    expect(eventsOf).toEqual({ heavy: 10_000, light: 10_001 })
    // Which is first is for the clock to say: a busy machine may stop either for a while.
    const [first, second] = profile.kinds.map((kind) => kind.seconds)
    expect(first).toBeGreaterThanOrEqual(second!)
    const seconds = profile.kinds.reduce((sum, kind) => sum + kind.seconds, 0)
    expect(seconds).toBeCloseTo(profile.wallSeconds, 6)
    expect(profile).toMatchObject({ events: 20_001, pendingMax: 1 })
    expect(profile.memoryBytesMax).toBeGreaterThan(1e6)
  })

  test('behavior: it counts from where it began, and nothing after its end', () => {
    const simulation = create()
    simulation.step(100)
    const end = startProfile(simulation)
    simulation.step(10)
    expect(end().kinds.map(({ events }) => events)).toEqual([5, 5])
    simulation.step(10)
    const empty = startProfile(simulation)()
    expect([empty.kinds, empty.events]).toEqual([[], 0])
  })

  test('behavior: profiles of several runs add up', () => {
    const one = {
      kinds: [
        { kind: 'a', events: 3, seconds: 1 },
        { kind: 'b', events: 1, seconds: 0.5 },
      ],
      ...{ events: 4, wallSeconds: 1.5, pendingMax: 9, memoryBytesMax: 5 },
    }
    const two = {
      kinds: [{ kind: 'b', events: 6, seconds: 2 }],
      ...{ events: 6, wallSeconds: 2, pendingMax: 2, memoryBytesMax: 8 },
    }
    expect(mergeProfiles([one, two])).toEqual({
      kinds: [
        { kind: 'b', events: 7, seconds: 2.5 },
        { kind: 'a', events: 3, seconds: 1 },
      ],
      ...{ events: 10, wallSeconds: 3.5, pendingMax: 9, memoryBytesMax: 8 },
    })
    expect(mergeProfiles([])).toMatchObject({ kinds: [], events: 0, pendingMax: 0 })
  })
})
