import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLParseError,
} from 'yaml'
import { depthMax, forbiddenKeys, shortened } from './errors.ts'
import type { Place, ReadResult, TextProblem } from './places.ts'
import { numberProblem } from './readJson.ts'

/**
 * Reads YAML 1.2 into plain data, and remembers where everything stands. Aliases, tags, keys that
 * are no text and several documents in one file have no place in a scenario.
 *
 * @returns the data with what must not be in it, or where the syntax breaks.
 */
export function readYaml(text: string): ReadResult | { broken: readonly TextProblem[] } {
  try {
    const document = parseDocument(text, {
      intAsBigInt: true,
      logLevel: 'error',
      prettyErrors: false,
      // It compares each key with each other one; the reader below does without.
      uniqueKeys: false,
    })
    if (document.errors.some(({ message }) => message.includes('call stack'))) return tooDeep
    if (document.errors.length > 0) {
      return {
        broken: firstOfEachPlace(document.errors).map(({ message, pos, code }) => ({
          at: pos[0],
          path: [],
          ...(code === 'MULTIPLE_DOCS'
            ? { expected: 'one document', found: 'another one' }
            : { expected: 'well-formed YAML', found: `a mistake: ${firstLine(message)}` }),
        })),
      }
    }
    if (document.contents === null) {
      return { broken: [{ at: 0, path: [], expected: 'a scenario', found: 'an empty file' }] }
    }
    const reader: Reader = { problems: [] }
    return { ...toPlain(reader, document.contents, []), problems: reader.problems }
  } catch (cause) {
    // The parser calls itself for every level, and runs out of stack on absurd nesting.
    if (!(cause instanceof RangeError)) throw cause
    return tooDeep
  }
}

const errorsMax = 50

const tooDeep = {
  broken: [{ at: 0, path: [], expected: `at most ${depthMax} levels`, found: 'a deeper one' }],
}

/** What is said second of one place only follows from the first. */
const firstOfEachPlace = (errors: readonly YAMLParseError[]): readonly YAMLParseError[] =>
  errors
    .slice(0, errorsMax)
    .filter(({ pos }, k) => errors.findIndex((other) => other.pos[0] === pos[0]) === k)

const firstLine = (message: string): string => message.split('\n')[0]!.slice(0, 120)

type Reader = { problems: TextProblem[] }
type Path = readonly PropertyKey[]
type Value = { data: unknown; place: Place }

function toPlain(reader: Reader, node: unknown, path: Path, parentAt = 0): Value {
  const at = (node as Node | null)?.range?.[0] ?? parentAt
  const place: Place = { at }
  const complain = (expected: string, found: string, hint?: string): Value => {
    reader.problems.push({ at, path, expected, found, hint })
    return { data: null, place }
  }
  if (node === null || node === undefined) return { data: null, place }
  if (isAlias(node)) return complain('a value', 'an alias', 'write the value out')
  const { tag } = node as Node
  if (tag !== undefined) return complain('a value without a tag', `the tag ${shortened(tag)}`)
  if (isScalar(node)) {
    const { value, source = String(value) } = node
    if (typeof value !== 'bigint' && typeof value !== 'number') return { data: value, place }
    const problem = numberProblem(
      typeof value === 'bigint' ? String(value) : Number.isFinite(value) ? String(value) : source,
      typeof value === 'bigint',
    )
    if (problem !== undefined) return complain(problem.expected, problem.found)
    return { data: Number(value), place }
  }
  if (path.length >= depthMax) return complain(`at most ${depthMax} levels`, 'a deeper one')
  if (isSeq(node)) return toList(reader, node.items, path, place)
  if (isMap(node)) return toObject(reader, node.items, path, place)
  return complain('a value', 'something else')
}

function toList(reader: Reader, items: readonly unknown[], path: Path, place: Place): Value {
  const values = items.map((item, k) => toPlain(reader, item, [...path, k], place.at))
  const parts = new Map(values.map((value, k) => [String(k), value.place]))
  return { data: values.map(({ data }) => data), place: { ...place, parts } }
}

type Item = { key: unknown; value?: unknown }

function toObject(reader: Reader, items: readonly Item[], path: Path, place: Place): Value {
  const data: Record<string, unknown> = {}
  const parts = new Map<string, Place>()
  for (const item of items) {
    const keyAt = (item.key as Node | null)?.range?.[0] ?? place.at
    const key = isScalar(item.key) ? (item.key.source ?? String(item.key.value)) : undefined
    const complain = (expected: string, found: string): void =>
      void reader.problems.push({ at: keyAt, path: [...path, key ?? ''], expected, found })
    if (key === undefined) complain('a key that is text', 'another one')
    else if (forbiddenKeys.has(key)) {
      complain('another key', `the key \`${key}\`, which is not allowed`)
    } else if (Object.hasOwn(data, key)) complain('each key once', `the key \`${key}\` again`)
    else {
      const value = toPlain(reader, item.value, [...path, key], keyAt)
      data[key] = value.data
      parts.set(key, { ...value.place, keyAt })
    }
  }
  return { data, place: { ...place, parts } }
}
