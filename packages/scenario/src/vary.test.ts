import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { formatScenarioError } from './errors.ts'
import { presets } from './presets/index.ts'
import { setPath, vary } from './vary.ts'
import type { Draft } from './testing.ts'

describe('vary', () => {
  test('default: the variant differs, the base stays as it is and shares the rest', () => {
    const before = JSON.stringify(presets.hybrid)
    const variant = vary(presets.hybrid, (draft) => {
      draft.rails.tempo.validators = 50
      draft.workload.for = '1h'
    })
    expect(JSON.stringify(presets.hybrid)).toBe(before)
    expect([variant.rails.tempo.validators, variant.workload.for]).toEqual([50, '1h'])
    expect(variant.rails.bitcoin).toBe(presets.hybrid.rails.bitcoin)
  })

  test('behavior: variants are frozen, so that nobody changes two scenarios at once', () => {
    const variant = vary({ a: { b: 1 } }, (draft) => {
      draft.a.b = 2
    })
    expect(Object.isFrozen(variant.a)).toBe(true)
    expect(() => Object.assign(variant.a, { b: 3 })).toThrow(TypeError)
  })

  test('behavior: what a recipe returns does not matter', () => {
    expect(vary({ a: 1 }, (draft) => (draft.a = 2))).toEqual({ a: 2 })
  })

  test('types: the draft and the variant are those of the base', () => {
    const variant = vary({ a: 1, b: 'x' }, (draft) => {
      expectTypeOf(draft.a).toEqualTypeOf<number>()
      // @ts-expect-error There is no such key.
      draft.c = 1
    })
    expectTypeOf(variant).toEqualTypeOf<{ a: number; b: string }>()
    expect(variant).toHaveProperty('c')
  })
})

const input = {
  name: 'x',
  list: [{ at: 1 }, { at: 2 }],
  noted: { value: 5, unit: 'W', source: 'a book', assumed: true },
  notedList: { value: [{ w: 1 }, { w: 2 }], unit: 'votes', source: 'a paper' },
  notedKind: { value: { kind: 'constant', value: 3 }, unit: 'ms', source: 'a clock' },
}

const set = (...assignments: string[]): Draft =>
  assignments.reduce((data: Draft, assignment) => {
    const changed = setPath(data, assignment)
    if (!isLeft(changed)) return changed.right
    return changed.left.map((error) => formatScenarioError(error)).join('\n')
  }, input)

describe('setPath', () => {
  test('default: sets what is there, and makes what is not', () => {
    expect(set('name=y').name).toBe('y')
    expect(set('list[1].at=7').list).toEqual([{ at: 1 }, { at: 7 }])
    expect(set('list.1.at=7').list).toEqual([{ at: 1 }, { at: 7 }])
    expect(set('list[2]={"at":3}').list).toHaveLength(3)
    expect(set('new.deep.key=1').new).toEqual({ deep: { key: 1 } })
    expect(input.name).toBe('x')
  })

  test('behavior: values are JSON, or else text', () => {
    const values = ['1', '-2.5e3', 'true', 'null', '"7"', '7 days', '10m', '']
    expect([...values, '[1, {"a": 2}]', '{a'].map((value) => set(`name=${value}`).name)).toEqual([
      ...[1, -2500, true, null, '7', '7 days', '10m', '', [1, { a: 2 }], '{a'],
    ])
    expect(set('name=a=b').name).toBe('a=b')
  })

  test('behavior: a noted value says that it was set by hand', () => {
    const byHand = { unit: 'W', source: 'set by hand', assumed: true }
    expect(set('noted=7').noted).toEqual({ value: 7, ...byHand })
    expect(set('noted=7', 'noted=8').noted).toEqual({ value: 8, ...byHand })
    const note = { value: 7, unit: 'kW', source: 'another book' }
    expect(set(`noted=${JSON.stringify(note)}`).noted).toEqual(note)
  })

  test('behavior: through a noted value to what it notes', () => {
    const changed = { unit: 'votes', source: 'a paper; changed by hand', assumed: true }
    const expected = { value: [{ w: 1 }, { w: 9 }], ...changed }
    expect(set('notedList[1].w=9').notedList).toEqual(expected)
    expect(set('notedList.value[1].w=9').notedList).toEqual(expected)
    expect(set('notedList[1].w=8', 'notedList[1].w=9').notedList).toEqual(expected)
    expect(set('notedKind.value=4').notedKind.value).toEqual({ kind: 'constant', value: 4 })
  })

  test('behavior: the note itself', () => {
    expect(set('noted.source=mine').noted).toEqual({ ...input.noted, source: 'mine' })
    expect(set('noted.unit=kW').noted.unit).toBe('kW')
    const changed = { value: 6, source: 'a book; changed by hand' }
    expect(set('noted.value=6').noted).toMatchObject(changed)
  })

  test('behavior: in a preset', () => {
    const weight = setPath(presets.tempo, 'rails.tempo.validators[0].weight=2')
    const count = setPath(presets.tempo, 'rails.tempo.validators=50')
    if (isLeft(weight) || isLeft(count)) throw new Error('not set')
    expect(weight.right).toHaveProperty('rails.tempo.validators.value[0].weight', 2)
    expect(count.right).toHaveProperty('rails.tempo.validators', {
      ...{ value: 50, unit: 'votes', source: 'set by hand', assumed: true },
    })
    expect(presets.tempo.rails.tempo.validators.value[0].weight).toBe(1)
  })

  test.each([
    ['', 'scenario: expected path=value, found ``'],
    ['name', 'scenario: expected path=value, found `name`'],
    ['=1', 'scenario: expected path=value, found `=1`'],
    ['a..b=1', 'expected a path like rails.tempo.validators[0].weight, found `a..b`'],
    ['list[x]=1', 'expected a path like rails.tempo.validators[0].weight, found `list[x]`'],
    ['list[0]at=1', 'expected a path like rails.tempo.validators[0].weight, found `list[0]at`'],
    ['list[3]=1', 'expected an index from 0 to 2, found `3`'],
    ['list.-1=1', 'expected an index from 0 to 2, found `-1`'],
    ['list.length=0', 'expected an index from 0 to 2, found `length`'],
    ['list.push.x=1', 'expected an index from 0 to 2, found `push`'],
    ['name.x=1', 'expected a path through objects and lists, found `name`, which is neither'],
    ['noted.x=1', 'expected a path through objects and lists, found `noted`, which is neither'],
    ['name=9007199254740993', 'expected a whole number of at most 2^53 − 1 in size'],
    ['name={"a": 1, "a": 2}', 'expected each key once'],
  ])('behavior: %j is told to be wrong', (assignment, expected) => {
    expect(set(assignment)).toContain(expected)
  })

  test('behavior: no path and no value reaches a prototype', () => {
    const attempts = ['__proto__.polluted', 'list.constructor.prototype.polluted', 'a.__proto__']
    for (const path of attempts) expect(set(`${path}=1`)).toContain('expected a path like')
    expect(set('name={"__proto__":{"polluted":1}}')).toContain('which is not allowed')
    expect(({} as Draft).polluted).toBeUndefined()
  })

  test('behavior: what is no scenario is told to be none', () => {
    expect(setPath(5, 'a=1')).toHaveProperty('left')
    expect(setPath(null, 'a=1')).toHaveProperty('left')
  })
})
