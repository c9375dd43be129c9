import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ReportInput } from '@counterpoise/lab'
import { answer, questionOf } from './answer.ts'
import { costFigure } from './figures/cost.ts'
import { distributionFigure } from './figures/distribution.ts'
import { latencyFigure } from './figures/latency.ts'
import type { Figure, FigureOptions } from './figures/theme.ts'
import { hasWaiting, mempoolFigure } from './figures/mempool.ts'
import { throughputFigure } from './figures/throughput.ts'
import { formatMs } from './format.ts'
import { captionsOf, routerNote } from './report/captions.ts'
import type { FigureName } from './report/captions.ts'
import { figureTables } from './report/figureTables.ts'
import { embedJson, html, verbatim } from './report/html.ts'
import type { Markup } from './report/html.ts'
import { packPlotly, scriptHash } from './report/plotly.ts'
import {
  checksSection,
  figureSection,
  headerSection,
  originSection,
  railsSection,
  resultSection,
  sourcesSection,
} from './report/sections.ts'
import { resultTable } from './table.ts'
import { comparable, hasPayments, viewResult } from './view.ts'

/**
 * The report as one HTML page that needs no network: figures, tables and the library that draws
 * them. The same input gives the same text; how long the run took on this machine is not in it.
 */
export const renderReport = async (input: ReportInput): Promise<string> => {
  const [style, script] = await Promise.all([readAsset('page.css'), readAsset('page.js')])
  const plotly = packPlotly()
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    // Two scripts and no other: the one at the end of the page, and the library it unpacks.
    `script-src ${scriptHash(script)} ${plotly.hash}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(policy.join('; '))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${input.title}</title>
<style>
${verbatim(style)}
</style>
</head>
<body>
<main>
${bodyOf(input)}
</main>
<script type="application/json" id="figures">${verbatim(embedJson(figuresOf(input)))}</script>
<script type="application/json" id="result">${verbatim(embedJson(dataOf(input)))}</script>
<script type="application/octet-stream" id="plotly">${verbatim(plotly.base64)}</script>
<script>${verbatim(script)}</script>
</body>
</html>
`
  return page.markup
}

/** Writes the report to a file, and makes the folders on the way to it. */
export const saveReport = async (input: ReportInput, path: string): Promise<void> => {
  const page = await renderReport(input)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, page)
}

const drawers: Record<FigureName, (input: ReportInput, options?: FigureOptions) => Figure> = {
  throughput: throughputFigure,
  mempool: mempoolFigure,
  latency: latencyFigure,
  cost: costFigure,
  distribution: distributionFigure,
}

/** These set one rail against another; of one alone there would be a point and no more. */
const comparisons: ReadonlySet<FigureName> = new Set<FigureName>(['cost', 'distribution'])

/** Where nothing ever waited there is no figure of it, and without payments none of them. */
const figureNames = (input: ReportInput): FigureName[] => {
  const isOfPayments = hasPayments(viewResult(input.result))
  const hasSeveral = comparable(input.result).size > 1
  return (Object.keys(drawers) as FigureName[]).filter((name) => {
    if (name === 'mempool') return hasWaiting(input)
    return isOfPayments && (hasSeveral || !comparisons.has(name))
  })
}

/** For each figure its data and its layouts for a wide and a narrow page. */
const figuresOf = (input: ReportInput) =>
  Object.fromEntries(
    figureNames(input).map((name) => {
      const { data, layout } = drawers[name](input)
      const { layout: narrow } = drawers[name](input, { narrow: true })
      return [name, { data, wide: layout, narrow }]
    }),
  )

/** The result with all digits, for those who want to read on with a program. */
const dataOf = ({ result }: ReportInput): object => {
  const { wall_seconds: _, ...reproducible } = result
  return reproducible
}

const bodyOf = (input: ReportInput): Markup => {
  const table = resultTable(input.result)
  const captions = captionsOf(input)
  const tables = figureTables(input)
  const figures = figureNames(input).map((name, index) => {
    const [wide, narrow] = [false, true].map(
      (isNarrow) => drawers[name](input, { narrow: isNarrow }).layout.height ?? 400,
    )
    const heights = { wide: wide ?? 400, narrow: narrow ?? 400 }
    return figureSection(name, index + 1, heights, captions[name], tables[name])
  })
  const isOfPayments = hasPayments(viewResult(input.result))
  return html`${headerSection(input, questionOf(input), answer(input))}
${railsSection(input)}
${resultSection(table, {
  id: 'results',
  title: 'The numbers',
  intro: isOfPayments ? `${paymentsIntro} ${tableIntro} ${routerNote(input.result)}` : tableIntro,
  groups: (group) => group !== 'During the outage',
})}
${figures.length === 0
  ? undefined
  : html`<section id="figures-section">
<h2>The figures</h2>
${figures}
</section>`}
${resultSection(table, {
  id: 'outage',
  title: 'During the outage',
  intro: `${faultsText(input)} Shares are of the payments intended in that time, whenever they ` +
    'got through. “No access” means that the access node or acquirer of the payer was down.',
  groups: (group) => group === 'During the outage',
})}
${checksSection(input)}
${sourcesSection(input)}
${originSection(input)}`
}

const paymentsIntro =
  'Times count from the moment a payment was intended, not from when the rail took it. ' +
  'Throughput and energy are of the time in which payments were offered. The energy is an ' +
  'allocation: the power of the whole rail over that time, divided by the payments included ' +
  'in it; it is no marginal cost. Fees are counted whoever bears them.'

const tableIntro =
  'A dash means that there was nothing to measure. Rest on a number to see all its digits. ' +
  'Propagation is the time from the making of a block until a node has it, over blocks and ' +
  'nodes. A Nakamoto coefficient is the size of the smallest set of operators, or regions, that ' +
  'holds more than that share of the power.'

const faultsText = ({ faults }: ReportInput): string =>
  faults
    .map(({ label, from_s, until_s }) => {
      const [from, until] = [from_s, until_s].map((s) => formatMs(s * 1_000))
      return `${label}: from ${from} to ${until}.`
    })
    .join(' ')

const readAsset = async (name: string): Promise<string> => {
  const text = await readFile(new URL(`../assets/${name}`, import.meta.url), 'utf8')
  // A checkout may have turned the ends of lines; the page must not change with it.
  return text.replaceAll('\r\n', '\n')
}
