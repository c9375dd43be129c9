import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { executable, runThere, smallRun, temporaryFolder } from './testing.ts'

const shell = (command: string): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)('bash', ['-c', command], { maxBuffer: 1e8 })
const quoted = (argv: readonly string[]): string =>
  [process.execPath, executable, ...argv].map((word) => `'${word}'`).join(' ')

const endless = [...smallRun('tempo'), '--json', '--set', 'workload.for=30d']
/** The first line comes after five seconds. */
const hasBegun = / [1-9][\d.]*(?: [kM])? events\/s\n/

describe('the process', () => {
  test('default: result on stdout, progress in plain lines on stderr, exit code 0', async () => {
    const { code, stdout, stderr } = await runThere([...smallRun('tempo'), '--json'])
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(stdout).rails)).toEqual(['tempo'])
    expect(stderr).toMatch(/^( *\d+ %  [^\n]*\n)*100 %  [^\n]*\n$/)
    expect(stripVTControlCharacters(stderr)).toBe(stderr)
  })

  test('default: exit codes 1 and 2 come without a stack trace', async () => {
    const usage = await runThere(['rnu'])
    const invalid = await runThere(['run', 'nowhere.json'])
    expect([usage.code, invalid.code]).toEqual([1, 2])
    expect(usage.stderr + invalid.stderr).not.toMatch(/^\s+at /m)
  })

  test('default: the tasks of the repository have it too, exit codes and all', async () => {
    const door = join(import.meta.dirname, '../../dev/run.mjs')
    const { stdout } = await shell(
      `cd / && '${process.execPath}' '${door}' counterpoise rnu 2>&1; echo "code $?"`,
    )
    expect(stdout).toContain("error: unknown command 'rnu'")
    expect(stdout).toMatch(/code 1\n$/)
  })

  test('behavior: a reader that has seen enough is no error', async () => {
    const run = quoted([...smallRun('visa'), '--json'])
    const { stdout } = await shell(
      `${quoted(['schema'])} 2>&1 | head -1; echo "\${PIPESTATUS[0]}"; ` +
        `${run} 2>/dev/null | true; echo "\${PIPESTATUS[0]}"; ` +
        `${quoted(['presets'])} 2>&1 | true; echo "\${PIPESTATUS[0]}"`,
    )
    expect(stdout).toBe('{\n0\n0\n0\n')
  })
})

describe.skipIf(!existsSync('/dev/full'))('a result that cannot be written', () => {
  const told = 'counterpoise: cannot write the result: there is no space left\n'
  test.each([
    ['presets'],
    ['mine', '--blocks', '1000', '--replications', '2'],
    ['protocol', 'pbft', '--nodes', '4', '--delay', 'constant:1'],
    smallRun('visa'),
  ])('default: %s says so, exit code 4, without a stack trace', async (...argv) => {
    const { stdout } = await shell(`${quoted(argv)} 2>&1 >/dev/full; echo $?`)
    expect(stdout.replace(/^(.*events\/s\n)+/, '')).toBe(`${told}4\n`)
  })

  test('behavior: where only progress cannot be told, the result counts', async () => {
    const { stdout } = await shell(`${quoted([...smallRun('visa'), '--json'])} 2>/dev/full`)
    expect(JSON.parse(stdout).partial).toBe(false)
    const unheard = await shell(`${quoted(['presets'])} >/dev/full 2>&1; echo $?`)
    expect(unheard.stdout).toBe('4\n')
  })
})

describe.concurrent('an interruption', () => {
  const { folder: out, remove } = temporaryFolder()
  afterAll(remove)

  test('default: what was done is written, exit code 130', async () => {
    let isSent = false
    const { code, stdout, stderr } = await runThere([...endless, '--out', out], (text, kill) => {
      if (isSent || !hasBegun.test(text)) return
      isSent = true
      kill('SIGINT')
    })
    expect(code).toBe(130)
    const result = JSON.parse(stdout)
    expect(result.partial).toBe(true)
    expect(result.rails.tempo.included).toBeGreaterThan(0)
    expect(stderr).not.toContain('100 %')
    expect(readdirSync(out).sort()).toEqual([
      ...['report.html', 'results.csv', 'results.json', 'scenario.json'],
    ])
    const saved = readFileSync(join(out, 'results.json'), 'utf8')
    expect(JSON.parse(saved)).toEqual(result)
    expect(stderr).not.toContain('Warning')
    const told = 'counterpoise: interrupted; the result is of what was done until then\n'
    expect(stderr.endsWith(`\n${told}`)).toBe(true)
  })

  test('behavior: a second signal ends it at once, and nothing is printed', async () => {
    let timer: NodeJS.Timeout | undefined
    const { code, signal, stdout } = await runThere(endless, (text, kill) => {
      // One after the other, as two that come together are one.
      if (hasBegun.test(text)) timer ??= setInterval(() => kill('SIGINT'), 2)
    })
    clearInterval(timer)
    expect({ code, signal, stdout }).toEqual({ code: null, signal: 'SIGINT', stdout: '' })
  })
})

const hasScript = (() => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
})()

describe.skipIf(!hasScript)('on a terminal', () => {
  test('default: a bar with time, speed and what is left, then only the result', async () => {
    const many = [...smallRun('tempo'), '--replications', '8', '--threads', '1']
    const command = `stty cols 80; ${quoted(many).replaceAll("'", '')}`
    const { stdout } = await shell(`script -qec '${command}' /dev/null </dev/null`)
    expect(stdout).toMatch(
      /[█░]{10} +\d+ %  \d+s left  [^\r\n]* simulated  [\d.]+ ?[kM]? events\/s/,
    )
    // The cursor comes back, the line is cleared, and the result stands on lines of its own.
    const progress = stdout.slice(0, stdout.lastIndexOf('█'))
    const result = stdout.split('[?25h')[1]!
    expect(progress).toContain('[?25l')
    expect(result).toContain('tempo')
    expect(result).not.toContain('█')
    for (const line of result.split('\r\n')) {
      expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(80)
    }
  })
})
