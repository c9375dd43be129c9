import { describe, expect, expectTypeOf, test } from 'vitest'
import { createSimulation, type Simulation } from '../simulation.ts'
import { allOf, anyOf, within } from './combine.ts'
import { hold, process } from './process.ts'
import { createResource } from './resource.ts'
import { createLatch, createSignal } from './signal.ts'

const world = (): { simulation: Simulation; log: string[]; say: (text: string) => void } => {
  const simulation = createSimulation({ seed: 'combinations' })
  const log: string[] = []
  return { simulation, log, say: (text) => log.push(`${simulation.now()} ${text}`) }
}

describe('any of, all of, within', () => {
  test('the first one counts, the others are taken back, the first in the list wins a tie', () => {
    const { simulation, log, say } = world()
    process(simulation, 'a', function* () {
      const first = yield* anyOf([hold(9), hold(4), hold(4)])
      say(String(first.index))
      const latch = createLatch<string>(simulation, 'set')
      latch.set('value')
      const second = yield* anyOf([hold(5), latch.wait()])
      if (second.index === 1) expectTypeOf(second.value).toEqualTypeOf<string>()
      else expectTypeOf(second.value).toEqualTypeOf<void>()
      say(`${second.index} ${second.value}`)
      const list = [hold(3), hold(2)]
      say(String((yield* anyOf(list)).index))
    })
    simulation.run()
    expect(log).toEqual(['4 1', '4 1 value', '6 1'])
    expect(simulation.now()).toBe(6)
  })

  test('all results in their order', () => {
    const { simulation, log, say } = world()
    const work = (delay: number): ReturnType<typeof process<number>> =>
      process(simulation, `work ${delay}`, function* () {
        yield* hold(delay)
        return delay
      })
    process(simulation, 'a', function* () {
      const latch = createLatch<string>(simulation, 'set')
      latch.set('x')
      const results = yield* allOf([work(5), latch.wait(), work(3)])
      expectTypeOf(results).toEqualTypeOf<[number, string, number]>()
      say(results.join())
      say(String((yield* allOf([])).length))
    })
    simulation.run()
    expect(log).toEqual(['5 5,x,3', '5 0'])
  })

  test('within: the result, or undefined when the time is up', () => {
    const { simulation, log, say } = world()
    const signal = createSignal<string>(simulation, 'signal')
    process(simulation, 'a', function* () {
      const early = yield* within(5, signal.wait())
      expectTypeOf(early).toEqualTypeOf<string | undefined>()
      say(String(early))
      say(String(yield* within(5, signal.wait())))
    })
    process(simulation, 'b', function* () {
      yield* hold(8)
      say(`${signal.fire('now')} of ${signal.fire('again')}`)
    })
    simulation.run()
    expect(log).toEqual(['5 undefined', '8 1 of 0', '8 now'])
    expect(simulation.now()).toBe(8)
  })

  test('what a branch of a branch was granted goes back with the rest', () => {
    const { simulation, log, say } = world()
    const resource = createResource(simulation, { name: 'slot' })
    const waiting = process(simulation, 'a', function* () {
      try {
        yield* allOf([anyOf([hold(30), resource.acquire()]), hold(20)])
      } catch {
        say(`a was interrupted, in use: ${resource.inUse()}`)
      }
    })
    process(simulation, 'b', function* () {
      yield* hold(5)
      say(`in use: ${resource.inUse()}`)
      waiting.interrupt()
      yield* resource.acquire()
      say('b has the slot')
    })
    simulation.run()
    expect(log).toEqual(['5 in use: 1', '5 a was interrupted, in use: 1', '5 b has the slot'])
    expect(resource.statistics().granted).toBe(2)
  })

  test('a time that has passed in one branch is not taken back from another process', () => {
    const { simulation, log, say } = world()
    const signal = createSignal(simulation, 'never')
    const first = process(simulation, 'a', function* () {
      try {
        yield* allOf([hold(5), hold(50)])
      } catch {
        say('a was interrupted')
      }
    })
    process(simulation, 'b', function* () {
      yield* hold(6)
      say(String(yield* within(100, signal.wait())))
    })
    process(simulation, 'c', function* () {
      yield* hold(7)
      first.interrupt()
    })
    simulation.run()
    expect(log).toEqual(['7 a was interrupted', '106 undefined'])
  })

  test('a failure in one branch takes the others back', () => {
    const { simulation, log, say } = world()
    const latch = createLatch(simulation, 'latch')
    for (const combine of [allOf, anyOf]) {
      process(simulation, combine.name, function* () {
        try {
          yield* combine([hold(50), latch.wait()])
        } catch (error) {
          say(`${combine.name}: ${(error as Error).message}`)
        }
      })
    }
    process(simulation, 'b', function* () {
      yield* hold(2)
      latch.fail(new Error('broken'))
      expect(latch.isSet()).toBe(true)
      expect(() => latch.set()).toThrow('only once')
    })
    simulation.run()
    expect(log).toEqual(['2 allOf: broken', '2 anyOf: broken'])
    expect(simulation.now()).toBe(2)
  })
})
