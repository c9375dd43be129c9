import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecentMarks } from './recentMarks.ts'

test('property: says that a node has all only where it has, and always among the last 32', () => {
  const step = fc.record({ opens: fc.nat(5), node: fc.nat(2), back: fc.nat(40) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.nat(40)), (steps, asked) => {
      const marks = createRecentMarks(3)
      const sets = [0, 1, 2].map(() => new Set<number>())
      let opened = 0
      // What is told early is looked at late, too.
      const told: { numbers: number[]; signs: ReturnType<typeof marks.signsOf> }[] = []
      for (const { opens, node, back } of steps) {
        for (let index = 0; index < opens; index++) expect(marks.open()).toBe(opened++)
        const number = opened - 1 - back
        if (number < 0) continue
        marks.mark(node, number)
        sets[node]!.add(number)
        const numbers = asked.map((age) => opened - 1 - age).filter((at) => at >= 0)
        for (const some of [numbers, [number]]) {
          told.push({ numbers: some, signs: marks.signsOf(some) })
        }
        for (const { numbers: all, signs } of told) {
          const isRecent = all.every((at) => opened - at <= 32)
          const has = all.every((at) => sets[node]!.has(at))
          expect(marks.hasAll(node, signs)).toBe(isRecent && has)
        }
      }
    }),
    fuzzParameters(100),
  )
})

test('what a node has of the recent ones', () => {
  const marks = createRecentMarks(2)
  const first = marks.open()
  marks.mark(1, first)
  expect([marks.has(1, first), marks.has(0, first)]).toEqual([true, false])
  for (let count = 0; count < 31; count++) marks.open()
  expect(marks.has(1, first)).toBe(true)
  const reused = marks.open()
  expect(reused % 32).toBe(first % 32)
  expect([marks.has(1, first), marks.has(1, reused)]).toEqual([false, false])
  // The one of which a node has the same bit now is too old to tell.
  marks.mark(1, reused)
  expect([marks.has(1, first), marks.has(1, reused)]).toEqual([false, true])
  const signs = [first, reused].map((number) => marks.signsOf([number]))
  expect(signs.map((each) => marks.hasAll(1, each))).toEqual([false, true])
  marks.mark(0, first)
  expect(marks.has(0, reused)).toBe(false)
})
