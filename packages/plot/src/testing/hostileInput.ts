import type { ReportInput } from '@counterpoise/lab'
import { exampleInput } from './exampleInput.ts'

/** Texts that would do harm in a page that took them for more than text. */
export const hostileTexts: readonly string[] = [
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)> \' onmouseover=alert(1) x=',
  'javascript:alert(1)',
  '<b>bold</b> &amp; %{x} {{7*7}} ${7*7} $x^2$',
  '\u202egnp.exe\u202c \u2028\u2029\u0000',
]

/** The example with hostile texts wherever a text can stand. */
export const hostileInput = (): ReportInput => {
  const input = exampleInput()
  const rename = <value>(record: Record<string, value>): Record<string, value> =>
    Object.fromEntries(
      Object.entries(record).map(([name, value], index) => [hostileTexts[index] ?? name, value]),
    )
  const all = hostileTexts.join(' ')
  const [fault] = input.faults
  return {
    title: all,
    summary: `${all}${'long '.repeat(200_000)}`,
    result: {
      ...input.result,
      scenario: { name: all, hash: all },
      seed: all,
      version: all,
      digest: all,
      rails: rename(input.result.rails as Record<string, never>),
      checks: Object.fromEntries(hostileTexts.map((text) => [text, 'violated'])),
    },
    command: all,
    series: rename(input.series),
    faults: hostileTexts.flatMap((label) => (fault ? [{ ...fault, label }] : [])),
    offered_until_s: input.offered_until_s,
    descriptions: rename(Object.fromEntries(hostileTexts.map((text) => [text, text]))),
    sources: [...hostileTexts, 'https://example.org/"onclick=alert(1)//', 'http://example.org'].map(
      (text) => ({ path: text, value: text, unit: text, source: text, assumed: true }),
    ),
  }
}
