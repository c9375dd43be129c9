import { describe, expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { EventError } from './errors.ts'
import { createSimulation } from './simulation.ts'
import { ms } from './time.ts'

/** What an action throws. */
function thrown(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was thrown.')
}

describe('errors of handlers', () => {
  test('say which event, when, and with which seed', () => {
    const simulation = createSimulation({ seed: 'broken' })
    const cause = new TypeError('no such account')
    const fine = simulation.define('fine', () => {})
    const pay = simulation.define('pay', () => {
      throw cause
    })
    simulation.at(1, fine)
    simulation.at(ms(2), pay)
    simulation.at(ms(3), fine)
    const error = thrown(() => simulation.run())
    expect(error).toBeInstanceOf(EventError)
    expect(error.cause).toBe(cause)
    expect(error.message).toMatchInlineSnapshot(`
      "The handler of 'pay' failed: no such account
      Event: number 2, at 2000 µs, seed 'broken'
      Replay: run the same scenario with this seed and stop after 1 events."
    `)
    expect(simulation.run()).toBe('empty')
  })

  test('what is no Error, and what the progress callback throws', () => {
    const simulation = createSimulation({ seed: 'odd' })
    const odd = simulation.define('odd', () => {
      throw 'just a text'
    })
    simulation.at(0, odd)
    expect(() => simulation.run()).toThrow("'odd' failed: just a text")
    simulation.handle(odd, () => {
      throw Object.create(null)
    })
    simulation.at(0, odd)
    expect(() => simulation.run()).toThrow("'odd' failed: object")
    const world = createSmallWorld({ seed: 'x' })
    const onProgress = (): void => {
      throw new RangeError('closed')
    }
    expect(() => world.run({ eventsMax: 70_000, onProgress })).toThrow(RangeError)
  })
})
