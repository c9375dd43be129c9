import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const { suitesFor } = await import(new URL('../suites.mjs', import.meta.url).href)

test('default: every suite there is, the engine first', () => {
  const packages = join(import.meta.dirname, '..', '..')
  const suites = suitesFor(['--quick'])
  expect(suites[0]).toBe('engine')
  const missing = (suites as string[]).filter(
    (name) => !existsSync(join(packages, name, 'bench', 'suite.ts')),
  )
  expect(missing).toEqual([])
})

test('behavior: one of them answers a question', () => {
  expect([suitesFor(['--help']), suitesFor(['--huge', '-h'])]).toEqual([['engine'], ['engine']])
})
