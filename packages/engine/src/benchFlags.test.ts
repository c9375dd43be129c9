import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readBenchFlags } from '../bench/benchFlags.ts'

const textOf = (...argv: string[]): string => {
  const answer = readBenchFlags(argv)
  if ('code' in answer) return answer.text
  throw new Error('These are flags.')
}

describe('the flags of benchmarks', () => {
  test('default: what they are', () => {
    const usual = { quick: false, huge: false, long: false, out: 'out/bench/engine.json' }
    expect(readBenchFlags([])).toEqual(usual)
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'))
    const compare = join(folder, 'old.json')
    writeFileSync(compare, '{"machine": {}, "figures": {}, "derived": {}, "skipped": []}')
    expect(readBenchFlags(['--quick', '--compare', compare])).toEqual({
      ...{ ...usual, quick: true, compare },
    })
    rmSync(folder, { recursive: true })
  })

  test('default: help names each of them', () => {
    expect(readBenchFlags(['--help'])).toEqual({ code: 0, text: textOf('-h') })
    for (const flag of ['--quick', '--huge', '--long', '--out', '--compare', '--help']) {
      expect(textOf('--help')).toMatch(new RegExp(`^  ${flag} `, 'm'))
    }
  })

  test.each([
    [['--quik'], "Unknown option '--quik'"],
    [['network'], "Unexpected argument 'network'"],
    [['--out'], "Option '--out <value>' argument missing"],
  ])('behavior: %j is no flag, and what there is follows', (argv, complaint) => {
    expect(readBenchFlags(argv)).toEqual({ code: 1, text: `${complaint}\n\n${textOf('-h')}` })
  })

  test('behavior: a file to compare with has to be there', () => {
    const text = '--compare: there is no file nowhere.json\n'
    expect(readBenchFlags(['--compare', 'nowhere.json'])).toEqual({ code: 1, text })
  })

  test.each([
    ['a source', import.meta.filename],
    ['another JSON', join(import.meta.dirname, '..', 'package.json')],
    ['a folder', import.meta.dirname],
  ])('behavior: %s is nothing to compare with', (_, file) => {
    expect(textOf('--compare', file)).toMatch(/^--compare: .* holds no figures of this command; /)
  })

  test('behavior: a suite says it without a stack trace', async () => {
    const suite = join(import.meta.dirname, '..', 'bench', 'suite.ts')
    const { code, stderr } = await promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', suite, '--quik'],
    ]).catch((failed) => failed)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Unknown option '--quik'\n\nUsage: [^]*print this\n$/)
  })
})
