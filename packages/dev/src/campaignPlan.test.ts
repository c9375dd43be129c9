import { describe, expect, test } from 'vitest'

const file = new URL('../campaignPlan.mjs', import.meta.url).href
const { chunksToDo, readOptions, totalsOf } = await import(file)

const what = { code: 'abc', tests: 'byzantine' }
const whole = { plans: 2_500, chunk: 1_000, seed: 7, part: [1, 1] }
const chunks = [
  { seed: 7, plans: 1_000 },
  { seed: 8, plans: 1_000 },
  { seed: 9, plans: 500 },
]

describe('chunks', () => {
  test('default: as many as the plans need, with seeds in a row', () => {
    expect(chunksToDo(whole, [], what)).toEqual(chunks)
  })

  test('behavior: parts share the chunks', () => {
    expect(chunksToDo({ ...whole, part: [1, 2] }, [], what)).toEqual([chunks[0], chunks[2]])
    expect(chunksToDo({ ...whole, part: [2, 2] }, [], what)).toEqual([chunks[1]])
  })

  test('behavior: what is done with this code and these tests is not done again', () => {
    const done = [
      { ...what, ...chunks[1]! },
      { ...what, ...chunks[0]!, code: 'older' },
      { ...what, ...chunks[0]!, tests: 'other' },
      { ...what, seed: 9, plans: 499 },
    ]
    expect(chunksToDo(whole, done, what)).toEqual([chunks[0], chunks[2]])
  })
})

test('plans of the same code add up, each seed once, and failures stay', () => {
  const entry = { code: 'abc', test: 'pbft: holds', passed: true, seed: 1, plans: 100 }
  const entries = [
    entry,
    { ...entry, plans: 300 },
    { ...entry, seed: 2 },
    { ...entry, seed: 3, passed: false },
    { ...entry, seed: 4, code: 'older' },
  ]
  expect(totalsOf(entries, 'abc')).toEqual({ 'pbft: holds': { plans: 400, failedSeeds: [3] } })
})

describe('options', () => {
  test('default: a night, from seed 1', () => {
    const { chunk, minutes, part, plans, seed, tests } = readOptions([], {})
    expect({ chunk, minutes, part, plans, seed, tests }).toEqual({
      ...{ chunk: 1_000, minutes: 0, part: [1, 1], plans: 100_000, seed: 1 },
      tests: ['byzantine.property'],
    })
  })

  test('behavior: flags win over the environment, and other words name tests', () => {
    const given = ['--part', '2/4', '--plans=500', 'pbft', '--minutes', '5']
    expect(readOptions(given, { FUZZ_RUNS: '7', FUZZ_SEED: '-3' })).toMatchObject({
      ...{ part: [2, 4], plans: 500, seed: -3, minutes: 5, tests: ['pbft'] },
    })
    expect(readOptions([], { FUZZ_RUNS: '7' }).plans).toBe(7)
  })

  test.each([
    [['--part', '5/4'], '--part must be such as 2/4, not "5/4".'],
    [['--plans', 'many'], '--plans must be a whole number, not "many".'],
    [['--chunk'], '--chunk must be a whole number, not "".'],
    [['--minutes', '0'], '--minutes must be a whole number, not "0".'],
  ])('behavior: %j is refused', (given, message) => {
    expect(() => readOptions(given, {})).toThrow(message)
  })
})
