import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzParameters, fuzzTimeout } from './fuzzParameters.ts'

test('default: a fixed seed and the given number of runs', () => {
  expect(fuzzParameters(50, {})).toEqual({ numRuns: 50, seed: 20261122 })
})

test('behavior: the environment decides', () => {
  const environment = { FUZZ_RUNS: '9', FUZZ_SEED: '-3', FUZZ_PATH: '4:0:1' }
  expect(fuzzParameters(50, environment)).toEqual({ numRuns: 9, seed: -3, path: '4:0:1' })
})

test('behavior: an empty variable counts as unset', () => {
  expect(fuzzParameters(50, { FUZZ_RUNS: '', FUZZ_PATH: '' })).toEqual(fuzzParameters(50, {}))
})

test('behavior: a mistyped number is an error, not a search of zero runs', () => {
  expect(() => fuzzParameters(50, { FUZZ_RUNS: '1e3' })).toThrow(
    'FUZZ_RUNS must be an integer, not "1e3".',
  )
})

test('behavior: seed and path of a failure lead back to it in one run', () => {
  const below = fc.property(fc.integer({ min: 0, max: 1_000 }), (n) => n < 900)
  const failure = fc.check(below, fuzzParameters(500, {}))
  expect(failure.counterexample).toEqual([900])
  const environment = { FUZZ_SEED: `${failure.seed}`, FUZZ_PATH: `${failure.counterexamplePath}` }
  const replay = fc.check(below, fuzzParameters(500, environment))
  expect(replay.counterexample).toEqual([900])
  expect(replay.numRuns).toBe(1)
})

test('behavior: a search whose length is given takes as long as it takes', () => {
  expect([fuzzTimeout(9, {}), fuzzTimeout(9, { FUZZ_RUNS: '' })]).toEqual([9, 9])
  expect(fuzzTimeout(9, { FUZZ_RUNS: '100000' })).toBe(0)
})
