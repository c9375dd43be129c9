import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cloneState } from './cloneState.ts'
import { createKeptWorld, type KeptWorld } from '../bench/keptWorld.ts'
import { SnapshotError } from './errors.ts'
import { createSimulation } from './simulation.ts'
import { alter, pendingEvents } from './snapshot.ts'
import { ms } from './time.ts'
import { fork } from './timeTravel.ts'

type Ties = 'fifo' | 'shuffle'
const create = (ties: Ties = 'fifo', replication = 0) => (): KeptWorld =>
  createKeptWorld({ seed: 'kept', replication, ties })

/** All that can be seen of a world. */
const stateOf = ({ simulation, balances, log }: KeptWorld): unknown => ({
  digest: simulation.digest(),
  now: simulation.now(),
  events: simulation.events(),
  pending: simulation.pending(),
  byKind: simulation.eventsByKind(),
  draws: [simulation.stream('delay', 3).bits(), simulation.stream('payee', '5').bits()],
  balances: [...balances],
  log: log(),
})

const straight = (ties: Ties, events: number): unknown => {
  const world = create(ties)()
  world.simulation.run({ eventsMax: events })
  return stateOf(world)
}

describe('snapshot and restore', () => {
  test.each(['fifo', 'shuffle'] as const)('%s: split and restored is a straight run', (ties) => {
    fc.assert(
      fc.property(fc.nat(800), fc.nat(400), fc.nat(400), (before, detour, after) => {
        const world = create(ties)()
        world.simulation.run({ eventsMax: before })
        const snapshot = world.simulation.snapshot()
        world.simulation.run({ eventsMax: detour })
        const far = stateOf(world)
        world.simulation.restore(snapshot)
        world.simulation.run({ eventsMax: after })
        expect(stateOf(world)).toEqual(straight(ties, before + after))
        // The same snapshot again: nothing that came of it has changed it.
        const other = fork(create(ties), snapshot)
        other.simulation.run({ eventsMax: detour })
        expect(stateOf(other)).toEqual(far)
        const third = fork(create(ties), snapshot)
        third.simulation.run({ eventsMax: after })
        expect(stateOf(third)).toEqual(straight(ties, before + after))
      }),
      fuzzParameters(60),
    )
  })

  test('a part of the model may go on with the very state that it gets', () => {
    const create = () => {
      const simulation = createSimulation({ seed: 'adopt' })
      let seen: number[] = []
      simulation.keep('seen', { save: () => seen, restore: (saved) => (seen = saved) })
      const kind = simulation.define('see', (target) => void seen.push(target))
      for (let time = 1; time <= 4; time++) simulation.at(time, kind, time)
      return { simulation, seen: () => seen }
    }
    const first = create()
    first.simulation.step(2)
    const snapshot = first.simulation.snapshot()
    const forks = [fork(create, snapshot), fork(create, alter(snapshot, () => {})), first]
    forks.forEach(({ simulation }, k) => simulation.step(k === 1 ? 2 : 1))
    expect(forks.map(({ seen }) => seen())).toEqual([[1, 2, 3], [1, 2, 3, 4], [1, 2, 3]])
  })

  test('a stream that only the snapshot knows begins with its own first draw', () => {
    const draw = (entity: number | string): number[] => {
      const create = () => createSimulation({ seed: 'streams' })
      const first = create()
      const empty = first.snapshot()
      const expected = first.stream('a', entity).bits()
      const other = fork(create, first.snapshot())
      other.restore(empty)
      return [other.stream('a', entity).bits(), expected]
    }
    for (const entity of [7, '7', '', 'x\0y', -1]) {
      const [found, expected] = draw(entity)
      expect(found).toBe(expected)
    }
  })

  test('two forks go on without touching each other', () => {
    const first = create()()
    first.simulation.run({ until: ms(50) })
    const snapshot = first.simulation.snapshot()
    const second = fork(create(), snapshot)
    for (let time = 60; time < 300; time += 7) {
      first.simulation.run({ until: ms(time) })
      second.simulation.run({ until: ms(time) })
    }
    expect(stateOf(second)).toEqual(stateOf(first))
  })

  test('what can be seen of a snapshot is frozen, and says what is pending', () => {
    const { simulation } = create()()
    simulation.run({ until: ms(40) })
    const snapshot = simulation.snapshot()
    expect(snapshot).toMatchObject({
      ...{ now: ms(40), events: simulation.events(), digest: simulation.digest() },
      kept: { balances: expect.any(Int32Array), rest: { log: expect.any(Array) } },
    })
    const digest = simulation.digest()
    const pending = [...pendingEvents(snapshot)]
    expect([...pendingEvents(snapshot)]).toEqual(pending)
    expect(pending).toHaveLength(snapshot.pending)
    const happened: unknown[] = []
    const end = simulation.tap((time, kind, ...payload) => {
      happened.push({ time, kind: simulation.kinds()[kind], payload })
    })
    simulation.step()
    end()
    expect(happened[0]).toEqual(pending[0])
    expect(snapshot.digest).toBe(digest)
    expect(() => Object.assign(snapshot, { now: 0 })).toThrow(TypeError)
    const { rest } = snapshot.kept as { rest: { log: string[] } }
    expect(() => rest.log.push('rewritten')).toThrow(TypeError)
  })

  test('an altered snapshot asks what would have come of another state', () => {
    const world = create()()
    world.simulation.run({ until: ms(40) })
    const snapshot = world.simulation.snapshot()
    const richer = alter(snapshot, (kept) => {
      kept.balances[3] += 1_000
      kept.rest.log = []
    })
    const [rich, poor] = [fork(create(), richer), fork(create(), snapshot)]
    expect(rich.balances[3]! - poor.balances[3]!).toBe(1_000)
    expect([rich.log().length, poor.log().length > 0]).toEqual([0, true])
    expect(poor.balances).toEqual(world.balances)
  })

  test('fresh streams: replications that share a warm-up and part after it', () => {
    const warm = create()()
    warm.simulation.run({ until: ms(100) })
    const snapshot = warm.simulation.snapshot()
    const branch = (replication: number): KeptWorld =>
      fork(create('fifo', replication), snapshot, { streams: 'fresh' })
    const digests = [1, 2, 2].map((replication) => {
      const { simulation } = branch(replication)
      expect([simulation.now(), simulation.digest()]).toEqual([ms(100), snapshot.digest])
      simulation.run({ until: ms(200) })
      return simulation.digest()
    })
    expect(digests[1]).toBe(digests[2])
    expect(digests[0]).not.toBe(digests[1])
    expect(() => fork(create('fifo', 1), snapshot)).toThrow(
      "Other seed and replication: 'kept', number 1 here, 'kept', number 0 there",
    )
  })

  test('bad input: another world, the middle of an event, a name taken', () => {
    const { simulation } = create()()
    const snapshot = simulation.snapshot()
    const other = createSimulation({ seed: 'kept' })
    expect(() => other.restore(snapshot)).toThrow(SnapshotError)
    expect(() => other.restore(snapshot)).toThrow(
      'Other kinds of events: none here, pay, idle there\n' +
        'Other parts of the model: none here, balances, rest there',
    )
    expect(() => fork(create('shuffle'), snapshot)).toThrow('Other ties: shuffle here, fifo there')
    expect(() => simulation.keep('rest', { save: () => 0, restore: () => {} })).toThrow("as 'rest'")
    for (const act of [() => other.snapshot(), () => other.restore(snapshot)]) {
      const kind = other.define(`act ${other.kinds().length}`, () => void act())
      other.at(0, kind)
      expect(() => other.run()).toThrow('the simulation that it is part of')
    }
  })
})

test('error: what was no snapshot, or left its process', () => {
  const { simulation: world } = create()()
  for (const wrong of [undefined, {}, structuredClone(world.snapshot())]) {
    expect(() => world.restore(wrong as never)).toThrow(SnapshotError)
    expect(() => world.restore(wrong as never)).toThrow('A snapshot lives in its process')
  }
})

test('a copy of parts of one buffer: the same places, shared among themselves', () => {
  const whole = Float64Array.of(0, 1, 2, 3, 4, 5)
  const parts = { whole, middle: whole.subarray(2, 5), bytes: new DataView(whole.buffer, 8, 8) }
  const copy = cloneState(parts)
  whole.fill(9)
  expect([...copy.middle]).toEqual([2, 3, 4])
  expect([copy.bytes.byteLength, copy.bytes.getFloat64(0, true)]).toEqual([8, 1])
  copy.middle[0] = 7
  copy.bytes.setFloat64(0, 8, true)
  expect([...copy.whole]).toEqual([0, 8, 7, 3, 4, 5])
})
