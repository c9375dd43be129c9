import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { pathText, type ScenarioError, shortened } from './errors.ts'
import { isSourced } from './sourced.ts'

export const readable = 'a file that can be read'
const bytesMax = 256_000_000

/** Reads a text, or says in a few words what is there instead. */
export async function readFileText(file: string, most: number): Promise<Either<string, string>> {
  const name = `\`${shortened(file)}\``
  try {
    const { size } = await stat(file)
    if (size > most) return left(`${size} bytes in ${name}, more than ${most}`)
    const bytes = await readFile(file)
    try {
      return right(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    } catch {
      return left(`no UTF-8 text in ${name}`)
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'an error'
    if (code === 'ENOENT') return left(`no file ${name}`)
    if (code === 'EISDIR') return left(`the folder ${name}`)
    return left(`${code} when reading ${name}`)
  }
}

/** A file that could not be read, with its place in the scenario. */
export type LostFile = ScenarioError & { at: readonly PropertyKey[] }

/**
 * Puts the texts of files in place of their names, so that a scenario is complete in itself: the
 * trace of the workload, and the matrices and links of networks.
 */
export async function withFiles(
  input: unknown,
  folder: string,
): Promise<{ input: unknown; lost: LostFile[] }> {
  let complete = input
  const lost: LostFile[] = []
  for (const path of filePaths(input)) {
    const file: unknown = (partAt(complete, path) as { file?: unknown } | undefined)?.file
    if (typeof file !== 'string') continue
    const text = await readFileText(resolve(folder, file), bytesMax)
    const at = [...path, 'file']
    if (!isLeft(text)) complete = withText(complete, path, text.right)
    else lost.push({ at, path: pathText(at), expected: readable, found: text.left })
  }
  return { input: complete, lost }
}

/** Where a scenario may name files. */
function filePaths(input: unknown): string[][] {
  const rails = partAt(input, ['rails'])
  const networks = rails === undefined ? [] : Object.keys(rails)
  return [
    ['workload', 'trace'],
    ...networks.flatMap((rail) => [
      ['rails', rail, 'network', 'latency'],
      ['rails', rail, 'network', 'topology'],
    ]),
  ]
}

/** The object at a path, through values that are noted. */
function partAt(node: unknown, path: readonly string[]): object | undefined {
  const plain = plainOf(node)
  if (typeof plain !== 'object' || plain === null) return undefined
  const [step, ...rest] = path
  if (step === undefined) return plain
  return Object.hasOwn(plain, step) ? partAt(Reflect.get(plain, step), rest) : undefined
}

const plainOf = (node: unknown): unknown =>
  typeof node === 'object' && node !== null && isSourced(node) ? node.value : node

/** A copy in which the object at a path has a `csv` in place of its `file`. */
function withText(node: unknown, path: readonly string[], csv: string): unknown {
  if (typeof node === 'object' && node !== null && isSourced(node)) {
    return { ...node, value: withText(node.value, path, csv) }
  }
  const [step, ...rest] = path
  if (step === undefined) {
    const { file: _file, ...others } = node as { file: string }
    return { ...others, csv }
  }
  const part: unknown = Reflect.get(node as object, step)
  return { ...(node as object), [step]: withText(part, rest, csv) }
}
