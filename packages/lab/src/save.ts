import { access, constants, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { madeBlocksText } from './madeBlocks.ts'
import { resultRows, rowsToCsv } from './rows.ts'
import type { ScenarioOutcome } from './runScenario.ts'

/** Why nothing could be saved. */
export type SaveError = { file: string; reason: string }

/** Writes a text whole or not at all: into a file beside it, which then takes its place. */
export function saveText(file: string, text: string): TaskEither<SaveError, string> {
  return async () => {
    const draft = `${file}.part`
    try {
      await writeFile(draft, text)
      await rename(draft, file)
      return right(file)
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined)
      return left({ file, reason: reasonOf(cause) })
    }
  }
}

/**
 * Makes a folder and those above it, and checks that something may be written there. One folder at
 * a time: where a file system makes none, as /proc, Node's way of making all never ends.
 */
export function makeFolder(folder: string): TaskEither<SaveError, string> {
  return async () => {
    if (folder === '') return left({ file: "''", reason: 'a folder needs a name' })
    try {
      const missing: string[] = []
      let above = resolve(folder)
      while (above !== dirname(above) && !(await isFolder(above))) {
        missing.unshift(above)
        above = dirname(above)
      }
      await access(above, constants.W_OK | constants.X_OK)
      for (const each of missing) await makeOne(each)
      return right(folder)
    } catch (cause) {
      return left({ file: folder, reason: reasonOf(cause) })
    }
  }
}

/** Whether there is a folder; whatever else is there is in the way. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(missingOnly)
  if (found?.isDirectory() === false) throw Object.assign(new Error(path), { code: 'ENOTDIR' })
  return found !== undefined
}

function missingOnly(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause
}

/** Makes a folder in one that there is, unless somebody else has made it meanwhile. */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await isFolder(folder))) return
    if (code === 'ENOENT') throw new Error(`${dirname(folder)} takes no new folders`, { cause })
    throw cause
  }
}

/**
 * The files of an outcome: the document, its figures as rows, the scenario as it was run, and all
 * blocks of its chains that can fork.
 */
export function outcomeFiles(outcome: ScenarioOutcome, folder: string): [string, string][] {
  const { scenario, result, trees } = outcome
  const seeded = { ...(scenario.input as object), seed: scenario.data.seed }
  const files: [string, string][] = [
    [join(folder, 'results.json'), `${JSON.stringify(result, null, 2)}\n`],
    [join(folder, 'results.csv'), rowsToCsv(resultRows(outcome))],
    [join(folder, 'scenario.json'), `${JSON.stringify(seeded, null, 2)}\n`],
  ]
  if (Object.keys(trees).length > 0) {
    files.push([join(folder, 'blocks.json'), madeBlocksText(outcome)])
  }
  return files
}

/** An error of the file system in a few words. */
export function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it may not be written'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in the way'
  if (code === 'EISDIR') return 'a folder is in the way'
  if (code === 'ENOENT') return 'its folder does not exist'
  return message
}
