import { runTwins } from '@counterpoise/consensus/testing'
import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { pbft } from './pbft/pbft.ts'
import { tendermint } from './tendermint/tendermint.ts'

describe.each([pbft, tendermint])('$name, four members, two honest ones cut off', (model) => {
  const run = (liars: 1 | 2) => runTwins(model, { liars, until: seconds(60) })

  test('behavior: with f twins they agree', () => {
    const { conflict, finals } = run(1)
    expect(conflict).toBe(undefined)
    expect(finals).toBeGreaterThan(0)
  })

  test('behavior: with f + 1 twins they do not', () => {
    expect(run(2).conflict).toMatch(/are both final/)
  })
})
