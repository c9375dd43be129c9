import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { left, right } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFolder, saveText } from './save.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterpoise-save-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const freshFolder = (): Promise<string> => mkdtemp(join(folder, 'case-'))
const isRoot = process.getuid?.() === 0

describe('saveText', () => {
  test('default: writes the text and leaves nothing else', async () => {
    const here = await freshFolder()
    const file = join(here, 'a.txt')
    expect(await saveText(file, 'one')()).toEqual(right(file))
    expect(await saveText(file, 'two')()).toEqual(right(file))
    expect(await readFile(file, 'utf8')).toBe('two')
    expect(await readdir(here)).toEqual(['a.txt'])
  })

  test('behavior: what cannot be written leaves the old file as it is', async () => {
    const here = await freshFolder()
    const file = join(here, 'a.txt')
    await writeFile(file, 'old')
    // In the way of the draft.
    await mkdir(`${file}.part/x`, { recursive: true })
    expect(await saveText(file, 'new')()).toEqual(left({ file, reason: 'a folder is in the way' }))
    expect(await readFile(file, 'utf8')).toBe('old')
  })

  test('behavior: says so where a folder has the name, and leaves no draft', async () => {
    const here = await freshFolder()
    const file = join(here, 'a.txt')
    await mkdir(file)
    expect(await saveText(file, 'new')()).toEqual(left({ file, reason: 'a folder is in the way' }))
    expect(await readdir(here)).toEqual(['a.txt'])
  })

  test('behavior: says so where the folder is missing', async () => {
    const file = join(folder, 'nowhere', 'a.txt')
    const reason = 'its folder does not exist'
    expect(await saveText(file, 'new')()).toEqual(left({ file, reason }))
  })

  test.skipIf(isRoot)('behavior: says so where the folder is read-only', async () => {
    const here = await freshFolder()
    await chmod(here, 0o500)
    const file = join(here, 'a.txt')
    const reason = 'it may not be written'
    expect(await saveText(file, 'new')()).toEqual(left({ file, reason }))
    await chmod(here, 0o700)
  })
})

describe('makeFolder', () => {
  test('default: makes it and those above it, or finds it there', async () => {
    const deep = join(await freshFolder(), 'a', 'b')
    expect(await makeFolder(deep)()).toEqual(right(deep))
    expect(await makeFolder(deep)()).toEqual(right(deep))
  })

  test('behavior: says so where a file is in the way', async () => {
    const file = join(await freshFolder(), 'a')
    await writeFile(file, '')
    const reason = 'a file is in the way'
    expect(await makeFolder(file)()).toEqual(left({ file, reason }))
    const below = join(file, 'b')
    expect(await makeFolder(below)()).toEqual(left({ file: below, reason }))
  })
})
