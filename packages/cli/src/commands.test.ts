import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '@counterpoise/lab'
import { presets } from '@counterpoise/scenario'
import { afterAll, describe, expect, test } from 'vitest'
import { runHere, temporaryFolder } from './testing.ts'

describe('presets', () => {
  test('default: a line each, its name first', async () => {
    const { code, stdout, stderr } = await runHere(['presets'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const names = stdout.trimEnd().split('\n').map((line) => line.split(' ')[0])
    expect(names).toEqual(Object.keys(presets))
  })

  test('default: as JSON', async () => {
    const { stdout } = await runHere(['presets', '--json'])
    const list = JSON.parse(stdout)
    expect(list.map(({ name }: { name: string }) => name)).toEqual(Object.keys(presets))
    expect(list[0].description).toBe(presets.bitcoin.description)
  })
})

describe('show and validate', () => {
  const { folder, remove } = temporaryFolder()
  afterAll(remove)

  test.each(Object.keys(presets))('default: %s as shown is a valid file', async (name) => {
    const shown = await runHere(['show', name])
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    const file = join(folder, `${name}.json`)
    writeFileSync(file, shown.stdout)
    const ofFile = await runHere(['validate', file])
    const ofPreset = await runHere(['validate', name])
    expect(ofFile.code).toBe(0)
    const hash = / hash ([0-9a-f]{16})\n$/
    expect(hash.exec(ofFile.stdout)![1]).toBe(hash.exec(ofPreset.stdout)![1])
  })

  test('default: validates what --set makes of it', async () => {
    const set = ['--set', 'rails.tempo.watts=75']
    const [as, changed] = [
      await runHere(['validate', 'tempo']),
      await runHere(['validate', 'tempo', ...set]),
    ]
    expect(changed.code).toBe(0)
    expect(changed.stdout).not.toBe(as.stdout)
    expect((await runHere(['validate', 'tempo', '--set', 'rails.tempo.watts=x'])).code).toBe(2)
  })

  test('behavior: an unknown preset is answered with those there are', async () => {
    const { code, stdout, stderr } = await runHere(['show', 'temop'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^expected one of bitcoin, .*did you mean `tempo`\?\)\n$/)
  })
})

test('schema: prints a JSON Schema', async () => {
  const { code, stdout, stderr } = await runHere(['schema'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const schema = JSON.parse(stdout)
  expect(schema.$schema).toContain('json-schema.org')
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['rails', 'workload']))
})

describe('usage', () => {
  test.each([
    ['an unknown command', ['rnu'], /unknown command 'rnu'\n\(Did you mean run\?\)/],
    ['an unknown option', ['run', 'tempo', '--sede', '1'], /'--sede'\n\(Did you mean --seed\?\)/],
    ['a missing argument', ['run'], /missing required argument/],
    ['one argument too many', ['show', 'tempo', 'visa'], /too many arguments/],
    ['an option without its value', ['run', 'tempo', '--seed'], /argument missing/],
    ['no number', ['run', 'tempo', '--replications', 'x'], /whole number above 0/],
    ['nothing', ['run', 'tempo', '--replications', '0'], /whole number above 0/],
    ['half a thread', ['run', 'tempo', '--threads', '0.5'], /whole number above 0/],
    ['no assignment', ['run', 'tempo', '--set', 'name'], /'name' is invalid. Expected path=value/],
    ['no path', ['validate', 'tempo', '--set', '=1'], /Expected path=value, such as workload/],
    ['no command', [], /Usage: counterpoise/],
  ])('behavior: %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await runHere(argv)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('behavior: points to the help of the command', async () => {
    const ofRun = await runHere(['run', 'tempo', '--frobnicate'])
    expect(ofRun.stderr).toContain('(counterpoise run --help shows what there is)')
    const ofAll = await runHere(['rnu'])
    expect(ofAll.stderr).toContain('(counterpoise --help shows what there is)')
  })

  test.each([['--help'], ['run', '--help'], ['--version']])('default: %s %s', async (...argv) => {
    const { code, stdout, stderr } = await runHere(argv.filter((word) => word !== undefined))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(argv[0] === '--version' ? version : /Usage: counterpoise/)
  })
})
