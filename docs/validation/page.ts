import { type Row, type Section, type Validation, verdictOf } from './validation.ts'

/** A section with its rows computed. */
export type Measured = Pick<Section, 'title' | 'note'> & { measured: readonly Row[] }

const digits = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 5 })

function lineOf(row: Row): string {
  const { quantity, unit = '', expected, source, simulated, ci99, samples } = row
  const interval = ci99 === undefined ? '' : ` ± ${Number(ci99.toPrecision(2))}`
  const count = samples === undefined ? '' : samples.toLocaleString('en')
  const cells = [quantity, unit, digits(expected), digits(simulated) + interval, count]
  return `| ${[...cells, verdictOf(row), source].map(escaped).join(' | ')} |`
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** The page of a validation, Markdown. The same rows give the same text. */
export function pageOf({ name, title }: Validation, sections: readonly Measured[]): string {
  const rows = sections.flatMap(({ measured }) => measured)
  const count = (verdict: string): number =>
    rows.filter((row) => verdictOf(row) === verdict).length
  const head = [
    `# Validation: ${title}`,
    '',
    `Written by \`npm run validate -- ${name}\`; do not edit. Of ${rows.length} comparisons`,
    `- ${count('agrees')} agree: the 99 % confidence interval of what was simulated holds what`,
    '  was expected; about one honest row in a hundred does not, by chance;',
    `- ${count('near')} are near: within a tolerance that the row gives;`,
    `- ${count('differs')} differ.`,
  ]
  const body = sections.flatMap(({ title: heading, note, measured }) => [
    '',
    `## ${heading}`,
    ...(note === undefined ? [] : ['', note]),
    '',
    '| quantity | unit | expected | simulated (99 %) | samples | verdict | source |',
    '|---|---|---:|---:|---:|---|---|',
    ...measured.map(lineOf),
  ])
  return `${[...head, ...body].join('\n')}\n`
}
