import { expect, test } from 'vitest'
import { findNondeterminism } from './determinism.ts'

test.each([
  ['Math.random', 'const x = Math.random()'],
  ['Math.random', "const x = Math['random']()"],
  ['Math.random', 'const x = globalThis.Math.random()'],
  ['Math.exp', 'const x = Math.exp(1)'],
  ['Math.log', 'const { log } = Math'],
  ['Math.log2', 'const { log2: lg } = Math'],
  ['Math.atan2', 'const angles = pairs.map((pair) => Math.atan2(...pair))'],
  ['the operator **', 'const x = base ** 2'],
  ['the operator **', 'x **= 2'],
  ['Date', 'const at = Date.now()'],
  ['Date', 'const at = new Date()'],
  ['Date', 'const at = new globalThis.Date()'],
  ['performance', 'const at = performance.now()'],
  ['setTimeout', 'setTimeout(done, 5)'],
  ['Intl', 'new Intl.NumberFormat()'],
  ['localeCompare', 'names.sort((a, b) => a.localeCompare(b))'],
  ['toLocaleString', 'fee.toLocaleString()'],
])('default: finds %s in %s', (what, text) => {
  const findings = findNondeterminism('src/a.ts', text)
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatch(new RegExp(`^src/a\\.ts:1: ${what.replaceAll('*', '\\*')}: .{30}`))
})

test.each([
  'const x = Math.sqrt(2) + Math.floor(3.5) + Math.imul(3, 4)',
  'const unit = 10n ** decimals',
  '// as Math.exp(x) or new Date() would',
  "const text = 'Math.random()'",
  'context.setTimeout(5)',
  "type Fault = { crypto: string; at: 'Date' }",
  'const crypto = assets.length; const half = crypto / 2',
  'const log = (x: number) => engine.log(x)',
])('behavior: leaves %s alone', (text) => {
  expect(findNondeterminism('src/a.ts', text)).toEqual([])
})

test('behavior: names the line', () => {
  expect(findNondeterminism('src/a.ts', '\n\n  f(Date)\n')[0]).toContain('src/a.ts:3: Date: ')
})
