import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

/** Makes a folder and those above it. */
export function makeFolder(folder: string): TaskEither<SaveError, string> {
  return async () => {
    try {
      await mkdir(folder, { recursive: true })
      return right(folder)
    } catch (cause) {
      return left({ file: folder, reason: reasonOf(cause) })
    }
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
