import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { pathText, type ScenarioError } from './errors.ts'
import { findPlace, lineCounter, type TextProblem } from './places.ts'
import { readJson } from './readJson.ts'
import { readYaml } from './readYaml.ts'

/** What a file says, before anybody has checked that it is a scenario. */
export type RawScenario = {
  data: unknown
  /**
   * Where the value (or else its nearest parent) of a path stands in the file, from 1; with `key`,
   * where its key stands. Undefined for a scenario that comes from no file.
   */
  locate: (
    path: readonly PropertyKey[],
    what?: 'key' | 'value',
  ) => { line: number; column: number } | undefined
}

/** A reader of YAML takes some ten seconds for the most that it gets here. */
const charactersMax = { json: 8_000_000, yaml: 1_000_000 }
const names = { json: 'JSON', yaml: 'YAML' }
const errorsMax = 50

/**
 * Reads a scenario's text, JSON or YAML (of which JSON is a part), into plain data.
 * Broken syntax, duplicate or dangerous keys and numbers that cannot be held exactly are errors,
 * each with its line and column. It never throws.
 */
export function readText(
  text: string,
  format: 'json' | 'yaml',
): Either<ScenarioError[], RawScenario> {
  const limit = charactersMax[format]
  if (text.length > limit) {
    const found = `${text.length} characters`
    return left([{ path: '', expected: `at most ${limit} characters of ${names[format]}`, found }])
  }
  // A byte order mark is no part of the text, and editors do not count it as a column.
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const lineColumn = lineCounter(source)
  const toError = ({ at, path, ...rest }: TextProblem): ScenarioError => ({
    path: pathText(path),
    ...lineColumn(at),
    ...rest,
  })
  if (source.trim() === '') {
    return left([{ path: '', line: 1, column: 1, expected: 'a scenario', found: 'an empty file' }])
  }
  const read = format === 'json' ? readJson(source) : readYaml(source)
  if ('broken' in read) return left([read.broken].flat().map(toError))
  const { data, place, problems } = read
  if (problems.length > 0) return left(problems.slice(0, errorsMax).map(toError))
  return right({ data, locate: (path, what) => lineColumn(findPlace(place, path, what)) })
}
