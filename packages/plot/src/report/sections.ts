import type { ReplicatedResult, ReportInput, SourceNote } from '@counterpoise/lab'
import type { Finding } from '../answer.ts'
import { styledRails } from '../figures/theme.ts'
import type { RailStyle } from '../figures/theme.ts'
import { formatCount, formatMs } from '../format.ts'
import type { ResultGroup, ResultRow, ResultTable } from '../table.ts'
import { isReplicated } from '../view.ts'
import type { Caption, FigureName } from './captions.ts'
import type { FigureTable } from './figureTables.ts'
import { html, joined, withLinks } from './html.ts'
import type { Markup } from './html.ts'
import { replayCommand } from './replay.ts'

/** Title, question and answer. */
export const headerSection = (
  { title, summary }: ReportInput,
  question: string | undefined,
  findings: readonly Finding[],
): Markup => html`<header>
<h1>${title}</h1>
<p class="summary">${summary}</p>
${question === undefined ? undefined : html`<p class="question">${question}</p>`}
<dl class="answer">
${findings.map(({ topic, text }) => html`<div><dt>${topic}</dt><dd>${bindUnits(text)}</dd></div>`)}
</dl>
</header>`

/** No line ends between a number and its unit. */
const bindUnits = (text: string): string =>
  text
    .replace(/(\d) (%|ms|s|min|h|d|[µmkMGT]?Wh?)(?![\w])/g, '$1\u00a0$2')
    .replace(/ ± /g, '\u00a0±\u00a0')

/** What each rail is, with the look it has in the figures. */
export const railsSection = (input: ReportInput): Markup => html`<section id="rails">
<h2>The rails</h2>
<ul class="rails">
${styledRails(input).map(({ name, style }) => {
  const about = Object.hasOwn(input.descriptions, name) ? input.descriptions[name] : ''
  return html`<li>${swatch(style)}<b>${name}</b> <span>${about}</span></li>`
})}
</ul>
</section>`

/** The table of all figures, or the rows of some groups of it. */
export const resultSection = (
  { columns, rows }: ResultTable,
  { id, title, intro, groups }: { id: string; title: string; intro: string; groups: Groups },
): Markup | undefined => {
  const shown = rows.filter(({ group }) => groups(group))
  if (shown.length === 0) return undefined
  const names = [...new Set(shown.map(({ group }) => group))]
  return html`<section id="${id}">
<h2>${title}</h2>
<p>${intro}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${title}">
<table class="numbers">
<thead><tr><th scope="col"><span class="hidden">figure</span></th>
${columns.map((name) => html`<th scope="col">${name}</th>`)}
</tr></thead>
${names.map((name) =>
  bodyOf(name, shown.filter(({ group }) => group === name), columns.length, names.length > 1),
)}
</table>
</div>
</section>`
}

type Groups = (group: ResultGroup) => boolean

const bodyOf = (
  name: string,
  rows: readonly ResultRow[],
  columns: number,
  isTitled: boolean,
): Markup => html`<tbody>
${isTitled
  ? html`<tr class="group">
<th scope="rowgroup" colspan="${columns + 1}"><span>${name}</span></th></tr>`
  : undefined}
${rows.map(
  ({ label, cells, exact }) => html`<tr><th scope="row">${label}</th>${cells.map(
    (cell, index) => html`<td title="${exact[index] ?? ''}">${cell}</td>`,
  )}</tr>`,
)}
</tbody>`

/** A figure: the place where it is drawn, what is to be seen, and its numbers as a table. */
export const figureSection = (
  name: FigureName,
  number: number,
  heights: { wide: number; narrow: number },
  { title, see, limits }: Caption,
  table: FigureTable,
): Markup => html`<figure id="figure-${name}">
<figcaption>
<h3><span class="number">Figure ${number}.</span> ${title}</h3>
<p id="caption-${name}">${see} <span class="limits">${limits}</span></p>
</figcaption>
<div class="plot" data-figure="${name}" role="img" aria-label="${title}"
 aria-describedby="caption-${name}"
 style="--wide: ${heights.wide}px; --narrow: ${heights.narrow}px"></div>
<details>
<summary>The numbers of figure ${number} as a table</summary>
<div class="scroll" tabindex="0" role="region" aria-label="The numbers of figure ${number}">
<table class="numbers">
<thead><tr>${table.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${table.rows.map(
  ({ label, cells }) => html`<tr><th scope="row">${label}</th>${cells.map(
    (cell) => html`<td>${cell}</td>`,
  )}</tr>`,
)}
</tbody>
</table>
</div>
</details>
</figure>`

/** Properties that were watched while the run went on. */
export const checksSection = ({ result }: ReportInput): Markup | undefined => {
  const checks = Object.entries(result.checks)
  if (checks.length === 0) return undefined
  return html`<section id="checks">
<h2>Properties checked</h2>
<ul class="checks">
${checks.map(([name, verdict]) =>
  verdict === 'held'
    ? html`<li class="held"><b>✓ held</b> <span>${propertyText(name)}</span></li>`
    : html`<li class="violated"><b>✗ violated</b> <span>${propertyText(name)}</span></li>`,
)}
</ul>
</section>`
}

/** What the properties of every run mean; a script's own is told by its name. */
const meanings: Record<string, string> = {
  conservation: 'no rail made or lost money',
  agreement: 'no node held another block for final than the others, and what was final stayed so',
  liveness: 'every chain made progress whenever the faults left it what it needs for that',
}

const propertyText = (name: string): string =>
  Object.hasOwn(meanings, name) ? `${name}: ${meanings[name]}` : name

/** Where the numbers of the scenario come from. */
export const sourcesSection = ({ sources }: ReportInput): Markup | undefined => {
  if (sources.length === 0) return undefined
  const assumed = sources.filter((source) => source.assumed).length
  return html`<section id="sources">
<h2>Sources</h2>
<p>${formatCount(sources.length)} parameters of the scenario, of which ${formatCount(assumed)}
${assumed === 1 ? 'is' : 'are'} assumed.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Sources">
<table class="sources">
<thead><tr><th scope="col">parameter</th><th scope="col">value</th><th scope="col">unit</th>
<th scope="col">source</th></tr></thead>
<tbody>
${sources.map(sourceRow)}
</tbody>
</table>
</div>
</section>`
}

const sourceRow = ({ path, value, unit, source, assumed }: SourceNote): Markup =>
  html`<tr${assumed ? html` class="assumed"` : undefined}><th scope="row">${breakable(path)}</th>
<td class="value">${valueText(value)}</td><td>${unit}</td>
<td>${assumed ? html`<b class="mark">assumed</b> ` : undefined}${withLinks(source)}</td></tr>`

/** An empty list or record is a value too. */
const valueText = (value: SourceNote['value']): string => {
  if (typeof value === 'number') return plainNumber(value)
  return value === '' ? 'none' : value
}

/** All digits, for these are parameters and not measurements. */
const plainNumber = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) >= 10_000 && Math.abs(value) < 1e15
    ? String(value).replace(/\B(?=(\d{3})+$)/g, ',')
    : String(value)

/** A path that may be broken after each dot. */
const breakable = (path: string): Markup =>
  joined(path.split(/(?<=\.)/).map((part) => html`${part}<wbr>`))

/** What was run, and how to run it again. */
export const originSection = ({ result, command }: ReportInput): Markup => {
  const { scenario, seed, version, digest, simulated_seconds, events } = result
  const mean = (value: number | { mean: number }) =>
    typeof value === 'number' ? value : value.mean
  const facts: [string, string][] = [
    ['scenario', scenario.name],
    ['hash', scenario.hash],
    ['seed', seed],
    isReplicated(result)
      ? ['replications', replicationsText(result)]
      : ['replication', String(result.replication)],
    ['version', version],
    ['digest', digest],
    ['simulated', formatMs(mean(simulated_seconds) * 1_000)],
    [isReplicated(result) ? 'events, mean' : 'events', formatCount(Math.round(mean(events)))],
  ]
  return html`<footer id="origin">
<h2>To repeat it</h2>
<p>${isInterrupted(result) ? interruptedText : sameDigestText}</p>
${command === undefined ? undefined : html`<pre><code>${command}</code></pre>`}
<p>${command === undefined ? 'The' : 'So does the'} <code>scenario.json</code> that is saved beside
the report, which holds the scenario as it was run${command === undefined ? ':' : ', with'}</p>
<pre><code>${replayCommand(result)}</code></pre>
<dl class="origin">
${facts.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}
</dl>
</footer>`
}

const sameDigestText = 'The same command gives the same digest, on every machine.'
const interruptedText =
  'This run was interrupted. The same command, run to its end, gives more, and another digest.'

/** A limit on events ends a run at the same event each time, an interruption does not. */
const isInterrupted = (result: ReportInput['result']): boolean =>
  result.cut.some(({ by }) => by === 'interruption') ||
  (isReplicated(result) && result.replications < result.replications_wanted)

const replicationsText = (result: ReplicatedResult): string => {
  const { replications, replications_wanted: wanted, cut } = result
  if (cut.some(({ by }) => by === 'interruption')) return `a part of 1 of ${formatCount(wanted)}`
  return replications === wanted
    ? formatCount(wanted)
    : `${formatCount(replications)} of ${formatCount(wanted)}`
}

/** The line and symbol of a rail, as small as a letter. */
const swatch = ({ color, dash, symbol }: RailStyle): Markup => {
  const dashes = { solid: '', dash: '7 4', dot: '2 3', dashdot: '7 3 2 3', longdash: '11 4' }[dash]
  return html`<svg class="swatch" viewBox="0 0 44 16" aria-hidden="true"><line x1="1" y1="8"
 x2="43" y2="8" stroke="${color}" stroke-width="2.2" stroke-dasharray="${dashes}"/><path
 d="${symbolPaths[symbol]}" fill="${color}"/></svg>`
}

const symbolPaths: Record<RailStyle['symbol'], string> = {
  circle: 'M17 8a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z',
  square: 'M17.5 3.5h9v9h-9z',
  diamond: 'M22 2l6 6l-6 6l-6 -6z',
  'triangle-up': 'M22 2.5l6 10h-12z',
  'triangle-down': 'M22 13.5l6 -10h-12z',
  cross: 'M20 2h4v4h4v4h-4v4h-4v-4h-4v-4h4z',
  star: 'M22 1l2 4.8 5.2 .4-4 3.4 1.3 5.1-4.5-2.8-4.5 2.8 1.3-5.1-4-3.4 5.2-.4z',
}
