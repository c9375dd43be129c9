import { expect, test } from 'vitest'
import { globalUses, lineOf, parse } from './syntax.ts'

const linesUsing = (name: string, text: string): number[] => {
  const source = parse('a.ts', text)
  return globalUses(source, new Set([name])).map((use) => lineOf(source, use))
}

test.each([
  ['process.exit()', [1]],
  ['globalThis.process.exit()', [1]],
  ['const all = { process }\nrun(process)', [1, 2]],
  ['const f = (x = process) => x\ntype All = typeof process', [1, 2]],
])('default: a global is seen in %s', (text, lines) => {
  expect(linesUsing('process', text)).toEqual(lines)
})

test.each([
  'const process = 1; use(process)',
  'function process() {}; process()',
  "import { process } from './x.ts'; process()",
  'context.process()',
  'const handlers = { process: 1, f() {} }',
  'type Handlers = { process: () => void }',
  'const { process: step } = handlers',
])('behavior: a member or a name of its own is no global: %s', (text) => {
  expect(linesUsing('process', text)).toEqual([])
})
