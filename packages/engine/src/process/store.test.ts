import { describe, expect, expectTypeOf, test } from 'vitest'
import { createSimulation } from '../simulation.ts'
import { allOf, anyOf, within } from './combine.ts'
import { createContainer } from './container.ts'
import { hold, process } from './process.ts'
import { createStore, type StoreOptions } from './store.ts'

const world = () => {
  const simulation = createSimulation({ seed: 'stores' })
  const log: string[] = []
  return { simulation, log, say: (text: string) => log.push(`${simulation.now()} ${text}`) }
}

const storeOf = <item>(options: Partial<StoreOptions<item>> = {}) => {
  const here = world()
  return { ...here, store: createStore<item>(here.simulation, { name: 'shelf', ...options }) }
}

describe('a store', () => {
  test('hands out the oldest item; getters and putters wait in line', () => {
    const { simulation, store, log, say } = storeOf<number>({ capacity: 2 })
    process(simulation, 'producer', function* () {
      for (let item = 1; item <= 5; item++) {
        yield* store.put(item)
        say(`put ${item}`)
      }
    })
    process(simulation, 'consumer', function* () {
      for (let n = 0; n < 5; n++) {
        yield* hold(10)
        say(`got ${yield* store.get()}, ${store.size()} left, ${store.puttersWaiting()} wait`)
      }
    })
    simulation.run()
    expect(log).toEqual([
      ...['0 put 1', '0 put 2'],
      ...['10 put 3', '10 got 1, 2 left, 1 wait', '20 put 4', '20 got 2, 2 left, 1 wait'],
      ...['30 put 5', '30 got 3, 2 left, 0 wait', '40 got 4, 1 left, 0 wait'],
      '50 got 5, 0 left, 0 wait',
    ])
    expect(store.statistics()).toEqual({ meanSize: 1.8, sizeMax: 2 })
    store.resetStatistics()
    expect(store.statistics()).toEqual({ meanSize: 0, sizeMax: 0 })
  })

  test('getters choose; who does not care is served by priority', () => {
    const { simulation, store, log, say } = storeOf<string | number>()
    const isNumber = (item: string | number): item is number => typeof item === 'number'
    process(simulation, 'number', function* () {
      const item = yield* store.get({ where: isNumber })
      expectTypeOf(item).toEqualTypeOf<number>()
      say(`number ${item}`)
    })
    for (const priority of [2, 1]) {
      process(simulation, 'any', function* () {
        say(`${priority} ${yield* store.get({ priority })}`)
      })
    }
    simulation.run()
    expect(store.gettersWaiting()).toBe(3)
    expect(['a', 'b', 'c', 7, 8].map((item) => store.tryPut(item))).not.toContain(false)
    simulation.run()
    expect(log).toEqual(['0 1 a', '0 2 b', '0 number 7'])
    expect([store.tryGet(), store.tryGet(), store.tryGet()]).toEqual(['c', 8, undefined])
  })

  test('with priorities the smallest comes out first, equals by age', () => {
    const { store } = storeOf<[number, string]>({ priority: ([priority]) => priority, capacity: 4 })
    for (const item of [[2, 'a'], [1, 'b'], [2, 'c'], [0, 'd'], [0, 'full']] as const) {
      store.tryPut([...item])
    }
    const out = Array.from({ length: 5 }, () => store.tryGet()?.[1])
    expect(out).toEqual(['d', 'b', 'a', 'c', undefined])
  })

  test('requests that are taken back take no item', () => {
    const { simulation, store, log, say } = storeOf<string>({ capacity: 1 })
    process(simulation, 'hasty', function* () {
      say(String(yield* within(5, store.get())))
      yield* hold(2)
      const first = yield* anyOf([store.get(), store.get()])
      say(`${first.index} ${first.value}`)
    })
    simulation.run({ until: 6 })
    expect(store.gettersWaiting()).toBe(0)
    store.tryPut('x')
    process(simulation, 'putter', function* () {
      say(String((yield* anyOf([hold(0), store.put('never')])).index))
      yield* store.put('y')
    })
    simulation.run()
    expect(log).toEqual(['5 undefined', '6 0', '7 0 x'])
    expect([store.tryGet(), store.tryGet()]).toEqual(['y', undefined])
  })

  test('all of: an interrupt puts items back in front', () => {
    const { simulation, store } = storeOf<string>()
    const gone = process(simulation, 'gone', function* () {
      try {
        yield* allOf([store.get(), store.get(), hold(100)])
      } catch {
        expect(store.size()).toBe(3)
      }
    })
    store.tryPut('a')
    simulation.run({ until: 5 })
    for (const item of ['b', 'c']) store.tryPut(item)
    expect(store.size()).toBe(1)
    gone.interrupt()
    simulation.run()
    // Given back one after the other, each in front: the last one first.
    expect([store.tryGet(), store.tryGet(), store.tryGet()]).toEqual(['b', 'a', 'c'])
  })

  test('one free place lets one putter in', () => {
    const { simulation, store } = storeOf<number>({ capacity: 1 })
    for (const item of [1, 2, 3]) {
      process(simulation, 'putter', function* () {
        yield* store.put(item)
      })
    }
    simulation.run()
    expect([store.tryGet(), store.size(), store.puttersWaiting()]).toEqual([1, 1, 1])
    expect([store.tryGet(), store.tryGet(), store.tryGet()]).toEqual([2, 3, undefined])
  })

  test('mistakes', () => {
    for (const capacity of [0, -1, Number.NaN]) {
      expect(() => storeOf({ capacity })).toThrow('room for at least one item')
    }
    const { store } = storeOf<number>({ priority: () => Number.NaN })
    expect(() => store.tryPut(1)).toThrow('not a number')
    expect(() => store.get({ priority: Number.NaN })).toThrow('not a number')
  })
})

test('what suits is found on the shelf too, wherever it stands', () => {
  const { simulation, store, log, say } = storeOf<number>()
  for (const item of [1, 2, 3, 4]) store.tryPut(item)
  process(simulation, 'a', function* () {
    const isEven = (item: number): boolean => item % 2 === 0
    for (let n = 0; n < 2; n++) say(`got ${yield* store.get({ where: isEven })}`)
    const more = yield* anyOf([store.get({ where: isEven }), hold(5)])
    say(`${more.index}: ${store.tryGet()} and ${store.tryGet()} are left`)
  })
  simulation.run()
  expect(log).toEqual(['0 got 2', '0 got 4', '5 1: 1 and 3 are left'])
})

describe('a container', () => {
  const tankOf = (capacity: number | undefined, level: number) => {
    const here = world()
    return { ...here, tank: createContainer(here.simulation, { name: 'tank', capacity, level }) }
  }

  test('serves in line: who asks for much is not overtaken', () => {
    const { simulation, tank, log, say } = tankOf(100, 10)
    for (const [name, amount] of [['much', 50], ['little', 5]] as const) {
      process(simulation, name, function* () {
        yield* tank.get(amount)
        say(name)
      })
    }
    process(simulation, 'lorry', function* () {
      for (const amount of [30, 40, 40]) {
        yield* hold(10)
        yield* tank.put(amount)
      }
      yield* hold(30)
    })
    simulation.run()
    expect(log).toEqual(['20 much', '20 little'])
    expect(tank.level()).toBe(65)
    expect(tank.statistics()).toEqual({ meanLevel: (100 + 400 + 250 + 1950) / 60, levelMax: 80 })
  })

  test('puts wait for room, priorities go first, who leaves lets the next one pass', () => {
    const { simulation, tank, log, say } = tankOf(10, 8)
    for (const [name, amount, priority] of [['a', 5, 1], ['b', 1, 1], ['c', 3, 0]] as const) {
      process(simulation, name, function* () {
        const done = yield* anyOf([tank.put(amount, { priority }), hold(7)])
        say(`${name} ${done.index}`)
      })
    }
    process(simulation, 'drain', function* () {
      yield* hold(3)
      expect(tank.puttersWaiting()).toBe(3)
      yield* tank.get(1)
      say(`level ${tank.level()}`)
    })
    simulation.run()
    expect(log).toEqual(['3 level 10', '3 c 0', '7 a 1', '7 b 1'])
  })

  test('all of it can be taken, and all of the room be used', () => {
    const { simulation, tank, log, say } = tankOf(10, 10)
    process(simulation, 'a', function* () {
      yield* tank.get(10)
      say(`level ${tank.level()}`)
      yield* tank.put(10)
      say(`level ${tank.level()}`)
    })
    simulation.run()
    expect(log).toEqual(['0 level 0', '0 level 10'])
  })

  test('who asked for much and gave up no longer stops the others', () => {
    const { simulation, tank, log, say } = tankOf(100, 10)
    process(simulation, 'much', function* () {
      say(`much ${(yield* anyOf([tank.get(50), hold(5)])).index}`)
    })
    process(simulation, 'little', function* () {
      yield* tank.get(5)
      say('little')
    })
    simulation.run()
    expect(log).toEqual(['5 much 1', '5 little'])
  })

  test('an interrupt of all of gives amounts back', () => {
    const { simulation, tank } = tankOf(undefined, 1.5)
    const gone = process(simulation, 'gone', function* () {
      yield* allOf([tank.get(1), tank.get(1)])
    })
    simulation.run()
    expect([tank.level(), tank.gettersWaiting()]).toEqual([0.5, 1])
    gone.interrupt()
    expect(() => simulation.run()).toThrow('interrupted')
    expect([tank.level(), tank.gettersWaiting()]).toEqual([1.5, 0])
  })

  test.each([
    [0, 0],
    [Number.NaN, 0],
    [5, 6],
    [5, -1],
    [Infinity, Infinity],
  ])('a capacity of %d with a level of %d', (capacity, level) => {
    expect(() => tankOf(capacity, level)).toThrow("The container 'tank' needs a capacity above 0")
  })

  test.each([0, -1, Number.NaN, Infinity, 11])('an amount of %d', (amount) => {
    const { tank } = tankOf(10, 5)
    expect(() => tank.put(amount)).toThrow("An amount at 'tank' must be finite, above 0")
    expect(() => tank.get(amount)).toThrow("An amount at 'tank' must be finite, above 0")
    expect(() => tank.get(1, { priority: Number.NaN })).toThrow('not a number')
  })
})
