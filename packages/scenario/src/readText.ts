import { type Either, left, right } from 'fp-ts/lib/Either.js'
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'
import { pathText, type ScenarioError } from './errors.ts'

/** What a file says, before anybody has checked that it is a scenario. */
export type RawScenario = {
  data: unknown
  /** Where the value (or else its nearest parent) of a path stands in the file, from 1. */
  locate: (path: readonly PropertyKey[]) => { line: number; column: number } | undefined
}

const charactersMax = 8_000_000
const depthMax = 64
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads a scenario's text, JSON or YAML (of which JSON is a part), into plain data.
 * Broken syntax, duplicate or dangerous keys and numbers that cannot be held exactly are errors.
 */
export function readText(
  text: string,
  format: 'json' | 'yaml',
): Either<ScenarioError[], RawScenario> {
  if (text.length > charactersMax) {
    return left([fileError(`at most ${charactersMax} characters`, `${text.length} characters`)])
  }
  if (format === 'json') {
    const broken = jsonError(text)
    if (broken !== undefined) return left([broken])
  }
  const lines = new LineCounter()
  // JSON may be indented with tabs, which YAML does not like; blanks keep every column.
  const source = format === 'json' ? text.replaceAll('\t', ' ') : text
  try {
    const document = parseDocument(source, {
      lineCounter: lines,
      intAsBigInt: true,
      logLevel: 'silent',
    })
    if (document.errors.length > 0) {
      return left(document.errors.map(({ message, pos }) => syntaxError(message, pos[0], lines)))
    }
    const errors: ScenarioError[] = []
    const data = toPlain(document.contents, [], errors, lines)
    if (errors.length > 0) return left(errors)
    return right({ data, locate: (path) => locate(document, path, lines) })
  } catch (cause) {
    // The parser calls itself for every level, and runs out of stack on absurd nesting.
    if (cause instanceof RangeError) return left([fileError(`at most ${depthMax} levels`, 'more')])
    throw cause
  }
}

function fileError(expected: string, found: string): ScenarioError {
  return { path: '', expected, found }
}

function jsonError(text: string): ScenarioError | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const position = /position (\d+)/.exec(message)?.[1]
    const at = position === undefined ? text.length : Number(position)
    const before = text.slice(0, at).split('\n')
    const rest = text.slice(at).trim()
    return {
      path: '',
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      expected: 'JSON',
      found: rest === '' ? 'the end of the file' : `\`${rest.slice(0, 20).split('\n')[0]}\``,
      hint: rest === '' ? 'the file is cut off, or a bracket is not closed' : undefined,
    }
  }
}

function syntaxError(message: string, offset: number, lines: LineCounter): ScenarioError {
  const { line, col } = lines.linePos(offset)
  const first = message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
  return { path: '', line, column: col, expected: 'well-formed YAML', found: `a mistake: ${first}` }
}

/** Turns a syntax tree into plain data and collects what must not be in it. */
function toPlain(
  node: unknown,
  path: PropertyKey[],
  errors: ScenarioError[],
  lines: LineCounter,
): unknown {
  const complain = (expected: string, found: string, hint?: string): undefined => {
    const range = (node as Node | undefined)?.range
    const place = range == null ? undefined : lines.linePos(range[0])
    errors.push({ path: pathText(path), line: place?.line, column: place?.col, expected, found, hint })
    return undefined
  }
  if (node === null || node === undefined) return null
  if (path.length > depthMax) return complain(`at most ${depthMax} levels`, 'a deeper one')
  if (isAlias(node)) return complain('a value', 'an alias', 'write the value out')
  if (isScalar(node)) return toNumberOrText(node.value, complain)
  if (isSeq(node)) {
    return node.items.map((item, index) => toPlain(item, [...path, index], errors, lines))
  }
  if (!isMap(node)) return complain('a value', 'something else')
  const data: Record<string, unknown> = {}
  for (const pair of node.items) {
    if (!isPair(pair)) continue
    const key = isScalar(pair.key) ? String(pair.key.value) : ''
    if (forbiddenKeys.has(key)) complain('another key', `the key \`${key}\``, 'it is not allowed')
    else data[key] = toPlain(pair.value, [...path, key], errors, lines)
  }
  return data
}

function toNumberOrText(
  value: unknown,
  complain: (expected: string, found: string, hint?: string) => undefined,
): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (Number.isSafeInteger(number)) return number
    return complain('a whole number of at most 2^53 − 1 in size', String(value).slice(0, 40))
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return complain('a finite number', String(value))
  }
  return value
}

function locate(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  lines: LineCounter,
): { line: number; column: number } | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    const range = (node as Node | null | undefined)?.range
    if (range != null) {
      const { line, col } = lines.linePos(range[0])
      return { line, column: col }
    }
  }
  return undefined
}
