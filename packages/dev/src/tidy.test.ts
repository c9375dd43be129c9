import { describe, expect, test } from 'vitest'
import { isTest } from './architecture.ts'
import { findNondeterminism } from './determinism.ts'
import { expectNone } from './expectNone.ts'
import { floorOf, lastModelFloor } from './floors.ts'
import { listFiles, readText } from './repository.ts'
import { longFiles, strayEntries, wideLines, wrongReadmes } from './tidy.ts'
import type { TextFile } from './tidy.ts'

const paths = listFiles()
const filesMatching = (pattern: RegExp): TextFile[] =>
  paths.filter((path) => pattern.test(path)).map((path) => ({ path, text: readText(path) }))
const code = filesMatching(/^(packages|examples|docs)\/.*\.(ts|mjs)$/)

test('the repository is listed', () => {
  expect(paths).toContain('packages/dev/src/tidy.test.ts')
  expect(paths.filter((path) => path.includes('node_modules'))).toEqual([])
})

test('every source file has at most 300 lines', () => {
  expectNone(longFiles(code, 300), 'Split these files by what they are about:')
})

test('every line has at most 100 columns', () => {
  expectNone(wideLines(code, 100), 'Break these lines:')
})

test('models do the same on every machine', () => {
  const offenders = code.filter(isModel).flatMap(({ path, text }) => findNondeterminism(path, text))
  expectNone(offenders, 'These would make two runs of one seed differ:')
})

test('each package has a README.md of 5 to 25 lines', () => {
  const manifest = /^(packages\/[^/]+)\/package\.json$/
  const folders = paths.flatMap((path) => manifest.exec(path)?.[1] ?? [])
  const readmes = filesMatching(/^packages\/[^/]+\/README\.md$/)
  const offenders = wrongReadmes(folders, readmes, { min: 5, max: 25 })
  expectNone(offenders, 'Say what the package is for, what it offers, and what lives elsewhere:')
})

test('nothing unexpected stands at the top of the repository', () => {
  expectNone(strayEntries(paths), 'Move these into a package, the examples or the docs:')
})

const isModel = ({ path }: TextFile): boolean => {
  const [top, room = '', ...rest] = path.split('/')
  const floor = top === 'packages' ? floorOf(room) : undefined
  return floor !== undefined && floor <= lastModelFloor && !isTest(rest.join('/'))
}

describe('the rules bite', () => {
  test('behavior: a file of one line too many', () => {
    const file = { path: 'a.ts', text: 'x\n'.repeat(301) }
    expect(longFiles([file], 301)).toEqual([])
    expect(longFiles([file], 300)).toEqual(['a.ts: 301 lines'])
  })

  test('behavior: a line of one column too many', () => {
    const file = { path: 'a.ts', text: `${'é'.repeat(100)}\n${'é'.repeat(101)}\n` }
    expect(wideLines([file], 100)).toEqual(['a.ts:2: 101 columns'])
  })

  test('behavior: a missing, a terse and a long README.md', () => {
    const readmes = [
      { path: 'packages/b/README.md', text: 'one\n' },
      { path: 'packages/c/README.md', text: 'line\n'.repeat(26) },
      { path: 'packages/d/README.md', text: 'line\n'.repeat(25) },
    ]
    const folders = ['packages/a', 'packages/b', 'packages/c', 'packages/d']
    expect(wrongReadmes(folders, readmes, { min: 5, max: 25 })).toEqual([
      'packages/a/README.md is missing',
      'packages/b/README.md: 1 lines',
      'packages/c/README.md: 26 lines',
    ])
  })

  test('behavior: a stray file or folder at the top', () => {
    const listed = ['packages/a/b.ts', '.ci/run', 'notes.txt', 'scripts/a.mjs', 'scripts/b.mjs']
    expect(strayEntries(listed)).toEqual(['notes.txt', 'scripts'])
  })
})
