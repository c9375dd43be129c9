import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smallRun } from './testing.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const copy = mkdtempSync(join(tmpdir(), 'counterpoise-bundle-'))
const cache = join(copy, 'node_modules', '.cache', 'counterpoise')

/** A workspace of its own, whose installed packages are those of this one. */
beforeAll(() => {
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml']) {
    cpSync(join(root, file), join(copy, file))
  }
  cpSync(join(root, 'packages'), join(copy, 'packages'), {
    ...{ recursive: true, verbatimSymlinks: true },
  })
  mkdirSync(join(copy, 'node_modules'))
  symlinkSync(join(root, 'node_modules', '.pnpm'), join(copy, 'node_modules', '.pnpm'))
  const modules = join('node_modules', '.modules.yaml')
  cpSync(join(root, modules), join(copy, modules))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

type Ended = { code: number; stdout: string; stderr: string }

/** Runs a command of the copy. */
const start = (argv: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const executable = join(copy, 'packages', 'cli', 'bin', 'counterpoise.mjs')
    const options = { env: { ...process.env, ...env }, maxBuffer: 1e9 }
    execFile(process.execPath, [executable, ...argv], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

const bundles = (): string[] => (existsSync(cache) ? readdirSync(cache) : [])

/** Changes a source of the copy; it keeps its times, as far as a user can make it. */
function edit(path: string, from: string, to: string): void {
  const file = join(copy, 'packages', path)
  const { atime, mtime } = statSync(file)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
  utimesSync(file, atime, mtime)
}

describe('the bundle of the sources', () => {
  test('default: two first starts at once make one, and the next start takes it', async () => {
    const both = await Promise.all([start(['--version']), start(['--version'])])
    expect(both).toEqual([0, 1].map(() => ({ code: 0, stdout: '0.1.0\n', stderr: '' })))
    expect(bundles()).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
    const main = join(cache, bundles()[0]!, 'main.mjs')
    writeFileSync(main, `${readFileSync(main, 'utf8')}\nprocess.stdout.write('from here')\n`)
    expect((await start(['--version'])).stdout).toBe('0.1.0\nfrom here')
    rmSync(dirname(main), { recursive: true })
  })

  test('behavior: it is never that of other sources', async () => {
    await start(['--version'])
    edit('lab/src/version.ts', "'0.1.0'", "'9.9.9'")
    expect((await start(['--version'])).stdout).toBe('9.9.9\n')
    edit('lab/src/version.ts', "'9.9.9'", "'0.1.0'")
    expect((await start(['--version'])).stdout).toBe('0.1.0\n')
  })

  test('behavior: a run has the same bits, and a report, with it and without', async () => {
    const argv = [...smallRun('tempo'), '--json']
    const out = join(copy, 'out')
    const bundled = await start([...argv, '--out', out])
    const plain = await start(argv, { COUNTERPOISE_BUNDLE: 'off' })
    expect([bundled.code, plain.code]).toEqual([0, 0])
    const resultOf = ({ stdout }: Ended): object => ({ ...JSON.parse(stdout), wall_seconds: 0 })
    expect(resultOf(bundled)).toEqual(resultOf(plain))
    // Plotly is in it.
    expect(statSync(join(out, 'report.html')).size).toBeGreaterThan(500_000)
  })

  test('behavior: threads run the same sources', async () => {
    edit('lab/src/runVariant.ts', 'digest: simulation.digest()', "digest: 'edited just now'")
    const { stdout } = await start([...smallRun('visa'), '--json'])
    edit('lab/src/runVariant.ts', "digest: 'edited just now'", 'digest: simulation.digest()')
    expect(Object.values(JSON.parse(stdout))).toContain('edited just now')
  })

  test('behavior: stack traces name the sources', async () => {
    const file = 'cli/src/commands/inspect.ts'
    const line = '  const list = Object.entries(presets)'
    const planted = `  throw new RangeError('planted')\n${line}`
    edit(file, line, planted)
    const { code, stderr } = await start(['presets'], { DEBUG: '1' })
    edit(file, planted, line)
    const text = readFileSync(join(copy, 'packages', file), 'utf8')
    const at = text.slice(0, text.indexOf(line)).split('\n').length
    expect(code).not.toBe(0)
    expect(stderr).toContain('RangeError: planted\n')
    expect(stderr).toContain(`presetsCommand (${join(copy, 'packages', file)}:${at}:`)
  })

  test('behavior: where it cannot be written or made, the sources are loaded', async () => {
    rmSync(cache, { recursive: true })
    writeFileSync(cache, 'a file in its place')
    expect(await start(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
    rmSync(cache)
    edit('cli/src/main.ts', 'import', 'imp ort')
    const { code, stderr } = await start(['--version'])
    edit('cli/src/main.ts', 'imp ort', 'import')
    expect([code, stderr.includes('main.ts')]).toEqual([1, true])
    expect(bundles()).toEqual([])
  })
})
