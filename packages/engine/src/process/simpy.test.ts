import { expect, test } from 'vitest'
import { digestOf } from '../digest.ts'
import { createSimulation } from '../simulation.ts'
import { within } from './combine.ts'
import { ProcessInterrupted, ProcessPreempted } from './errors.ts'
import { hold, process, type Process } from './process.ts'
import { createResource } from './resource.ts'
import type { Steps } from './wait.ts'

// Three examples of SimPy's documentation. What is expected here was printed by SimPy 3.0.11 with
// the same whole numbers drawn, by the generator below, and is repeated line by line.

/** Draws whole numbers in `low` … `high`, easily written in Python too. */
function createDraw(seed: number): (low: number, high: number) => number {
  let state = seed
  return (low, high) => {
    state = (state * 75 + 74) % 65_537
    return low + (state % (high - low + 1))
  }
}

test('the car wash', () => {
  const simulation = createSimulation({ seed: 'car wash' })
  const machine = createResource(simulation, { name: 'machine', capacity: 2 })
  const draw = createDraw(42)
  const log: string[] = []
  const say = (text: string): number => log.push(`${simulation.now()} ${text}`)
  const wash = (name: string): Process =>
    process(simulation, `washing ${name}`, function* () {
      yield* hold(5)
      say(`${name} is clean by ${draw(50, 99)}%`)
    })
  const car = (name: string): Process =>
    process(simulation, name, function* () {
      say(`${name} arrives`)
      yield* machine.use(function* () {
        say(`${name} enters`)
        yield* wash(name)
        say(`${name} leaves`)
      })
    })
  process(simulation, 'setup', function* () {
    for (let n = 0; n < 4; n++) car(`Car ${n}`)
    for (let n = 4; ; n++) {
      yield* hold(draw(5, 9))
      car(`Car ${n}`)
    }
  })
  simulation.run({ until: 29 })
  expect(log).toEqual([
    ...['0 Car 0 arrives', '0 Car 1 arrives', '0 Car 2 arrives', '0 Car 3 arrives'],
    ...['0 Car 0 enters', '0 Car 1 enters', '5 Car 0 is clean by 63%', '5 Car 1 is clean by 62%'],
    ...['5 Car 0 leaves', '5 Car 1 leaves', '5 Car 2 enters', '5 Car 3 enters', '9 Car 4 arrives'],
    ...['10 Car 2 is clean by 98%', '10 Car 3 is clean by 83%', '10 Car 2 leaves'],
    ...['10 Car 3 leaves', '10 Car 4 enters', '15 Car 5 arrives', '15 Car 4 is clean by 62%'],
    ...['15 Car 5 enters', '15 Car 4 leaves', '20 Car 5 is clean by 91%', '20 Car 5 leaves'],
    ...['24 Car 6 arrives', '24 Car 6 enters', '29 Car 6 is clean by 83%', '29 Car 6 leaves'],
  ])
})

test('the bank with impatient customers', () => {
  const simulation = createSimulation({ seed: 'bank' })
  const counter = createResource(simulation, { name: 'counter' })
  const draw = createDraw(8)
  const log: string[] = []
  function* customer(name: string): Steps {
    const arrived = simulation.now()
    const slot = yield* within(draw(10, 30), counter.acquire())
    const waited = simulation.now() - arrived
    if (slot === undefined) log.push(`${simulation.now()} ${name} reneged after ${waited}`)
    else {
      yield* hold(draw(3, 40))
      log.push(`${simulation.now()} ${name} waited ${waited} and is done`)
      slot.release()
    }
  }
  process(simulation, 'source', function* () {
    for (let n = 0; n < 12; n++) {
      process(simulation, `c${n}`, () => customer(`c${n}`))
      yield* hold(draw(1, 20))
    }
  })
  simulation.run()
  expect(log).toEqual([
    ...['12 c0 waited 0 and is done', '38 c1 waited 0 and is done', '61 c2 waited 3 and is done'],
    ...['85 c4 reneged after 20', '88 c5 reneged after 13', '94 c3 waited 15 and is done'],
    ...['127 c7 reneged after 16', '130 c8 reneged after 12', '131 c6 waited 0 and is done'],
    ...['139 c9 waited 0 and is done', '167 c11 reneged after 24', '173 c10 waited 0 and is done'],
  ])
  expect(counter.statistics()).toMatchObject({ granted: 7, withdrawn: 5, waitMax: 15 })
})

test('the machine shop with a preemptible repairman', () => {
  const simulation = createSimulation({ seed: 'machine shop' })
  const repairman = createResource(simulation, { name: 'repairman' })
  const log: string[] = []
  const say = (text: string): number => log.push(`${simulation.now()} ${text}`)

  const machine = (name: string, seed: number): (() => number) => {
    const draw = createDraw(seed)
    let [parts, broken] = [0, false]
    const working = process(simulation, name, function* () {
      for (;;) {
        let left = draw(80, 120)
        while (left > 0) {
          const start = simulation.now()
          try {
            yield* hold(left)
            left = 0
          } catch (error) {
            if (!(error instanceof ProcessInterrupted)) throw error
            broken = true
            left -= simulation.now() - start
            say(`${name} breaks`)
            yield* repairman.use(() => hold(300), { priority: 1, preempt: true })
            say(`${name} repaired`)
            broken = false
          }
        }
        parts++
      }
    })
    process(simulation, `breaking ${name}`, function* () {
      for (;;) {
        yield* hold(draw(1_000, 5_000))
        if (!broken) working.interrupt()
      }
    })
    return () => parts
  }
  const partsOf = [0, 1, 2].map((index) => machine(`m${index}`, 100 + index))
  process(simulation, 'other jobs', function* () {
    for (;;) {
      let left = 301
      while (left > 0) {
        const slot = yield* repairman.acquire({ priority: 2 })
        const start = simulation.now()
        try {
          yield* hold(left)
          left = 0
        } catch (error) {
          if (!(error instanceof ProcessPreempted)) throw error
          left -= simulation.now() - start
          say('other job preempted')
        }
        slot.release()
      }
    }
  })
  simulation.run({ until: 19_999 })
  expect(partsOf.map((parts) => parts())).toEqual([181, 178, 183])
  expect(log.length).toBe(54)
  expect(log.slice(0, 6)).toEqual([
    ...['2441 m1 breaks', '2441 other job preempted', '2741 m1 repaired'],
    ...['4065 m2 breaks', '4065 other job preempted', '4365 m2 repaired'],
  ])
  expect(digestOf(log.join('\n'))).toBe('8d4e078c0f3957e2')
})
