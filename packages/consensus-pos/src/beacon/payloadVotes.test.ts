import { expect, test } from 'vitest'
import { addTallies, noTally, opposesPayload, supportsPayload } from './payloadVotes.ts'

const all = { timely: 257, late: 0, available: 257, unavailable: 0 }

test.each([
  ['257 of 512 for both', {}, true],
  ['256 had it in time', { timely: 256 }, false],
  ['256 had its data', { available: 256 }, false],
])('a payload is supported or not: %s', (_name, change, isSupported) => {
  expect(supportsPayload({ ...all, ...change }, 512)).toBe(isSupported)
})

test.each([
  ['nobody said anything', {}, false],
  ['256 were late', { late: 256 }, false],
  ['257 were late', { late: 257 }, true],
  ['256 lacked its data', { unavailable: 256 }, false],
  ['257 lacked its data', { unavailable: 257 }, true],
])('a payload is opposed or not: %s', (_name, change, isOpposed) => {
  expect(opposesPayload({ ...noTally, ...change }, 512)).toBe(isOpposed)
})

test('tallies add up, each count by itself', () => {
  const one = { timely: 1, late: 2, available: 3, unavailable: 4 }
  expect(addTallies(one, { timely: 10, late: 20, available: 30, unavailable: 40 })).toEqual({
    ...{ timely: 11, late: 22, available: 33, unavailable: 44 },
  })
})
