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

test('the same message again, while copies of it are under way', () => {
  const messages = createMessages<object>(4)
  const [one, other] = [{ n: 1 }, { n: 1 }]
  const slot = messages.addAgain(one, 5, -1)
  expect(messages.addAgain(one, 5, slot)).toBe(slot)
  expect(messages.addAgain(other, 5, slot)).not.toBe(slot)
  expect(messages.addAgain(one, 6, slot)).not.toBe(slot)
  messages.release(slot)
  expect(messages.get(slot)).toBe(one)
  messages.release(slot)
  expect(messages.get(slot)).toBeUndefined()
  // The slot is another's now.
  expect(messages.add(other, 5, false)).toBe(slot)
  expect(messages.addAgain(one, 5, slot)).not.toBe(slot)
  const flooded = messages.add(one, 5, true)
  expect(messages.addAgain(one, 5, flooded)).not.toBe(flooded)
})

test('behavior: more messages under way than columns had room for', () => {
  const messages = createMessages<number>(1)
  const slots = Array.from({ length: 1_000 }, (_, n) => messages.add(n, n, false))
  slots.forEach((slot) => messages.retain(slot, slot))
  slots.forEach((slot) => {
    for (let count = 0; count < slot; count++) messages.release(slot)
    expect([messages.get(slot), messages.bytes(slot)]).toEqual([slot, slot])
    messages.release(slot)
    expect(messages.get(slot)).toBeUndefined()
  })
})
