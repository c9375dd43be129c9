/** Where a value of a text stands, and its parts. Offsets count UTF-16 units from 0. */
export type Place = {
  at: number
  /** Where its key stands, for the value of an object's key. */
  keyAt?: number | undefined
  /** By key, or by index as text. */
  parts?: Map<string, Place> | undefined
}

/** A line and a column, both from 1. */
export type LineColumn = { line: number; column: number }

/** Something wrong at an offset of a text. */
export type TextProblem = {
  at: number
  path: readonly PropertyKey[]
  expected: string
  found: string
  hint?: string | undefined
}

/** What a text says, where it says it, and what is wrong with it. */
export type ReadResult = { data: unknown; place: Place; problems: readonly TextProblem[] }

/** Turns offsets into lines and columns; a line ends with a line feed. */
export function lineCounter(text: string): (offset: number) => LineColumn {
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1)
  }
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }
}

/**
 * The offset of the value at a path, or else of its nearest parent. A path may pass over the
 * `value` of a noted value, as the checks do. With `key`, where the last step's key stands.
 */
export function findPlace(
  root: Place,
  path: readonly PropertyKey[],
  what: 'key' | 'value' = 'value',
): number {
  let place = root
  for (const [k, step] of path.entries()) {
    const next = partOf(place, String(step)) ?? partOf(notedIn(place), String(step))
    if (next === undefined) return notedIn(place).at
    if (what === 'key' && k === path.length - 1) return next.keyAt ?? next.at
    place = next
  }
  return notedIn(place).at
}

const partOf = (place: Place, key: string): Place | undefined => place.parts?.get(key)

/** What a noted value notes; any other place itself. */
function notedIn(place: Place): Place {
  const { parts } = place
  const isNoted = parts !== undefined && parts.has('unit') && parts.has('source')
  return (isNoted ? parts.get('value') : undefined) ?? place
}
