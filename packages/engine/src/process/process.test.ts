import { describe, expect, expectTypeOf, test } from 'vitest'
import { EventError } from '../errors.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import { allOf, anyOf } from './combine.ts'
import { ProcessError, ProcessInterrupted, ProcessUsageError } from './errors.ts'
import { hold, liveProcesses, process } from './process.ts'
import { createLatch, createSignal } from './signal.ts'
import type { Steps } from './wait.ts'

const world = (): { simulation: Simulation; log: string[]; say: (text: string) => void } => {
  const simulation = createSimulation({ seed: 'processes' })
  const log: string[] = []
  return { simulation, log, say: (text) => log.push(`${simulation.now()} ${text}`) }
}

describe('a process', () => {
  test('waits, in the order of time and then of starting', () => {
    const { simulation, log, say } = world()
    for (const [name, delay] of [['a', 3], ['b', 2], ['c', 3]] as const) {
      process(simulation, name, function* () {
        say(`${name} begins`)
        yield* hold(delay)
        say(`${name} goes on`)
        yield hold(1)
        say(`${name} ends`)
      })
    }
    expect(log).toEqual([])
    simulation.run()
    expect(log).toEqual([
      ...['0 a begins', '0 b begins', '0 c begins'],
      ...['2 b goes on', '3 a goes on', '3 c goes on', '3 b ends', '4 a ends', '4 c ends'],
    ])
    expect(simulation.eventsByKind()).toEqual({
      'process.wake': 0,
      'process.start': 3,
      'process.hold': 6,
      'process.timer': 0,
    })
  })

  test('begins later where told so; the numbers of ended processes are given out again', () => {
    const { simulation, log, say } = world()
    const targets: number[] = []
    simulation.tap((_time, _kind, target) => targets.push(target))
    const short = function* (): Steps {
      say('begins')
      yield* hold(0)
    }
    for (let n = 0; n < 4; n++) process(simulation, 'short', short, { delay: n * 10 })
    simulation.run()
    process(simulation, 'last', short)
    simulation.run()
    expect(log).toEqual(['0 begins', '10 begins', '20 begins', '30 begins', '30 begins'])
    expect(Math.max(...targets)).toBe(3)
    expect(() => process(simulation, 'past', short, { delay: -1 })).toThrow('in the past')
    expect(liveProcesses(simulation)).toEqual([])
  })

  test('is waited for with its result, before its end and after', () => {
    const { simulation, log, say } = world()
    const worker = process(simulation, 'worker', function* () {
      yield* hold(7)
      return { parts: 3 }
    })
    for (const start of [0, 9]) {
      process(simulation, 'boss', function* () {
        yield* hold(start)
        const result = yield* worker
        expectTypeOf(result).toEqualTypeOf<{ parts: number }>()
        say(`${result.parts} parts, ${worker.isAlive()}`)
      })
    }
    expect(worker.isAlive()).toBe(true)
    simulation.run()
    expect(log).toEqual(['7 3 parts, false', '9 3 parts, false'])
  })

  test('calls parts of itself with yield*', () => {
    const { simulation, log, say } = world()
    function* ride(minutes: number): Steps<string> {
      yield* hold(minutes)
      return `rode ${minutes}`
    }
    process(simulation, 'rider', function* (self) {
      say(`${self.name}: ${yield* ride(4)}, ${yield* ride(5)}`)
    })
    simulation.run()
    expect(log).toEqual(['9 rider: rode 4, rode 5'])
  })

  test('what waits can be listed', () => {
    const { simulation } = world()
    const never = createSignal(simulation, 'never')
    process(simulation, 'a', function* () {
      yield* hold(5)
      yield* anyOf([never.wait(), allOf([hold(2_000_000), never.wait()])])
    })
    expect(liveProcesses(simulation)).toEqual([{ name: 'a', waitingFor: undefined, since: 0 }])
    simulation.run()
    const waitingFor = "any of (signal 'never', all of (hold 2s, signal 'never'))"
    expect(liveProcesses(simulation)).toEqual([{ name: 'a', waitingFor, since: 5 }])
  })
})

describe('errors', () => {
  test('end the run with the name of the process', () => {
    for (const expected of [EventError, "The process 'clerk' failed: out of stamps"]) {
      const { simulation } = world()
      process(simulation, 'clerk', function* () {
        yield* hold(3)
        throw new RangeError('out of stamps')
      })
      expect(() => simulation.run()).toThrow(expected)
      expect(simulation.now()).toBe(3)
      expect(liveProcesses(simulation)).toEqual([])
    }
  })

  test('go to who waits for the process, now or later', () => {
    const { simulation, log, say } = world()
    const failing = process(simulation, 'failing', function* () {
      yield* hold(3)
      throw new RangeError('no')
    })
    for (const start of [0, 5]) {
      process(simulation, 'parent', function* () {
        yield* hold(start)
        try {
          yield* allOf([failing, hold(100)])
        } catch (error) {
          say(`${(error as ProcessError).process}: ${((error as Error).cause as Error).message}`)
        }
      })
    }
    simulation.run()
    expect(log).toEqual(['3 failing: no', '5 failing: no'])
    expect(simulation.now()).toBe(5)
  })

  test('a body that is no generator', () => {
    const simulation = createSimulation({ seed: 'body' })
    const start = (body: unknown) => () => process(simulation, 'clerk', body as never)
    for (const body of [async () => {}, () => 5, () => undefined]) {
      expect(start(body)).toThrow("The body of the process 'clerk' is no generator")
    }
    expect(start(async () => {})).toThrow('Found: a function that returns a promise')
    expect([simulation.run(), liveProcesses(simulation)]).toEqual(['empty', []])
  })

  test('what cannot be waited for is thrown where it was yielded', () => {
    const { simulation, log, say } = world()
    const other = world().simulation
    function* part(): Steps {
      yield* hold(1)
    }
    const tries: [string, () => unknown][] = [
      ['number', () => 5],
      ['nothing', () => undefined],
      ['generator', () => part()],
      ['negative', () => hold(-1)],
      ['fraction', () => hold(0.5)],
      ['nothing of many', () => anyOf([])],
      ['foreign', () => createSignal(other, 'x').wait()],
      ['foreign of many', () => allOf([hold(1), createLatch(other, 'x').wait()])],
    ]
    process(simulation, 'curious', function* (self) {
      for (const [name, make] of [...tries, ['itself', () => self] as const]) {
        try {
          yield make() as never
          say(`${name} passed`)
        } catch (error) {
          say(`${name}: ${error instanceof ProcessUsageError}`)
        }
      }
      yield* hold(1)
    })
    simulation.run()
    expect(log).toEqual([...tries.map(([name]) => `0 ${name}: true`), '0 itself: true'])
    expect(simulation.now()).toBe(1)
  })
})

describe('interrupts', () => {
  test('are thrown where the process waits; what it waited for is taken back', () => {
    const { simulation, log, say } = world()
    const sleeper = process(simulation, 'sleeper', function* () {
      try {
        yield* hold(100)
      } catch (error) {
        if (!(error instanceof ProcessInterrupted)) throw error
        say(`woken: ${String(error.cause)}`)
      }
      yield* hold(2)
      say('done')
    })
    process(simulation, 'waker', function* () {
      yield* hold(5)
      say(`${sleeper.interrupt('fire')}`)
      yield* hold(50)
      say(`${sleeper.interrupt('late')}`)
    })
    simulation.run()
    expect(log).toEqual(['5 true', '5 woken: fire', '7 done', '55 false'])
    expect(simulation.now()).toBe(55)
  })

  test('meet the next wait of a process that has been granted what it waited for', () => {
    const { simulation, log, say } = world()
    const signal = createSignal<string>(simulation, 'signal')
    const listener = process(simulation, 'listener', function* () {
      say(yield* signal.wait())
      for (const round of [1, 2, 3]) {
        try {
          yield* hold(10)
          say(`round ${round}`)
        } catch (error) {
          say(`round ${round}: ${String((error as Error).cause)}`)
        }
      }
    })
    simulation.run()
    signal.fire('heard')
    listener.interrupt('first')
    listener.interrupt('second')
    simulation.run()
    expect(log).toEqual([
      ...['0 heard', '0 round 1: first', '0 round 2: second', '10 round 3'],
    ])
  })

  test('reach a new process at its first wait; one that is not caught ends the run', () => {
    const { simulation, log, say } = world()
    const early = process(simulation, 'early', function* () {
      say('begins')
      yield* hold(10)
    })
    early.interrupt('why')
    expect(() => simulation.run()).toThrow("'early' failed: The process was interrupted.")
    expect(log).toEqual(['0 begins'])
    expect(early.isAlive()).toBe(false)
  })
})

describe('repetition', () => {
  const digestOf = (steps: number): string => {
    const { simulation } = world()
    const stream = simulation.stream('steps')
    const meeting = createSignal(simulation, 'meeting')
    for (let n = 0; n < 20; n++) {
      process(simulation, `p${n}`, function* () {
        for (let step = 0; step < 20; step++) {
          const first = yield* anyOf([hold(stream.below(100)), meeting.wait()])
          if (first.index === 0 && stream.chance(0.2)) meeting.fire()
        }
      })
    }
    while (simulation.run({ eventsMax: steps }) === 'events');
    return `${simulation.digest()} ${simulation.now()}`
  }

  test('behavior: the same events in one go and in pieces, on every machine', () => {
    expect(digestOf(1e9)).toMatchInlineSnapshot(`"0c9400a872aba3e6 516"`)
    expect(digestOf(7)).toBe(digestOf(1e9))
  })

  test('a snapshot needs a moment without processes, and counts their numbers', () => {
    const { simulation, log, say } = world()
    const walk = function* (): Steps {
      yield* hold(5)
      say('walked')
    }
    process(simulation, 'a', walk)
    expect(() => simulation.snapshot()).toThrow('a: about to go on')
    simulation.run()
    const snapshot = simulation.snapshot()
    const goOn = (): string => {
      process(simulation, 'b', walk)
      process(simulation, 'c', walk)
      simulation.run()
      return simulation.digest()
    }
    const once = goOn()
    simulation.restore(snapshot)
    const dropped = process(simulation, 'dropped', walk)
    simulation.restore(snapshot)
    expect([dropped.isAlive(), dropped.interrupt()]).toEqual([false, false])
    expect(goOn()).toBe(once)
    expect(log).toEqual(['5 walked', '10 walked', '10 walked', '10 walked', '10 walked'])
  })
})
