import { depthMax, forbiddenKeys, shortened } from './errors.ts'
import type { Place, ReadResult, TextProblem } from './places.ts'

/**
 * Reads JSON as RFC 8259 has it, and remembers where everything stands.
 *
 * The platform's own reader is not enough: it keeps no places, rounds large integers, passes over
 * duplicate keys, and its messages differ between versions.
 *
 * @returns the data with what must not be in it, or the one place where the syntax breaks.
 */
export function readJson(text: string): ReadResult | { broken: TextProblem } {
  const reader: Reader = { text, at: 0, problems: [] }
  try {
    const { data, place } = readValue(reader, [])
    if (nextCharacter(reader) !== undefined) throw unexpected(reader, [], 'the end of the file')
    return { data, place, problems: reader.problems }
  } catch (cause) {
    if (cause instanceof BrokenText) return { broken: cause.problem }
    throw cause
  }
}

type Reader = { text: string; at: number; problems: TextProblem[] }
type Path = readonly PropertyKey[]
type Value = { data: unknown; place: Place }

/** Unwinds the reader at the first mistake; never leaves this file. */
class BrokenText extends Error {
  problem: TextProblem

  constructor(problem: TextProblem) {
    super(problem.expected)
    this.problem = problem
  }
}

function unexpected(reader: Reader, path: Path, expected: string): BrokenText {
  const { text, at } = reader
  const isEnd = at >= text.length
  const rest = text.slice(at, at + 20).split('\n')[0]!
  return new BrokenText({
    at,
    path,
    expected,
    found: isEnd
      ? 'the end of the file'
      : rest.trim() === ''
        ? 'a line break'
        : `\`${shortened(rest.trimEnd())}\``,
    hint: isEnd ? 'the file is cut off, or a bracket is not closed' : undefined,
  })
}

/** Passes over blanks; the character that comes then, undefined at the end. */
function nextCharacter(reader: Reader): string | undefined {
  const { text } = reader
  while (isBlank(text.charCodeAt(reader.at))) reader.at++
  return text[reader.at]
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

function readValue(reader: Reader, path: Path): Value {
  const character = nextCharacter(reader)
  const at = reader.at
  if (character === '{' || character === '[') {
    if (path.length < depthMax) {
      return character === '{' ? readObject(reader, path) : readList(reader, path)
    }
    const found = 'a deeper one'
    throw new BrokenText({ at, path: [], expected: `at most ${depthMax} levels`, found })
  }
  if (character === '"') return { data: readString(reader, path), place: { at } }
  for (const [word, data] of words) {
    if (!reader.text.startsWith(word, at)) continue
    reader.at += word.length
    return { data, place: { at } }
  }
  return { data: readNumber(reader, path), place: { at } }
}

const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

function readObject(reader: Reader, path: Path): Value {
  const place: Place = { at: reader.at++, parts: new Map() }
  const data: Record<string, unknown> = {}
  if (nextCharacter(reader) === '}') return { data: (reader.at++, data), place }
  for (;;) {
    if (nextCharacter(reader) !== '"') throw unexpected(reader, path, 'a key in double quotes')
    const keyAt = reader.at
    const key = readString(reader, path)
    if (nextCharacter(reader) !== ':') throw unexpected(reader, path, 'a colon after the key')
    reader.at++
    const complain = (expected: string, found: string): void =>
      void reader.problems.push({ at: keyAt, path: [...path, key], expected, found })
    const value = readValue(reader, [...path, key])
    if (forbiddenKeys.has(key)) complain('another key', `the key \`${key}\`, which is not allowed`)
    else if (Object.hasOwn(data, key)) complain('each key once', `the key \`${key}\` again`)
    else {
      data[key] = value.data
      place.parts!.set(key, { ...value.place, keyAt })
    }
    const separator = nextCharacter(reader)
    if (separator !== ',' && separator !== '}') throw unexpected(reader, path, 'a comma or `}`')
    reader.at++
    if (separator === '}') return { data, place }
  }
}

function readList(reader: Reader, path: Path): Value {
  const place: Place = { at: reader.at++, parts: new Map() }
  const data: unknown[] = []
  if (nextCharacter(reader) === ']') return { data: (reader.at++, data), place }
  for (;;) {
    const item = readValue(reader, [...path, data.length])
    place.parts!.set(String(data.length), item.place)
    data.push(item.data)
    const separator = nextCharacter(reader)
    if (separator !== ',' && separator !== ']') throw unexpected(reader, path, 'a comma or `]`')
    reader.at++
    if (separator === ']') return { data, place }
  }
}

function readString(reader: Reader, path: Path): string {
  const { text } = reader
  const start = reader.at++
  for (;;) {
    const code = text.charCodeAt(reader.at)
    if (Number.isNaN(code)) throw unexpected(reader, path, 'a closing quote')
    if (code < 0x20) throw unexpected(reader, path, 'text on one line, control characters escaped')
    if (code === 0x5c) {
      const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
      escape.lastIndex = reader.at
      if (!escape.test(text)) throw unexpected(reader, path, 'an escape such as \\n or \\u00e9')
      reader.at = escape.lastIndex
    } else {
      reader.at++
      if (code === 0x22) return JSON.parse(text.slice(start, reader.at)) as string
    }
  }
}

function readNumber(reader: Reader, path: Path): number {
  const { at } = reader
  const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
  pattern.lastIndex = at
  const match = pattern.exec(reader.text)
  if (match === null) throw unexpected(reader, path, 'a value')
  reader.at = pattern.lastIndex
  const [source, fraction, exponent] = match
  const isInteger = fraction === undefined && exponent === undefined
  const problem = numberProblem(source, isInteger)
  if (problem !== undefined) reader.problems.push({ at, path, ...problem })
  return Number(source)
}

/** What is wrong with a number as it is written. */
export function numberProblem(
  source: string,
  isInteger: boolean,
): { expected: string; found: string } | undefined {
  const value = Number(source)
  const found = shortened(source)
  if (isInteger && !Number.isSafeInteger(value)) {
    return { expected: 'a whole number of at most 2^53 − 1 in size', found }
  }
  return Number.isFinite(value) ? undefined : { expected: 'a finite number', found }
}
