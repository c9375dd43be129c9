import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFolder, reasonOf, saveText } from './save.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterpoise-save-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const freshFolder = (): Promise<string> => mkdtemp(join(folder, 'case-'))

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

  test('behavior: says so where the disk is full, and leaves the old file', async () => {
    const here = await freshFolder()
    const file = join(here, 'a.txt')
    await writeFile(file, 'old')
    // A device without room for anything; who has all rights has none here either.
    await symlink('/dev/full', `${file}.part`)
    expect(await saveText(file, 'new')()).toEqual(left({ file, reason: 'the disk is full' }))
    expect(await readFile(file, 'utf8')).toBe('old')
    expect(await readdir(here)).toEqual(['a.txt'])
  })

  test('behavior: what may not be written is called that', () => {
    for (const code of ['EACCES', 'EPERM', 'EROFS']) {
      expect(reasonOf(Object.assign(new Error('no'), { code }))).toBe('it may not be written')
    }
    expect(reasonOf(new Error('something else'))).toBe('something else')
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
    const astray = join(await freshFolder(), 'link')
    await symlink(join(folder, 'nowhere'), astray)
    expect(await makeFolder(astray)()).toEqual(left({ file: astray, reason }))
  })

  test.runIf(existsSync('/proc/self'))(
    'behavior: ends where a file system makes no folders',
    async () => {
      const made = await makeFolder('/proc/counterpoise/deep')()
      const reasons = ['/proc takes no new folders', 'it may not be written']
      expect(isLeft(made) && reasons.includes(made.left.reason)).toBe(true)
    },
  )

  test('behavior: a folder has a name', async () => {
    const error = { file: "''", reason: 'a folder needs a name' }
    expect(await makeFolder('')()).toEqual(left(error))
  })
})
