import { expect, test } from 'vitest'
import { StreamError } from './errors.ts'
import { createSimulation, type SimulationOptions } from './simulation.ts'

test.each([
  [{}, '`seed` of a simulation must be a text'],
  [{ seed: 7 }, 'Found: 7'],
  [{ seed: 'x', replication: -1 }, 'Found: -1'],
  [{ seed: 'x', replication: 0.5 }, 'whole number of at least 0'],
  [{ seed: 'x', instantEventsMax: 0 }, 'Found: 0'],
  [{ seed: 'x', instantEventsMax: Number.NaN }, 'Write `Infinity` for no limit'],
  [{ seed: 'x', ties: 'shuffel' }, "must be 'fifo' or 'shuffle'"],
  [{ seed: 'x', queue: 'heap' }, "must be 'adaptive' or 'javascript'"],
])('error: a simulation of %o', (options, message) => {
  expect(() => createSimulation(options as SimulationOptions)).toThrow(message)
})

test('default: an empty seed is a seed', () => {
  expect(createSimulation({ seed: '' }).seed).toBe('')
})

test('streams that nobody declared', () => {
  const simulation = createSimulation({ seed: 'x', streams: ['arrivals', 'service'] })
  const open = (purpose: string) => () => simulation.stream(purpose, 3)
  expect(open('arrivals')().name).toBe('arrivals#3')
  expect(open('arivals')).toThrow(StreamError)
  expect(open('arivals')).toThrow("No random stream is declared as 'arivals'")
  expect(open('arivals')).toThrow('Declared: arrivals, service')
  expect(() => simulation.detachedStream('arivals')).toThrow(StreamError)
  expect(simulation.detachedStream('service').name).toBe('service')
  const any = createSimulation({ seed: 'x' })
  expect(any.stream('arrivals', 3).bits()).toBe(simulation.stream('arrivals', 3).bits())
})
