import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pageOf } from './page.ts'
import { counted, type Row, sampled, studentT995, verdictOf } from './validation.ts'

const row = (given: Partial<Row>): Row => ({
  quantity: 'share',
  expected: 10,
  source: 'a formula',
  simulated: 10,
  ...given,
})

describe('verdict', () => {
  test.each([
    ['agrees', { simulated: 10 }],
    ['differs', { simulated: 10.001 }],
    ['agrees', { simulated: 10.4, ci99: 0.4 }],
    ['differs', { simulated: 10.5, ci99: 0.4 }],
    ['near', { simulated: 10.5, ci99: 0.4, tolerance: 0.05 }],
    ['near', { simulated: 9.5, ci99: 0.1, tolerance: 0.05 }],
    ['differs', { simulated: 9.3, ci99: 0.1, tolerance: 0.05 }],
    ['differs', { expected: -10, simulated: 10, ci99: 1, tolerance: 0.5 }],
  ] as const)('%s: %o', (verdict, given) => {
    expect(verdictOf(row(given))).toBe(verdict)
  })
})

describe('intervals', () => {
  test.each([
    [9, 3.2498],
    [19, 2.8609],
    [49, 2.68],
    [1_000_000, 2.5758],
  ])('Student, 99.5 %% at %d degrees of freedom', (degrees, published) => {
    expect(Math.abs(studentT995(degrees) / published - 1)).toBeLessThan(0.01)
  })

  test('a mean over replications', () => {
    const values = Array.from({ length: 20 }, (_, index) => index)
    // Deviation √35, over √20.
    const ci99 = studentT995(19) * Math.sqrt(35 / 20)
    expect(sampled(values)).toEqual({ simulated: 9.5, ci99: expect.closeTo(ci99, 12), samples: 20 })
    expect(() => sampled([1, 2])).toThrow('at least 10 replications, not 2')
  })

  test('a share holds the interval of Agresti and Coull', () => {
    const { simulated, ci99 } = counted(300, 1_000)
    expect(simulated).toBe(0.3)
    expect(ci99).toBeCloseTo(0.0385, 3)
    // Even where nothing was counted, something is not excluded.
    expect(counted(0, 100).ci99).toBeGreaterThan(0.03)
  })
})

test('a page counts its verdicts and prints every row', () => {
  const validation = { name: 'toy', title: 'a toy', sections: [] }
  const measured = [row({}), row({ quantity: 'a | b', simulated: 12, ci99: 0.5, samples: 1_000 })]
  const page = pageOf(validation, [{ title: 'One', note: 'Why.', measured }])
  expect(page).toMatchInlineSnapshot(`
    "# Validation: a toy

    Written by \`npm run validate -- toy\`; do not edit. Of 2 comparisons
    - 1 agree: the 99 % confidence interval of what was simulated holds what
      was expected; about one honest row in a hundred does not, by chance;
    - 0 are near: within a tolerance that the row gives;
    - 1 differ.

    ## One

    Why.

    | quantity | unit | expected | simulated (99 %) | samples | verdict | source |
    |---|---|---:|---:|---:|---|---|
    | share |  | 10 | 10 |  | agrees | a formula |
    | a \\| b |  | 10 | 12 ± 0.5 | 1,000 | differs | a formula |
    "
  `)
})

const models = readdirSync(join(import.meta.dirname, 'models')).map((file) => file.slice(0, -3))

test.each(models)('the page of %s is there, as its command writes it', (name) => {
  const path = join(import.meta.dirname, `${name}.md`)
  expect(existsSync(path), `run npm run validate -- ${name}`).toBe(true)
  expect(readFileSync(path, 'utf8')).toContain(`Written by \`npm run validate -- ${name}\``)
})
