const unit = '(?:%|ms|min|[smhd]|[µmkMGT]?Wh?)'
const beforeUnit = new RegExp(`(?<=\\d) (?=${unit}(?!\\w))`, 'g')

/**
 * Breaks a text between words so that no line is wider than wanted, unless one word is. A number
 * and its unit are one word.
 *
 * @param first What the first line begins with.
 * @param rest What the others begin with; spaces of the same width by default.
 */
export function wrap(
  text: string,
  width: number,
  first = '',
  rest = ' '.repeat(first.length),
): string[] {
  const lines: string[] = []
  let line: string | undefined
  for (const word of text.replaceAll(beforeUnit, '\u00a0').split(' ')) {
    if (line !== undefined && line.length + 1 + word.length > width) {
      lines.push(line)
      line = rest + word
    } else line = line === undefined ? first + word : `${line} ${word}`
  }
  return [...lines, line ?? first].map((each) => each.replaceAll('\u00a0', ' '))
}
