import { describe, expect, test } from 'vitest'
import { EventTimeError, UnknownEventKindError } from './errors.ts'
import { createSimulation, priorities, type Simulation } from './simulation.ts'

/** A simulation with one kind of event that notes its target, and the notes. */
function noting(): { simulation: Simulation; note: number; notes: number[] } {
  const simulation = createSimulation({ seed: 'test' })
  const notes: number[] = []
  const note = simulation.define('note', (target) => void notes.push(target))
  return { simulation, note, notes }
}

/** What an action throws. */
function thrown(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was thrown.')
}

describe('order', () => {
  test('within an instant by priority, then by when it was scheduled', () => {
    const simulation = createSimulation({ seed: 'order' })
    const order: string[] = []
    const kinds = (['measure', 'timer', 'protocol', 'deliver'] as const).map((name) =>
      simulation.define(name, (target) => order.push(`${name} ${target}`), priorities[name]),
    )
    for (const target of [1, 2]) for (const kind of kinds) simulation.at(5, kind, target)
    simulation.run()
    expect(order).toEqual([
      ...['deliver 1', 'deliver 2', 'protocol 1', 'protocol 2'],
      ...['timer 1', 'timer 2', 'measure 1', 'measure 2'],
    ])
  })

  test('what is scheduled for now comes after the current event, even if it is more urgent', () => {
    const simulation = createSimulation({ seed: 'now' })
    const order: string[] = []
    const urgent = simulation.define('urgent', () => order.push('urgent'), -1)
    const late = simulation.define('late', (target) => {
      order.push(`late ${target}`)
      if (target === 0) simulation.after(0, urgent)
    })
    simulation.at(0, late, 0)
    simulation.at(0, late, 1)
    simulation.run()
    expect(order).toEqual(['late 0', 'urgent', 'late 1'])
  })

  test('a handler gets the four numbers that were scheduled', () => {
    const simulation = createSimulation({ seed: 'payload' })
    const seen: number[][] = []
    const kind = simulation.define('any', (...numbers) => void seen.push(numbers))
    simulation.at(0, kind)
    simulation.at(0, kind, 1, -2, 2 ** 31 - 1, -(2 ** 31))
    simulation.run()
    expect(seen).toEqual([
      [0, 0, 0, 0],
      [1, -2, 2 ** 31 - 1, -(2 ** 31)],
    ])
  })
})

describe('what cannot be scheduled', () => {
  test.each([
    [4, 'in the past', '`at` takes the clock or later'],
    [-1, 'in the past', '`after` takes a delay of at least 0'],
    [5.5, 'an integer', '`microseconds(x)`'],
    [Number.NaN, 'an integer', 'A calculation gave no finite number'],
    [Number.POSITIVE_INFINITY, 'an integer', 'A calculation gave no finite number'],
    [2 ** 53, 'an integer', 'Times end at 2⁵³ − 1 µs, after 285 years'],
    [-1e300, 'an integer', 'Times end at 2⁵³ − 1 µs'],
  ])('the time %d', (time, reason, advice) => {
    const { simulation, note } = noting()
    simulation.run({ until: 5 })
    const error = thrown(() => simulation.at(time, note))
    expect(error).toBeInstanceOf(EventTimeError)
    expect(error.message).toContain(reason)
    expect(error.message).toContain(`Requested: ${time} µs`)
    expect(error.message).toContain('Clock:     5 µs')
    expect(error.message).toContain(advice)
    expect(simulation.pending()).toBe(0)
  })

  test('a time that is text or nothing, as plain JavaScript may have it', () => {
    const { simulation, note } = noting()
    const text = thrown(() => simulation.at('7' as never, note))
    expect(text).toBeInstanceOf(EventTimeError)
    expect(text.message).toContain("Requested: '7' µs")
    expect(text.message).toContain("`parseDuration('5s')`")
    expect(() => simulation.after('7' as never, note)).toThrow(EventTimeError)
    expect(() => simulation.run({ until: '5s' as never })).toThrow("Requested: '5s' µs")
    expect(thrown(() => simulation.at(null as never, note))).toBeInstanceOf(EventTimeError)
    expect(simulation.pending()).toBe(0)
  })

  test('a negative delay, a fraction of one', () => {
    const { simulation, note } = noting()
    expect(() => simulation.after(-1, note)).toThrow(EventTimeError)
    expect(() => simulation.after(0.25, note)).toThrow(EventTimeError)
    expect(() => simulation.run({ until: 0.5 })).toThrow(EventTimeError)
    expect(() => simulation.run({ until: Number.NaN })).toThrow(EventTimeError)
    expect(() => simulation.run({ eventsMax: -1 })).toThrow('a whole number of at least 0')
    expect(() => simulation.run({ eventsMax: 1.5 })).toThrow('Found: 1.5')
  })

  test('numbers that 32 bits do not hold, kinds that nobody defined', () => {
    const { simulation, note } = noting()
    expect(() => simulation.at(0, note, 2 ** 31)).toThrow("32 bits; those of 'note' are not")
    expect(() => simulation.at(0, note, 0, 0.5)).toThrow('0, 0.5, 0, 0')
    expect(() => simulation.at(0, note, 0, 0, 0, Number.NaN)).toThrow('32 bits')
    expect(() => simulation.at(0, note, 2 ** 31)).toThrow('give its index')
  })

  test('kinds that nobody defined: it says which there are', () => {
    const { simulation } = noting()
    const of = (kind: unknown) => thrown(() => simulation.at(0, kind as number))
    expect(of(99)).toBeInstanceOf(UnknownEventKindError)
    expect(of(99).message).toMatchInlineSnapshot(`
      "No kind of event has the number 99.
      Kinds: 0 'note'
      Use the number that \`define\` of the same simulation returned."
    `)
    expect(of('note').message).toContain("has the number 'note'")
    expect(of(undefined)).toBeInstanceOf(UnknownEventKindError)
    expect(() => simulation.handle(7, () => {})).toThrow(UnknownEventKindError)
    const columns = [new Float64Array(1), new Int32Array(1)] as const
    expect(() => simulation.fanout(7, 1, ...columns)).toThrow(UnknownEventKindError)
    for (let kind = 1; kind < 9; kind++) simulation.define(`kind ${kind}`, () => {})
    expect(of(99).message).toContain("7 'kind 7', …")
    expect(simulation.pending()).toBe(0)
  })

  test('kinds without a name or a handler', () => {
    const { simulation } = noting()
    expect(() => simulation.define('', () => {})).toThrow('needs a name')
    expect(() => simulation.define('empty', undefined as never)).toThrow(
      "The kind 'empty' needs a function",
    )
    expect(simulation.kinds()).toEqual(['note'])
  })

  test('two kinds of one name, priorities out of range', () => {
    const { simulation } = noting()
    expect(() => simulation.define('note', () => {})).toThrow("named 'note'")
    expect(() => simulation.define('far', () => {}, 128)).toThrow('−128 to 127')
    expect(() => simulation.define('half', () => {}, 0.5)).toThrow('−128 to 127')
  })
})

describe('run', () => {
  test('until: later events stay, the clock ends there; events at that very time happen', () => {
    const { simulation, note, notes } = noting()
    for (const time of [1, 10, 11]) simulation.at(time, note, time)
    expect(simulation.run({ until: 10 })).toBe('until')
    expect([simulation.now(), notes, simulation.pending()]).toEqual([10, [1, 10], 1])
    expect(simulation.run({ until: 5 })).toBe('until')
    expect(simulation.now()).toBe(10)
    expect(simulation.run({ until: 50 })).toBe('empty')
    expect([simulation.now(), notes]).toEqual([50, [1, 10, 11]])
  })

  test('without a limit the clock ends with the last event', () => {
    const { simulation, note } = noting()
    simulation.at(33, note)
    expect([simulation.run(), simulation.now()]).toEqual(['empty', 33])
    expect([simulation.run({ until: Infinity }), simulation.now()]).toEqual(['empty', 33])
  })

  test('peek: when the next event is due, and nothing moves', () => {
    const { simulation, note, notes } = noting()
    expect(simulation.peek()).toBe(Number.POSITIVE_INFINITY)
    const first = simulation.at(7, note, 1)
    simulation.at(9, note, 2)
    expect([simulation.peek(), simulation.peek(), simulation.now()]).toEqual([7, 7, 0])
    simulation.cancel(first)
    expect(simulation.peek()).toBe(9)
    simulation.fanout(note, 1, Float64Array.of(8), Int32Array.of(3))
    expect(simulation.peek()).toBe(8)
    simulation.run()
    expect([notes, simulation.peek()]).toEqual([[3, 2], Number.POSITIVE_INFINITY])
  })

  test('eventsMax: a fuse, per call', () => {
    const simulation = createSimulation({ seed: 'storm' })
    const storm = simulation.define('storm', () => void simulation.after(0, storm))
    simulation.at(3, storm)
    expect(simulation.run({ until: 9, eventsMax: 1_000 })).toBe('events')
    expect([simulation.events(), simulation.now()]).toEqual([1_000, 3])
    expect(simulation.run({ eventsMax: 10 })).toBe('events')
    expect(simulation.events()).toBe(1_010)
    expect(simulation.eventsByKind()).toEqual({ storm: 1_010 })
  })

  test('step executes so many events, stop ends the run after the current one', () => {
    const { simulation, note, notes } = noting()
    const stop = simulation.define('stop', () => simulation.stop())
    for (const time of [1, 2, 4]) simulation.at(time, note, time)
    simulation.at(3, stop)
    expect([simulation.step(), notes]).toEqual([1, [1]])
    expect([simulation.run({ until: 9 }), simulation.now()]).toEqual(['stopped', 3])
    expect([simulation.step(5), notes]).toEqual([1, [1, 2, 4]])
  })

  test('eventsMax and until at once: what is due by then is said to be left', () => {
    const { simulation, note } = noting()
    for (const time of [1, 10, 11]) simulation.at(time, note)
    const runs = [1, 1, 0].map((eventsMax) => simulation.run({ until: 10, eventsMax }))
    expect([runs, simulation.now()]).toEqual([['events', 'until', 'until'], 10])
    expect(simulation.run({ until: 11, eventsMax: 1 })).toBe('empty')
  })

  test('each tap ends by itself', () => {
    const { simulation, note } = noting()
    const seen: string[] = []
    const ends = ['a', 'b', 'c'].map((name) => simulation.tap((time) => seen.push(name + time)))
    for (const [time, end] of [[1, 1], [2, 1], [3, 0]] as const) {
      simulation.at(time, note)
      simulation.run()
      ends[end]!()
    }
    expect(seen).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', 'c3'])
  })

  test('one probe tapped twice is two, and each ends by itself', () => {
    const { simulation, note } = noting()
    let seen = 0
    const probe = (): void => void seen++
    const end = simulation.tap(probe)
    simulation.tap(probe)
    for (const time of [1, 2]) simulation.at(time, note)
    simulation.step()
    end()
    end()
    simulation.run()
    expect(seen).toBe(3)
  })

  test.each([null, undefined, '', '0', [0], true])('%o is no handle', (handle) => {
    const { simulation, note, notes } = noting()
    simulation.at(1, note, 4)
    simulation.at(2, note, 5)
    expect(simulation.cancel(handle as never)).toBe(false)
    simulation.run()
    expect(notes).toEqual([4, 5])
  })

  test('a handler cannot run the simulation that it is part of', () => {
    const simulation = createSimulation({ seed: 'nested' })
    simulation.at(
      0,
      simulation.define('nested', () => void simulation.run()),
    )
    expect(() => simulation.run()).toThrow('cannot run the simulation')
    expect(simulation.run()).toBe('empty')
  })

  test('cancelled events do not happen and are not counted', () => {
    const { simulation, note, notes } = noting()
    const handles = [1, 2, 3].map((time) => simulation.at(time, note, time))
    expect(handles.map(simulation.cancel)).toEqual([true, true, true])
    simulation.at(2, note, 9)
    simulation.run()
    expect([notes, simulation.events(), simulation.cancel(handles[0]!)]).toEqual([[9], 1, false])
  })
})
