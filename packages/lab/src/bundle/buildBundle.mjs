import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Bundles the command line and the entry of its threads. The folder appears all at once, so that
 * two that build it at the same time do no harm: one comes first, and both use what it made.
 */
export const buildBundle = async ({ workspace, cache, folder, isFresh }) => {
  // Beside its final place, as sources are named relative to it.
  const draft = join(cache, `draft-${randomUUID()}`)
  mkdirSync(draft, { recursive: true })
  try {
    await bundle(workspace, draft)
    if (!isFresh()) return
    try {
      renameSync(draft, folder)
    } catch (cause) {
      if (!existsSync(join(folder, 'main.mjs'))) throw cause
    }
    removeOld(cache)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

const bundle = async (workspace, outdir) => {
  const { build, stop } = await import('esbuild')
  const packages = join(workspace, 'packages')
  try {
    await build({
      entryPoints: {
        main: join(packages, 'cli', 'src', 'main.ts'),
        worker: join(packages, 'lab', 'src', 'worker.ts'),
      },
      ...{ outdir, outExtension: { '.js': '.mjs' }, absWorkingDir: workspace },
      ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
      // Half of what there is to read; names stay as they are.
      ...{ minifyWhitespace: true, minifySyntax: true },
      ...{ sourcemap: 'external', sourcesContent: false, logLevel: 'silent' },
      banner: { js: requireBanner },
      plugins: [piscinaAsItIs, ownUrls(packages)],
    })
  } finally {
    await stop()
  }
}

/** Packages of the older kind ask for Node's modules by `require`. */
const requireBanner = `import { createRequire as createRequireHere } from 'node:module'
const require = createRequireHere(import.meta.url)`

/** It starts threads from files of its own. */
const piscinaAsItIs = {
  name: 'piscina as it is',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^piscina$/ }, () => ({
      path: import.meta.resolve('piscina'),
      external: true,
    })),
}

/** A source that finds files beside itself still does; the entry of threads is in the bundle. */
const ownUrls = (packages) => ({
  name: 'own urls',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!path.startsWith(packages)) return undefined
      const text = await readFile(path, 'utf8')
      const isMoved = !text.includes('import.meta.url') || text.includes("'./worker.mjs'")
      const url = JSON.stringify(pathToFileURL(path).href)
      const contents = isMoved ? text : text.replaceAll('import.meta.url', url)
      return { contents, loader: 'ts' }
    }),
})

const keptMost = 12

/** Runs that still go on load parts of their bundle late; so the newest ones stay. */
const removeOld = (cache) => {
  const bundles = readdirSync(cache)
    .map((name) => join(cache, name))
    .map((path) => ({ path, madeAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.madeAt - one.madeAt)
  for (const { path } of bundles.slice(keptMost)) rmSync(path, { recursive: true, force: true })
}
