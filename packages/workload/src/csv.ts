/** The fields of one line of a CSV text, or what is wrong with it. */
export type CsvRow =
  | { ok: true; fields: readonly string[] }
  | { ok: false; expected: string; found: string }

/**
 * Splits one line at its commas. A field may stand in double quotes, with `""` for a quote in it;
 * white space around a field is no part of it. A quoted field ends on its line.
 */
export function splitRow(line: string): CsvRow {
  const fields: string[] = []
  let start = 0
  for (;;) {
    const open = skipBlanks(line, start)
    if (line[open] !== '"') {
      const comma = line.indexOf(',', start)
      const field = line.slice(start, comma < 0 ? line.length : comma)
      if (field.includes('"')) {
        return { ok: false, expected: 'a field with quotes in it to be quoted', found: field }
      }
      fields.push(field.trim())
      if (comma < 0) return { ok: true, fields }
      start = comma + 1
      continue
    }
    const close = closingQuote(line, open + 1)
    if (close < 0) {
      return { ok: false, expected: 'a closing quote on the same line', found: line.slice(open) }
    }
    fields.push(line.slice(open + 1, close).replaceAll('""', '"'))
    const after = skipBlanks(line, close + 1)
    if (after === line.length) return { ok: true, fields }
    if (line[after] !== ',') {
      return { ok: false, expected: 'a comma after a quoted field', found: line.slice(after) }
    }
    start = after + 1
  }
}

/** A field as `splitRow` reads it back; it must not contain a line break. */
export function quoteField(field: string): string {
  const isPlain = field === field.trim() && !/[",\r\n]/.test(field)
  return isPlain ? field : `"${field.replaceAll('"', '""')}"`
}

/** How many bytes a text has in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Each half of a surrogate pair stands for two of its four bytes.
    if (unit >= 0xd800 && unit <= 0xdfff) bytes++
    else if (unit >= 0x800) bytes += 2
    else if (unit >= 0x80) bytes++
  }
  return bytes
}

function skipBlanks(line: string, start: number): number {
  let index = start
  while (line[index] === ' ' || line[index] === '\t') index++
  return index
}

/** Where a quoted field ends, passing over doubled quotes; −1 where it does not. */
function closingQuote(line: string, start: number): number {
  let close = line.indexOf('"', start)
  while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2)
  return close
}
