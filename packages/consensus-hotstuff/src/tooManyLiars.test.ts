import { runTwins } from '@counterpoise/consensus/testing'
import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'

describe.each([hotstuff, jolteon])('$name, four members, two honest ones cut off', (model) => {
  // Leaders keep their turn long enough for three certificates in a row.
  const parameters = { roundTimeoutMs: 300, contiguousRounds: 4 }
  const run = (liars: 1 | 2) => runTwins(model, { liars, parameters, until: seconds(60) })

  test('behavior: with f twins they agree', () => {
    const { conflict, finals } = run(1)
    expect(conflict).toBe(undefined)
    expect(finals).toBeGreaterThan(0)
  })

  test('behavior: with f + 1 twins they do not', () => {
    expect(run(2).conflict).toMatch(/are both final/)
  })
})
