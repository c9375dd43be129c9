import { expect, test } from 'vitest'
import { createSimulation, type SimulationOptions } from './simulation.ts'

test.each([
  [{}, '`seed` of a simulation must be a text'],
  [{ seed: 7 }, 'Found: 7'],
  [{ seed: 'x', replication: -1 }, 'Found: -1'],
  [{ seed: 'x', replication: 0.5 }, 'whole number of at least 0'],
  [{ seed: 'x', ties: 'shuffel' }, "must be 'fifo' or 'shuffle'"],
])('error: a simulation of %o', (options, message) => {
  expect(() => createSimulation(options as SimulationOptions)).toThrow(message)
})

test('default: an empty seed is a seed', () => {
  expect(createSimulation({ seed: '' }).seed).toBe('')
})
