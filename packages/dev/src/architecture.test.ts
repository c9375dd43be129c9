import { describe, expect, test } from 'vitest'
import { findViolations } from './architecture.ts'
import type { Rule } from './architecture.ts'
import { expectNone } from './expectNone.ts'
import { readModule, readWorkspace } from './workspace.ts'
import type { Manifest, Module, Package } from './workspace.ts'

test('the packages of this repository keep to their floors', () => {
  const violations = findViolations(readWorkspace())
  const lines = violations.map(({ rule, where, why }) => `${rule}: ${where}: ${why}`)
  expectNone(lines, 'The architecture is broken; packages/dev/README.md explains the rules.')
})

test('the workspace is read with its imports', () => {
  const own = readWorkspace().find(({ room }) => room === 'dev')
  const module = own?.modules.find(({ path }) => path === 'src/architecture.ts')
  expect(module?.imports).toContain('./workspace.ts')
  expect(module?.imports).toContain('node:path')
})

test('every way to import is seen, and nothing that only looks like one', () => {
  const text = [
    "import a from 'a'",
    "import type { B } from 'b'",
    "export * from 'c'",
    "export type { D } from 'd'",
    "import 'e'",
    "const f = await import('f')",
    "let g: import('g').G",
    "// import h from 'h'",
    "const text = `import i from 'i'`",
    'export const j = process.argv',
  ]
  const module = readModule('src/a.ts', text.join('\n'))
  expect(module.imports).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  expect(module.nodeGlobals).toEqual(['process'])
})

describe('the checker bites', () => {
  test('default: a sound workspace has no violations', () => {
    const network = room('network', ['@counterpoise/engine', './places.ts'], {
      dependencies: ['engine'],
    })
    expect(rulesBrokenBy([room('engine', []), network])).toEqual([])
  })

  test('behavior: an import that goes up', () => {
    const engine = room('engine', ['@counterpoise/network'], { dependencies: ['network'] })
    expect(rulesBrokenBy([engine, room('network', [])])).toEqual(['upwards'])
  })

  test('behavior: a test that goes up', () => {
    const file = module('src/a.test.ts', ['@counterpoise/network'])
    const engine = withModule(room('engine', [], { devDependencies: ['network'] }), file)
    expect(rulesBrokenBy([engine, room('network', [])])).toEqual(['upwards'])
  })

  test.each([
    ['network', 'ledger'],
    ['rails', 'economy'],
    ['plot', 'testkit'],
    ['cli', 'viewer'],
    ['consensus-pow', 'consensus-pos'],
    ['consensus', 'consensus-simplex'],
  ])('behavior: an import that goes sideways, from %s to %s', (from, to) => {
    const importer = room(from, [`@counterpoise/${to}`], { dependencies: [to] })
    expect(rulesBrokenBy([importer, room(to, [])])).toEqual(['sideways'])
  })

  test('behavior: a model may import the contract on its own floor', () => {
    const model = room('consensus-pow', ['@counterpoise/consensus'], {
      dependencies: ['consensus'],
    })
    expect(rulesBrokenBy([room('consensus', []), model])).toEqual([])
  })

  test('behavior: a dependency that goes up, although nothing imports it', () => {
    const engine = room('engine', [], { dependencies: ['lab'] })
    expect(rulesBrokenBy([engine, room('lab', [])])).toEqual(['unused', 'upwards'])
  })

  test('behavior: a package on no floor', () => {
    expect(rulesBrokenBy([room('helpers', [])])).toEqual(['homeless'])
  })

  test('behavior: an undeclared package of the workspace', () => {
    const network = room('network', ['@counterpoise/engine'])
    expect(rulesBrokenBy([room('engine', []), network])).toEqual(['undeclared'])
  })

  test('behavior: published code that relies on a devDependency', () => {
    const engine = room('engine', ['zod'], { devDependencies: ['zod'] })
    expect(rulesBrokenBy([engine])).toEqual(['undeclared'])
    const file = module('src/a.test.ts', ['zod'])
    expect(rulesBrokenBy([withModule(room('engine', [], {}), file)])).toEqual(['undeclared'])
    const declared = room('engine', [], { devDependencies: ['zod'] })
    expect(rulesBrokenBy([withModule(declared, file)])).toEqual([])
  })

  test('behavior: an unused dependency', () => {
    const network = room('network', [], { dependencies: ['engine'] })
    expect(rulesBrokenBy([room('engine', []), network])).toEqual(['unused'])
  })

  test('behavior: a cycle between packages', () => {
    const first = room('examples', ['@counterpoise/docs'], { dependencies: ['docs'] })
    const second = room('docs', ['@counterpoise/examples'], { dependencies: ['examples'] })
    const violations = findViolations([first, second])
    expect(violations.filter(({ rule }) => rule === 'cycle')).toEqual([
      { rule: 'cycle', where: 'examples', why: 'examples -> docs -> examples' },
    ])
  })

  test('behavior: a deep import past the exports', () => {
    const importOf = (specifier: string): Package[] => [
      room('engine', [], { exports: { '.': '', './testing': '', './data/*.json': '' } }),
      room('network', [specifier], { dependencies: ['engine'] }),
    ]
    expect(rulesBrokenBy(importOf('@counterpoise/engine/src/time.ts'))).toEqual(['deep'])
    expect(rulesBrokenBy(importOf('@counterpoise/engine/testing'))).toEqual([])
    expect(rulesBrokenBy(importOf('@counterpoise/engine/data/a.json'))).toEqual([])
  })

  test('behavior: a relative path that leaves the package', () => {
    const network = room('network', ['../../engine/src/time.ts'])
    expect(rulesBrokenBy([network])).toEqual(['escape'])
    expect(rulesBrokenBy([room('network', ['../README.ts'])])).toEqual([])
  })

  test.each(['node:fs', 'fs', 'fs/promises'])('behavior: %s in the portable core', (specifier) => {
    expect(rulesBrokenBy([room('ledger', [specifier])])).toEqual(['unportable'])
    expect(rulesBrokenBy([room('lab', [specifier])])).toEqual([])
    const file = module('src/a.test.ts', [specifier])
    expect(rulesBrokenBy([withModule(room('ledger', []), file)])).toEqual([])
  })

  test('behavior: a global of Node in the portable core', () => {
    const file = { ...module('src/a.ts', []), nodeGlobals: ['Buffer'] }
    expect(rulesBrokenBy([withModule(room('ledger', []), file)])).toEqual(['unportable'])
    expect(rulesBrokenBy([withModule(room('lab', []), file)])).toEqual([])
  })

  test('behavior: tools of the repository outside tests', () => {
    const use = ['@counterpoise/dev']
    const tools = room('dev', [])
    const careless = room('engine', use, { devDependencies: ['dev'] })
    expect(rulesBrokenBy([tools, careless])).toEqual(['tool', 'undeclared'])
    const careful = withModule(
      room('engine', [], { devDependencies: ['dev'] }),
      module('src/a.test.ts', use),
      module('bench/a.bench.ts', use),
    )
    expect(rulesBrokenBy([tools, careful])).toEqual([])
    const shipped = withModule(
      room('engine', [], { dependencies: ['dev'] }),
      module('src/a.test.ts', use),
    )
    expect(rulesBrokenBy([tools, shipped])).toEqual(['tool'])
  })
})

type Fields = {
  dependencies?: readonly string[]
  devDependencies?: readonly string[]
  exports?: Record<string, unknown>
}

const room = (name: string, imports: readonly string[], fields: Fields = {}): Package => {
  const manifest: Manifest = {
    name: `@counterpoise/${name}`,
    exports: fields.exports ?? { '.': './src/index.ts' },
    dependencies: versions(fields.dependencies),
    devDependencies: versions(fields.devDependencies),
  }
  return { room: name, manifest, modules: [module('src/index.ts', imports)] }
}

const versions = (names: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [name === 'zod' ? name : `@counterpoise/${name}`, 'workspace:*']),
  )

const module = (path: string, imports: readonly string[]): Module => ({
  path,
  imports,
  nodeGlobals: [],
})

const withModule = (to: Package, ...modules: readonly Module[]): Package => ({
  ...to,
  modules: [...to.modules, ...modules],
})

const rulesBrokenBy = (workspace: readonly Package[]): Rule[] =>
  [...new Set(findViolations(workspace).map(({ rule }) => rule))].toSorted()
