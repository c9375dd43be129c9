import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The repository's files as paths from its top folder: tracked, or new and not ignored. */
export const listFiles = (): string[] => {
  try {
    const flags = ['--cached', '--others', '--exclude-standard', '-z']
    const output = execFileSync('git', ['ls-files', ...flags], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return output.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  } catch {
    return walk('') // An unpacked archive has no history to ask.
  }
}

/** The text of one of the repository's files. */
export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

const ignored = new Set(['.git', 'node_modules', 'dist', 'out', 'coverage'])

const walk = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !ignored.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? walk(path) : [path]
    })
