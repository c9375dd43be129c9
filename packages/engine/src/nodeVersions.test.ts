import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { ms } from './time.ts'

const until = ms(20_000)
const folder = mkdtempSync(join(tmpdir(), 'counterpoise-engine-'))
const script = join(folder, 'smallWorld.mjs')
let here = ''

type Bundler = { buildSync: (options: object) => unknown }

beforeAll(() => {
  const world = createSmallWorld({ seed: 'versions' })
  world.run({ until })
  here = `${world.digest()} ${world.events()}`
  // One plain file, so that the other Node needs no loader.
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json')
  const { buildSync } = createRequire(tsx)('esbuild') as Bundler
  const source = new URL('../bench/smallWorld.ts', import.meta.url).pathname
  const entry = join(folder, 'entry.ts')
  writeFileSync(
    entry,
    `import { createSmallWorld } from ${JSON.stringify(source)}
const world = createSmallWorld({ seed: 'versions' })
world.run({ until: ${until} })
console.log(process.version, world.digest(), world.events())`,
  )
  const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'error' }
  buildSync({ entryPoints: [entry], outfile: script, ...options })
})

afterAll(() => rmSync(folder, { recursive: true }))

test('behavior: the bundle does what the source does', () => {
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8' }).stdout.trim()).toBe(
    `${process.version} ${here}`,
  )
})

const otherVersions = ['22', '24']
/** The first time, npm downloads that Node. */
const patience = { timeout: 200_000 }

test.for(otherVersions)('Node %s gives the same digest', patience, (version, context) => {
  const inCi = Boolean(process.env['CI'])
  const { status, stdout, stderr } = spawnSync('npx', ['-y', `node@${version}`, script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: inCi ? 180_000 : 45_000,
  })
  if (status !== 0 && !inCi) {
    const reason = stderr.trim().split('\n').at(-1) || 'it took too long'
    return context.skip(`Node ${version} cannot be had from the npm registry: ${reason}`)
  }
  expect(status, stderr).toBe(0)
  const [found, ...result] = stdout.trim().split(' ')
  expect(found).toMatch(new RegExp(`^v${version}\\.`))
  expect(result.join(' ')).toBe(here)
})
