import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { floorOf, floors, lastPortableFloor, toolRoom } from './floors.ts'
import type { Manifest, Module, Package } from './workspace.ts'

/** A breach of the architecture: which rule, where, and what to do instead. */
export type Violation = {
  rule: Rule
  where: string
  why: string
}

/** The rules, by what breaks them. */
export type Rule =
  | 'homeless'
  | 'upwards'
  | 'sideways'
  | 'cycle'
  | 'undeclared'
  | 'unused'
  | 'deep'
  | 'escape'
  | 'unportable'
  | 'tool'

/** Everything in a workspace that the architecture forbids. */
export const findViolations = (workspace: readonly Package[]): Violation[] => {
  const byName = new Map(workspace.map((each) => [each.manifest.name, each]))
  return [
    ...workspace.flatMap((each) => [
      ...homelessness(each),
      ...wrongDirections(each, byName),
      ...undeclaredImports(each),
      ...unusedDependencies(each, byName),
      ...importsPastExports(each, byName),
      ...escapingImports(each),
      ...unportableCode(each),
      ...toolsInProduction(each, byName),
    ]),
    ...cycles(workspace),
  ]
}

const homelessness = ({ room }: Package): Violation[] =>
  room === toolRoom || floorOf(room) !== undefined
    ? []
    : [{ rule: 'homeless', where: room, why: 'give the package a floor in dev/src/floors.ts' }]

const wrongDirections = (from: Package, byName: ByName): Violation[] => {
  const imports = from.modules.flatMap((module) =>
    packagesImportedBy(module).map((name) => ({ where: `${from.room}/${module.path}`, name })),
  )
  const declared = workspaceDependencies(from, byName).map((name) => ({
    where: `${from.room}/package.json`,
    name,
  }))
  return [...imports, ...declared].flatMap(({ where, name }) => {
    const to = byName.get(name)
    const violation = to && direction(from.room, to.room)
    return violation ? [{ ...violation, where }] : []
  })
}

const direction = (from: string, to: string): Omit<Violation, 'where'> | undefined => {
  const floor = floorOf(from)
  const target = floorOf(to)
  if (from === to || floor === undefined || target === undefined || target < floor) return undefined
  const names = `${from} (floor ${floor}) may not import ${to} (floor ${target})`
  if (target > floor) return { rule: 'upwards', why: `${names}: it is above` }
  if (floors[floor]?.shared === to) return undefined
  return { rule: 'sideways', why: `${names}: neighbours do not know each other` }
}

const undeclaredImports = ({ room, manifest, modules }: Package): Violation[] =>
  modules.flatMap((module) => {
    const { path } = module
    const declared = declaredIn(manifest, isTest(path))
    return packagesImportedBy(module)
      .filter((name) => name !== manifest.name && !declared.has(name))
      .map((name) => ({
        rule: 'undeclared',
        where: `${room}/${path}`,
        why: `add ${name} to the ${isTest(path) ? 'devDependencies' : 'dependencies'}`,
      }))
  })

const unusedDependencies = (from: Package, byName: ByName): Violation[] => {
  const used = new Set(from.modules.flatMap(packagesImportedBy))
  return workspaceDependencies(from, byName)
    .filter((name) => !used.has(name))
    .map((name) => ({
      rule: 'unused',
      where: `${from.room}/package.json`,
      why: `nothing imports ${name}: remove it`,
    }))
}

const importsPastExports = ({ room, modules }: Package, byName: ByName): Violation[] =>
  modules.flatMap(({ path, imports }) =>
    imports
      .filter((specifier) => !isExported(specifier, byName))
      .map((specifier) => ({
        rule: 'deep',
        where: `${room}/${path}`,
        why: `${specifier} is not among the exports of its package: import what the package shows`,
      })),
  )

const isExported = (specifier: string, byName: ByName): boolean => {
  const name = packageOf(specifier)
  const target = name === undefined ? undefined : byName.get(name)
  if (name === undefined || target === undefined) return true
  const subpath = `.${specifier.slice(name.length)}`
  return Object.keys(target.manifest.exports ?? {}).some((key) => {
    const [before = '', after] = key.split('*')
    if (after === undefined) return subpath === key
    return subpath.startsWith(before) && subpath.endsWith(after)
  })
}

const escapingImports = ({ room, modules }: Package): Violation[] =>
  modules.flatMap(({ path, imports }) =>
    imports
      .filter((specifier) => specifier.startsWith('.'))
      .filter((specifier) => posix.join(posix.dirname(path), specifier).startsWith('..'))
      .map((specifier) => ({
        rule: 'escape',
        where: `${room}/${path}`,
        why: `${specifier} leaves the package: import the other package by its name`,
      })),
  )

const unportableCode = ({ room, modules }: Package): Violation[] => {
  if ((floorOf(room) ?? Infinity) > lastPortableFloor) return []
  return modules
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, imports, nodeGlobals }) =>
      [...imports.filter(isBuiltin), ...nodeGlobals].map((name) => ({
        rule: 'unportable',
        where: `${room}/${path}`,
        why: `${name} is Node's own; floors 0 to ${lastPortableFloor} must run in browsers too`,
      })),
    )
}

const toolsInProduction = ({ room, manifest, modules }: Package, byName: ByName): Violation[] => {
  const isTool = (name: string): boolean => byName.get(name)?.room === toolRoom
  if (room === toolRoom) return []
  const importing = modules
    .filter((module) => !isTest(module.path) && packagesImportedBy(module).some(isTool))
    .map(({ path }) => ({ where: `${room}/${path}`, why: 'only tests and benchmarks use it' }))
  const declaring = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter(isTool)
    .map((name) => ({ where: `${room}/package.json`, why: `${name} is a devDependency` }))
  return [...importing, ...declaring].map((each) => ({ rule: 'tool', ...each }))
}

const cycles = (workspace: readonly Package[]): Violation[] => {
  const byName = new Map(workspace.map((each) => [each.manifest.name, each]))
  const found: Violation[] = []
  const done = new Set<Package>()
  const visit = (current: Package, trail: readonly Package[]): void => {
    if (trail.includes(current)) {
      const rooms = [...trail.slice(trail.indexOf(current)), current].map(({ room }) => room)
      found.push({ rule: 'cycle', where: current.room, why: rooms.join(' -> ') })
    }
    if (done.has(current) || trail.includes(current)) return
    for (const next of neighbours(current, byName)) visit(next, [...trail, current])
    done.add(current)
  }
  for (const each of workspace) visit(each, [])
  return found
}

const neighbours = (from: Package, byName: ByName): Package[] => {
  const names = [
    ...from.modules.flatMap(packagesImportedBy),
    ...workspaceDependencies(from, byName),
  ]
  return [...new Set(names)]
    .flatMap((name) => byName.get(name) ?? [])
    .filter((to) => to.room !== from.room)
}

type ByName = ReadonlyMap<string, Package>

const workspaceDependencies = ({ manifest }: Package, byName: ByName): string[] =>
  [...declaredIn(manifest, true)].filter((name) => byName.has(name))

const declaredIn = (manifest: Manifest, withTools: boolean): ReadonlySet<string> =>
  new Set(
    Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      ...(withTools ? manifest.devDependencies : {}),
    }),
  )

const packagesImportedBy = ({ imports }: Module): string[] => [
  ...new Set(imports.flatMap((specifier) => packageOf(specifier) ?? [])),
]

/** `@scope/name/deep/path` belongs to `@scope/name`; a file or a part of Node to no package. */
const packageOf = (specifier: string): string | undefined => {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

const builtins = new Set(builtinModules)

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtins.has(specifier)

/** Files that never reach a user: tests and benchmarks. */
export const isTest = (path: string): boolean =>
  /\.(test|test-d|bench)\.[cm]?[jt]s$/.test(path) || path.startsWith('bench/')
