import ts from 'typescript'
import { listFiles, readText } from './repository.ts'
import { globalUses, parse } from './syntax.ts'

/** A package as the architecture sees it. */
export type Package = {
  /** The name of its folder, which the table of floors knows it by. */
  room: string
  manifest: Manifest
  modules: readonly Module[]
}

/** One source file and what it takes from outside itself. */
export type Module = {
  /** Path from the package's folder. */
  path: string
  /** Specifiers as written: `./x.ts`, `@counterpoise/engine`, `node:fs`. */
  imports: readonly string[]
  /** Globals it uses that only Node has. */
  nodeGlobals: readonly string[]
}

/** The fields of a package.json that the rules read. */
export type Manifest = {
  name: string
  exports?: Record<string, unknown> | undefined
  dependencies?: Record<string, string> | undefined
  devDependencies?: Record<string, string> | undefined
  peerDependencies?: Record<string, string> | undefined
}

/** Reads every package of the workspace, the examples and the docs included. */
export const readWorkspace = (): Package[] => {
  const files = listFiles()
  return files
    .filter((path) => /^(packages\/[^/]+|examples|docs)\/package\.json$/.test(path))
    .map((path) => readPackage(path.slice(0, -'package.json'.length), files))
}

const readPackage = (folder: string, files: readonly string[]): Package => ({
  room: folder.split('/').at(-2) ?? folder,
  manifest: JSON.parse(readText(`${folder}package.json`)) as Manifest,
  modules: files
    .filter((path) => path.startsWith(folder) && /\.(ts|mts|mjs|js)$/.test(path))
    .map((path) => readModule(path.slice(folder.length), readText(path))),
})

/** What one source file takes from outside itself. */
export const readModule = (path: string, text: string): Module => {
  const { importedFiles } = ts.preProcessFile(text, true, true)
  const globals = globalUses(parse(path, text), nodeGlobals).map((use) => use.text)
  return {
    path,
    imports: [...new Set(importedFiles.map(({ fileName }) => fileName))],
    nodeGlobals: [...new Set(globals)],
  }
}

const nodeGlobals = new Set([
  ...['process', 'Buffer', 'global', 'require', 'module', 'setImmediate', 'clearImmediate'],
  ...['__dirname', '__filename'],
])
