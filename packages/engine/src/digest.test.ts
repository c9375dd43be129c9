import { describe, expect, test } from 'vitest'
import { Digest, type DigestedEvent } from './digest.ts'

const event: DigestedEvent = { time: 3_600_000_001, kind: 3, target: 17, a: -5, b: 1 << 30, c: 0 }
const digestAfter = (...events: readonly DigestedEvent[]): string => {
  const digest = new Digest()
  for (const each of events) digest.addEvent(each)
  return digest.toString()
}

describe('the digest of events', () => {
  test.each(['time', 'kind', 'target', 'a', 'b', 'c'] as const)(
    'every bit of %s counts, in both lanes',
    (field) => {
      const base = digestAfter(event)
      const bits = field === 'time' ? 53 : 32
      for (let bit = 0; bit < bits; bit++) {
        const value = event[field]
        const flipped =
          field === 'time'
            ? value + (Math.floor(value / 2 ** bit) % 2 === 0 ? 2 ** bit : -(2 ** bit))
            : value ^ (1 << bit)
        const other = digestAfter({ ...event, [field]: flipped })
        expect(other.slice(0, 8)).not.toBe(base.slice(0, 8))
        expect(other.slice(8)).not.toBe(base.slice(8))
      }
    },
  )

  test('a digest that someone wrote down is found again', () => {
    // Digests stand in results and papers: with another formula no old run could be repeated.
    const full = { time: 2 ** 45 + 12_345, kind: 65_535, target: -2, a: 3, b: 1 << 31, c: -77_777 }
    expect(digestAfter(full, event)).toBe('364b93900308cb7a')
    const lanes = new Digest()
    for (const value of [0, -1, 7, 2 ** 40 + 3]) lanes.add(value)
    lanes.addText('view 7')
    expect(lanes.toString()).toBe('0b16387800da588d')
  })

  test('two fields that change places count', () => {
    const fields = ['kind', 'target', 'a', 'b', 'c'] as const
    const distinct: DigestedEvent = { time: 9, kind: 1, target: 2, a: 3, b: 4, c: 5 }
    const seen = new Set([digestAfter(distinct)])
    for (const [index, one] of fields.entries()) {
      for (const two of fields.slice(index + 1)) {
        seen.add(digestAfter({ ...distinct, [one]: distinct[two], [two]: distinct[one] }))
      }
    }
    expect(seen.size).toBe(11)
  })

  test('the order of events counts, and how many of the same there are', () => {
    const other = { ...event, target: 18 }
    const zero = { time: 0, kind: 0, target: 0, a: 0, b: 0, c: 0 }
    const digests = [
      digestAfter(event, other),
      digestAfter(other, event),
      digestAfter(event),
      digestAfter(event, event),
      digestAfter(),
      digestAfter(zero),
      digestAfter(zero, zero),
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })

  test('small events, as simulations have them, all differ', () => {
    const seen = new Set<string>()
    for (let time = 0; time < 20; time++) {
      for (let kind = 0; kind < 10; kind++) {
        for (let target = 0; target < 40; target++) {
          for (let a = 0; a < 25; a++) {
            seen.add(digestAfter({ time, kind, target, a, b: 0, c: 0 }))
          }
        }
      }
    }
    expect(seen.size).toBe(20 * 10 * 40 * 25)
  })
})
