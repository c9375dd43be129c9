import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMessages } from './messages.ts'

test('a slot is used again when its last reference is gone, not before', () => {
  const messages = createMessages<string>(3)
  const first = messages.add('first', 10, false)
  messages.retain(first)
  messages.release(first)
  const second = messages.add('second', 20, true)
  expect(second).not.toBe(first)
  expect(messages.get(first)).toBe('first')
  messages.release(first)
  expect(messages.add('third', 30, false)).toBe(first)
  expect(messages.get(first)).toBe('third')
  expect(messages.bytes(first)).toBe(30)
})

test('what a flood has reached is forgotten with it', () => {
  const messages = createMessages<string>(3)
  const flood = messages.add('flood', 1, true)
  expect(messages.isFlooded(flood)).toBe(true)
  expect(messages.markSeen(flood, 2)).toBe(true)
  expect(messages.markSeen(flood, 2)).toBe(false)
  messages.release(flood)
  const next = messages.add('next', 1, true)
  expect(next).toBe(flood)
  expect(messages.markSeen(next, 2)).toBe(true)
  messages.release(next)
  const direct = messages.add('direct', 1, false)
  expect(messages.isFlooded(direct)).toBe(false)
})

test('property: there are never more slots than messages under way at once', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (steps) => {
      const messages = createMessages<number>(1)
      const open: number[] = []
      let most = 0
      steps.forEach((isAdd, index) => {
        if (isAdd) {
          const slot = messages.add(index, index, index % 2 === 0)
          expect(open).not.toContain(slot)
          open.push(slot)
          most = Math.max(most, open.length)
          expect(slot).toBeLessThan(most)
        } else {
          const slot = open.shift()
          if (slot !== undefined) messages.release(slot)
        }
      })
    }),
    fuzzParameters(200),
  )
})
