import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { formatScenarioError } from './errors.ts'
import { loadScenario } from './load.ts'
import { presets } from './presets/index.ts'
import { createWorld } from './world.ts'
import { broken, type Draft } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
afterAll(() => rmSync(folder, { recursive: true }))

const put = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}
const load = async (file: string, ...set: string[]): Promise<string> => {
  const result = await loadScenario(file, { set })()
  if (!isLeft(result)) return `valid: ${result.right.data.name}`
  const lines = result.left.map((error) => formatScenarioError(error, file))
  return lines.join('\n').replaceAll(`${folder}/`, '')
}
const text = (recipe: (draft: Draft) => void = () => {}): string =>
  JSON.stringify(broken('tempo', recipe), null, 2)

/** A scenario that replays a trace. */
const traced = (file: string): string =>
  text(({ workload }) => {
    workload.arrivals = []
    workload.trace = { file }
  })

describe('default', () => {
  test.each(Object.keys(presets))('the preset %s by its name', async (name) => {
    expect(await load(name)).toBe(`valid: ${name}`)
  })

  test.each(['a.json', 'a.JSON', 'a.yaml', 'a.yml', 'a'])('a file %s', async (name) => {
    expect(await load(put(name, `\uFEFF${text()}`))).toBe('valid: tempo')
  })

  test('values set by hand', async () => {
    const loaded = await loadScenario('tempo', { set: ['workload.for=3m', 'seed=9', 'until=2m'] })()
    if (isLeft(loaded)) throw new Error('not valid')
    const { seed, until, workload } = loaded.right.data
    expect([seed, until, workload.for]).toEqual(['9', 120_000_000, 180_000_000])
  })
})

describe('a file that cannot be read', () => {
  test('behavior: none, a folder, a misspelt preset, no text', async () => {
    mkdirSync(join(folder, 'b.json'))
    const noText = put('no.json', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d))
    const found = await Promise.all(
      [join(folder, 'none.json'), join(folder, 'b.json'), 'temop', noText].map((file) =>
        load(file),
      ),
    )
    expect(found).toEqual([
      'none.json: expected a file that can be read, found no file `none.json`',
      'b.json: expected a file that can be read, found the folder `b.json`',
      `temop: expected a file or one of ${Object.keys(presets).join(', ')}, ` +
        'found no file `temop` (did you mean `tempo`?)',
      'no.json: expected a file that can be read, found no UTF-8 text in `no.json`',
    ])
  })

  test('behavior: the name of no preset reaches a prototype', async () => {
    expect(await load('constructor')).toContain('found no file `constructor`')
  })

  test('behavior: truncated', async () => {
    const whole = text()
    expect(await load(put('cut.json', whole.slice(0, 600)))).toMatch(
      /^cut\.json:\d+:\d+.*found the end of the file \(the file is cut off/,
    )
  })
})

describe('a trace', () => {
  test('default: is read from beside the scenario and becomes part of it', async () => {
    put('good.csv', 'time,amount,from,to\n0,12.5,ann,shop\n250ms,3,bob,shop\n')
    const file = put('good.json', traced('good.csv'))
    const loaded = await loadScenario(file)()
    if (isLeft(loaded)) throw new Error(await load(file))
    const { data, input } = loaded.right
    expect(data.workload.trace).toHaveProperty('csv')
    expect(input).toHaveProperty('workload.trace.csv')
    const world = createWorld({ data, variant: 'tempo' })
    world.run()
    expect(world.payments.count()).toBe(2)
    expect(world.payments.amount(0)).toBe(12_500_000)
  })

  test('behavior: a noted one keeps its note', async () => {
    put('noted.csv', 'time\n1\n')
    const noted = text(({ workload }) => {
      workload.arrivals = []
      workload.trace = { value: { file: 'noted.csv' }, unit: '', source: 'a till' }
    })
    const loaded = await loadScenario(put('noted.json', noted))()
    expect(!isLeft(loaded) && loaded.right.sources.map(({ source }) => source)).toContain('a till')
  })

  test('behavior: mistakes are told by its lines, and where the scenario names it', async () => {
    put('bad.csv', 'time,amount\n1,2\n0.5,3\nx,1\n')
    const whole = traced('bad.csv')
    const line = whole.slice(0, whole.indexOf('"trace"')).split('\n').length
    expect(await load(put('bad.json', whole))).toBe(
      [
        `bad.json:${line}:14 workload.trace, line 3 of the trace: ` +
          'expected a time not before the last one, found 0.5',
        `bad.json:${line}:14 workload.trace, line 4 of the trace: ` +
          'expected a time of at least 0, in seconds or with a unit (0.25 or 250ms), found x',
      ].join('\n'),
    )
  })

  test('behavior: one that is missing is told beside what else is wrong', async () => {
    const whole = traced('missing.csv').replace('"drain"', '"drian"')
    expect((await load(put('missing.json', whole))).replaceAll(/:\d+:\d+/g, '')).toMatch(
      /^missing\.json workload\.trace\.file: .* found no file `.*\nmissing\.json drian: /,
    )
    const lines = (await load(put('missing.json', traced('missing.csv')))).split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^missing\.json:\d+:15 workload\.trace\.file/)
  })
})

describe('values set by hand', () => {
  test('behavior: errors in them stand in no line of the file', async () => {
    const file = put('set.json', text((draft) => (draft.drain = 5)))
    const found = await load(file, 'rails.tempo.network.lossProbability=-1', 'workload.for=x')
    expect(found.split('\n').map((line) => line.split(': expected')[0])).toEqual([
      'set.json rails.tempo.network.lossProbability',
      'set.json workload.for',
      expect.stringMatching(/^set\.json:\d+:12 drain$/),
    ])
  })

  test('behavior: a misspelt rail is no new one', async () => {
    const found = await load('hybrid', 'rails.temp.validators=5', 'rails.temp.watts=1', 'seed=2')
    expect(found).toBe(
      'hybrid rails.temp: expected a rail of the scenario (bitcoin, ethereum, tempo, visa) or ' +
        'all of a new one, its kind too, found no rail `temp` (did you mean `tempo`?)',
    )
    expect(await load('tempo', 'rails.toString.watts=1')).toContain('found no rail `toString`')
    // A scenario without rails gets them, and a whole rail may be set at once or piece by piece.
    expect(await load(put('none.json', '{"rails":{}}'), 'rails.a.watts=1')).not.toContain('no rail')
    const whole = JSON.stringify(presets.visa.rails.visa)
    expect(await load('tempo', `rails.card=${whole}`)).toBe('valid: tempo')
    const pieces = Object.entries(presets.visa.rails.visa).map(
      ([key, value]) => `rails.card.${key}=${JSON.stringify(value)}`,
    )
    expect(await load('tempo', ...pieces)).toBe('valid: tempo')
  })

  test('behavior: all broken assignments are told', async () => {
    const found = await load('tempo', 'x', 'rails.__proto__.x=1', 'name.x=1')
    expect(found.split('\n')).toHaveLength(3)
  })
})
