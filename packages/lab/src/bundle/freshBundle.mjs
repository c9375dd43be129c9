// Loading the sources as they are takes a second of transpiling. This keeps them bundled beside the
// installed packages. A bundle's folder is named by what the sources are (path, size, times and
// inode of every file), so that it cannot be taken for that of other sources.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const workspace = join(here, '..', '..', '..', '..')

/**
 * The folder with the bundle of the sources as they are, built where there is none yet; undefined
 * where there can be none, as in a checkout that nobody may write to: then the sources themselves
 * are to be loaded.
 */
export const freshBundle = async () => {
  if (process.env['COUNTERPOISE_BUNDLE'] === 'off') return undefined
  try {
    if (!existsSync(join(workspace, 'pnpm-workspace.yaml'))) return undefined
    const cache = join(workspace, 'node_modules', '.cache', 'counterpoise')
    // Sources may change while they are read: then what was made of them counts for nothing.
    for (let attempt = 0; attempt < 3; attempt++) {
      const key = keyOf(workspace)
      const folder = join(cache, key)
      if (existsSync(join(folder, 'main.mjs'))) return folder
      const { buildBundle } = await import('./buildBundle.mjs')
      await buildBundle({ workspace, cache, folder, isFresh: () => keyOf(workspace) === key })
    }
  } catch (cause) {
    if (process.env['DEBUG'] !== undefined) console.error('counterpoise: no bundle:', cause)
  }
  return undefined
}

/** What tells the sources from all others: changing, adding or removing one changes it. */
const keyOf = (root) => {
  const hash = createHash('sha256')
  // A bundle names files by their paths.
  hash.update(`${root}\n`)
  const add = (path) => {
    const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true })
    hash.update(`${path} ${size} ${mtimeNs} ${ctimeNs} ${ino}\n`)
  }
  // An installation that changes anything writes both.
  add(join(root, 'pnpm-lock.yaml'))
  add(join(root, 'node_modules', '.modules.yaml'))
  const packages = join(root, 'packages')
  for (const name of readdirSync(packages).sort()) {
    const manifest = join(packages, name, 'package.json')
    if (name === 'dev' || !existsSync(manifest)) continue
    add(manifest)
    for (const file of sourcesBelow(join(packages, name, 'src'))) add(file)
  }
  return hash.digest('hex').slice(0, 32)
}

const sourcesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesBelow(path)
    return /(?<!\.test)\.(ts|mjs)$/.test(entry.name) ? [path] : []
  })
