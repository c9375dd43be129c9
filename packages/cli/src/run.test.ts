import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { presets, vary } from '@counterpoise/scenario'
import { afterAll, describe, expect, test } from 'vitest'
import { type Ended, runHere, smallRun, temporaryFolder } from './testing.ts'

const { folder, remove } = temporaryFolder()
afterAll(remove)
const jsonOf = ({ stdout }: Ended): any => JSON.parse(stdout)

describe('run --json', () => {
  test('default: one document on stdout with every key that scripts depend on', async () => {
    const ended = await runHere([...smallRun('tempo'), '--json', '--seed', 'a seed'])
    expect(ended.code).toBe(0)
    const result = jsonOf(ended)
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        ...['scenario', 'seed', 'version', 'digest', 'wall_seconds', 'events'],
        ...['simulated_seconds', 'rails', 'checks'],
      ]),
    )
    expect(result.scenario).toEqual({ name: 'tempo', hash: expect.stringMatching(/^[\da-f]{16}$/) })
    expect(result).toMatchObject({ seed: 'a seed', partial: false })
    expect(Object.keys(result.rails)).toEqual(['tempo'])
    expect(shapeOf(result.rails.tempo)).toMatchObject(railShape('number'))
    expect(result.checks).toEqual({ conservation: 'held', agreement: 'held', liveness: 'held' })
    // On a slow machine more lines come before the last one.
    expect(ended.stderr).toMatch(/^( *\d+ %  .*\n)*100 %  .*simulated.*events\/s\n$/)
  })

  test('default: with replications each figure is an estimate', async () => {
    const ended = await runHere([...smallRun('tempo'), '--json', '--replications', '2'])
    const result = jsonOf(ended)
    const ends = { low: 'number', high: 'number' }
    const estimate = { mean: 'number', ci95: 'number', ...ends }
    expect(result.replications).toBe(2)
    expect(shapeOf(result.rails.tempo)).toMatchObject(railShape(estimate))
    expect(shapeOf(result.events)).toEqual(estimate)
    expect(result.rails.tempo.offered.ci95).toBeGreaterThan(0)
  })
})

/** The keys of the rail's document, `figure` standing for each number. */
function railShape(figure: unknown): object {
  const spread = { mean: figure, p50: figure, p95: figure }
  const coefficients = { third: figure, half: figure }
  return {
    ...{ offered: figure, included: figure, final: figure, failed: figure },
    ...{ included_share: figure, final_share: figure, failed_share: figure },
    throughput_per_s: figure,
    time_to_inclusion_ms: { ...spread, p99: figure },
    time_to_finality_ms: { ...spread, p99: figure },
    fee_usd: spread,
    energy_wh_per_payment: figure,
    blocks: { count: figure, interval_ms: spread, stale_share: figure },
    nakamoto: { operators: coefficients, regions: coefficients },
  }
}

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
}

describe('what a run depends on', () => {
  test('default: its scenario and seed, not what is done with the result', async () => {
    const out = join(folder, 'same')
    const json = jsonOf(await runHere([...smallRun('visa'), '--json']))
    const saved = await runHere([...smallRun('visa'), '--out', out])
    const again = jsonOf(await runHere(['run', join(out, 'scenario.json'), '--json']))
    expect(saved.code).toBe(0)
    expect(readdirSync(out).sort()).toEqual([
      ...['report.html', 'results.csv', 'results.json', 'scenario.json'],
    ])
    const kept = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))
    for (const result of [kept, again]) {
      expect({ ...result, wall_seconds: 0 }).toEqual({ ...json, wall_seconds: 0 })
    }
    expect(saved.stdout).toContain(json.digest)
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(json.digest)
    expect(readFileSync(join(out, 'results.csv'), 'utf8')).toContain(`${json.digest},false,visa`)
    for (const name of readdirSync(out)) expect(saved.stdout).toContain(join(out, name))
  })

  test('default: another seed, another digest', async () => {
    const run = async (seed: string): Promise<any> =>
      jsonOf(await runHere([...smallRun('visa'), '--json', '--seed', seed]))
    const [one, two, three] = [await run('1'), await run('2'), await run('1')]
    expect(one.digest).toBe(three.digest)
    expect(one.digest).not.toBe(two.digest)
    expect(one.scenario.hash).toBe(two.scenario.hash)
  })

  test('default: --until and each --set change the scenario', async () => {
    const until = jsonOf(await runHere([...smallRun('tempo'), '--json', '--until', '20s']))
    expect(until.simulated_seconds).toBe(20)
    const more = ['--set', 'rails.tempo.watts=75', '--set', 'name=mine']
    const set = jsonOf(await runHere([...smallRun('tempo'), '--json', ...more]))
    expect(set.scenario.name).toBe('mine')
    expect(set.rails.tempo.energy_watts).toBe(75)
  })
})

describe('exit codes', () => {
  test('behavior: 3 where a limit ended it, and the result says so', async () => {
    const limit = [...smallRun('tempo'), '--set', 'limits.events=1000']
    const plain = await runHere(limit)
    expect(plain.code).toBe(3)
    expect(plain.stdout).toMatch(/^Partial result: The limit on events ended tempo \(after \d/m)
    // Each finding says what it is about, and what is missing is told once.
    expect(plain.stdout).toMatch(/^• Speed: No payment became final within the run on tempo/m)
    expect(plain.stdout).not.toContain('What is missing')
    expect(plain.stdout).toMatch(/^Scenario tempo \([0-9a-f]{16}\), seed 1, digest: [0-9a-f]{16}$/m)
    const json = jsonOf(await runHere([...limit, '--json']))
    expect(json).toMatchObject({ partial: true, events: 1_000 })
  })

  test('behavior: 128 where a chain stands still without a fault', async () => {
    const slow = 'rails.tempo.network.latency={"kind":"constant","ms":60000}'
    const ended = await runHere([
      ...[...smallRun('tempo'), '--json'],
      ...['--set', slow, '--set', 'workload.for=3m'],
    ])
    expect(ended.code).toBe(128)
    expect(jsonOf(ended).checks).toMatchObject({ liveness: 'violated', agreement: 'held' })
    expect(ended.stderr).toContain('liveness: tempo: no progress')
  })

  test('behavior: 129 where what was final is taken back', async () => {
    // Blocks that travel for half of the interval between them, and no wait for confirmations.
    const ended = await runHere([
      ...[...smallRun('bitcoin'), '--json', '--set', 'workload.for=1h'],
      ...['--set', 'rails.bitcoin.consensus.parameters.targetIntervalMs=60000'],
      ...['--set', 'rails.bitcoin.network.latency={"kind":"constant","ms":10000}'],
      ...['--set', 'rails.bitcoin.access.confirmations=1'],
    ])
    expect(ended.code).toBe(129)
    expect(jsonOf(ended).checks).toMatchObject({ agreement: 'violated' })
    expect(ended.stderr).toContain('agreement: bitcoin: ')
    // However many there are, a reader sees the first.
    expect(ended.stderr.split('\n').length).toBeLessThan(25)
  })
})

describe('a scenario that is none', () => {
  const tempo = (change: (draft: any) => unknown): unknown =>
    vary<any>(presets.tempo, (draft) => {
      change(draft)
    })
  const bad: [name: string, text: string, lines: number, message: RegExp][] = [
    ['broken.json', '{ "name": ', 1, /broken\.json.*expected/],
    ['empty.json', '', 1, /expected/],
    ['list.json', '[]', 1, /expected/],
    ['broken.yaml', 'name: [', 1, /expected/],
    ['key.json', JSON.stringify(tempo((draft) => (draft.rail = {}))), 1, /rail/],
    [
      'two.json',
      JSON.stringify(
        tempo((draft) => {
          draft.workload.for = 'soon'
          draft.rails.tempo.watts = -1
        }),
      ),
      2,
      /workload\.for: expected a duration.*found "soon"/,
    ],
    [
      'region.json',
      JSON.stringify(
        tempo((draft) => (draft.rails.tempo.access.nodes.value[0].region = 'us-est-1')),
      ),
      1,
      /did you mean `us-east-1`/,
    ],
  ]

  test.each(bad)('behavior: %s', async (name, text, lines, message) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    const out = join(folder, `${name}-out`)
    for (const argv of [['run', file, '--out', out, '--json'], ['validate', file]]) {
      const ended = await runHere(argv)
      expect(ended.code).toBe(2)
      expect(ended.stdout).toBe('')
      expect(ended.stderr).toMatch(message)
      expect(ended.stderr).not.toMatch(/^\s+at /m)
      expect(ended.stderr.trimEnd().split('\n').length).toBe(lines)
    }
    expect(existsSync(out)).toBe(false)
  })

  test.each(['null', '[]', '"text"', '7'])('behavior: %s, whatever is set in it', async (text) => {
    const file = join(folder, 'root.json')
    writeFileSync(file, text)
    const plain = await runHere(['run', file])
    const set = await runHere(['run', file, '--set', 'name=x', '--until', '1m'])
    expect(plain).toMatchObject({ code: 2, stdout: '' })
    expect(plain.stderr).toMatch(/expected an object/)
    expect(set).toEqual(plain)
  })

  test.each([
    ['a missing file', ['run', 'nowhere.json'], /no file `nowhere.json`/],
    ['a folder', ['run', folder], /folder/],
    ['no preset', ['run', 'bitcion'], /bitcoin, ethereum/],
    ['a time that is none', ['run', 'tempo', '--until', 'soon'], /until: expected a duration/],
    ['a path through a number', ['run', 'tempo', '--set', 'name.x=1'], /name/],
    ['a fault that hits nothing', ['run', 'hybrid', '--set', 'faults[0].where.region=x'], /one of/],
  ])('behavior: %s', async (_, argv, message) => {
    const ended = await runHere(argv)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr.trimEnd().split('\n').length).toBe(1)
  })
})

describe('a folder that cannot be written', () => {
  test('behavior: is known before the run', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const ended = await runHere([...smallRun('tempo'), '--out', file])
    expect(ended).toMatchObject({ code: 4, stdout: '' })
    expect(ended.stderr).toBe(
      `counterpoise: cannot write ${file}: a file is in the way\n` +
        'Give --out a folder that can be made, or one that may be written.\n',
    )
    // Nothing can be made there, for nobody.
    const nowhere = await runHere([...smallRun('tempo'), '--out', '/proc/counterpoise'])
    expect(nowhere).toMatchObject({ code: 4, stdout: '' })
    expect(nowhere.stderr).toContain('Give --out a folder that can be made')
  })

  test.each(['', ' '])('behavior: %j is no name of one', async (out) => {
    const ended = await runHere([...smallRun('tempo'), '--out', out])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('--out: expected the name of a folder')
  })

  test('behavior: or the result is printed all the same', async () => {
    const out = join(folder, 'blocked')
    mkdirSync(join(out, 'results.json', 'x'), { recursive: true })
    const ended = await runHere([...smallRun('tempo'), '--out', out, '--json'])
    expect(ended.code).toBe(4)
    expect(jsonOf(ended).checks).toMatchObject({ liveness: 'held' })
    expect(ended.stderr).toContain('results.json: a folder is in the way')
  })
})
