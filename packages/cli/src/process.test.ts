import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { executable, runThere, smallRun, temporaryFolder } from './testing.ts'

const shell = (command: string): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)('bash', ['-c', command], { maxBuffer: 1e8 })
const quoted = (argv: readonly string[]): string =>
  [process.execPath, executable, ...argv].map((word) => `'${word}'`).join(' ')

const endless = ['run', 'tempo', '--replications', '500', '--threads', '1', '--json']
const isOneDone = /[1-9]\d*\/500 worlds/

describe('the process', () => {
  test('default: result on stdout, progress in plain lines on stderr, exit code 0', async () => {
    const { code, stdout, stderr } = await runThere([...smallRun('tempo'), '--json'])
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(stdout).rails)).toEqual(['tempo'])
    expect(stderr).toMatch(/^100 %  [^\n]*\n$/)
    expect(stripVTControlCharacters(stderr)).toBe(stderr)
  })

  test('default: exit codes 1 and 2 come without a stack trace', async () => {
    const usage = await runThere(['rnu'])
    const invalid = await runThere(['run', 'nowhere.json'])
    expect([usage.code, invalid.code]).toEqual([1, 2])
    expect(usage.stderr + invalid.stderr).not.toMatch(/^\s+at /m)
  })

  test('behavior: a reader that has seen enough is no error', async () => {
    const { stdout } = await shell(
      `${quoted(['schema'])} 2>&1 | head -1; echo "\${PIPESTATUS[0]}"; ` +
        `${quoted([...smallRun('visa'), '--json'])} 2>/dev/null | true; echo "\${PIPESTATUS[0]}"`,
    )
    expect(stdout).toBe('{\n0\n0\n')
  })
})

describe('an interruption', () => {
  const { folder: out, remove } = temporaryFolder()
  afterAll(remove)

  test('default: what was done is written, exit code 130', async () => {
    let isSent = false
    const { code, stdout, stderr } = await runThere(
      [...endless, '--out', out, ...smallRun('tempo').slice(2)],
      (text, kill) => {
        if (isSent || !isOneDone.test(text)) return
        isSent = true
        kill('SIGINT')
      },
    )
    expect(code).toBe(130)
    const result = JSON.parse(stdout)
    expect(result.partial).toBe(true)
    expect(result.replications).toBeGreaterThanOrEqual(1)
    expect(result.replications).toBeLessThan(500)
    expect(readdirSync(out).length).toBe(4)
    const saved = readFileSync(join(out, 'results.json'), 'utf8')
    expect(JSON.parse(saved)).toEqual(result)
    expect(stderr).not.toContain('Warning')
  })

  test('behavior: a second signal ends it at once, and nothing is printed', async () => {
    // The run has not come as far as a result when the first signal arrives.
    const script =
      `${quoted(['run', 'hybrid', '--json'])} & child=$!; sleep 4; ` +
      'kill -INT $child; kill -INT $child; sleep 0.05; kill -INT $child 2>/dev/null; ' +
      'wait $child; echo "exit $?"'
    // Job control, or else a shell lets its background processes ignore the signal.
    const { stdout } = await shell(`set -m; ${script}`)
    expect(stdout).toBe('exit 130\n')
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
