import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ReportInput } from '@counterpoise/lab'
import { describe, expect, test } from 'vitest'
import { renderReport, saveReport } from './report.ts'
import { captionsOf } from './report/captions.ts'
import { escapeText, withLinks } from './report/html.ts'
import { scriptHash } from './report/plotly.ts'
import { exampleInput, exampleReplicatedInput } from './testing/exampleInput.ts'
import { idleInput } from './testing/idleInput.ts'
import { hostileInput } from './testing/hostileInput.ts'

const scriptsOf = (page: string): string[] =>
  [...page.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)].map(([, , text = '']) => text)

describe('the page', () => {
  test('is the same for the same input, whatever the run took', async () => {
    const input = exampleInput()
    const slower = { ...input, result: { ...input.result, wall_seconds: 1e6 } }
    const page = await renderReport(input)
    expect((await renderReport(slower)) === page).toBe(true)
  })

  test('shows every part of a report', async () => {
    const page = await renderReport(exampleReplicatedInput())
    for (const text of [
      'Four rails, alone and behind a router',
      'What does each degree of distribution buy',
      '<h2>The numbers</h2>',
      ...['throughput', 'mempool', 'latency', 'cost', 'distribution'].map(
        (name) => `data-figure="${name}"`,
      ),
      '<h2>During the outage</h2>',
      'money is conserved',
      '<b class="mark">assumed</b>',
      'npx counterpoise run scenario.json --replications 20',
      '6f1c0b7d92e84a35',
      'a3d9f2471c06be58',
    ]) {
      expect(page.includes(text), text).toBe(true)
    }
  })

  test('behavior: where nothing waited there is no figure of it', async () => {
    const input = exampleInput()
    const { bitcoin: _, ...series } = input.series
    const page = await renderReport({ ...input, series })
    expect(page.includes('data-figure="mempool"')).toBe(false)
    expect(page.includes('Figure 4.') && !page.includes('Figure 5.')).toBe(true)
  })

  test('behavior: without an outage the shares are of all payments', async () => {
    const input = exampleInput()
    const rails = Object.entries(input.result.rails).map(([name, rail]) => [
      ...[name, { ...rail, outage: null }],
    ])
    const result = { ...input.result, rails: Object.fromEntries(rails) } as ReportInput['result']
    const page = await renderReport({ ...input, faults: [], result })
    expect(page).toContain('<th scope="col">included, of all offered</th>')
    expect(page).not.toContain('of those of the outage')
  })

  test('behavior: times of faults are in units that read well', async () => {
    const at = { label: 'region down', from_s: 20, until_s: 80.5 }
    const page = await renderReport({ ...exampleInput(), faults: [at] })
    expect(page).toContain('region down: from 20 s to 1.34 min.')
  })

  test('behavior: a rail alone is not set against others', async () => {
    const input = exampleInput()
    const { bitcoin } = input.result.rails
    const result = { ...input.result, rails: { bitcoin } } as ReportInput['result']
    const page = await renderReport({ ...input, result })
    const figures = [...page.matchAll(/data-figure="(\w+)"/g)].map(([, name]) => name)
    expect(figures).toEqual(['throughput', 'mempool', 'latency'])
    expect(page).not.toContain('class="question"')
  })

  test('behavior: a parameter without entries has a value all the same', async () => {
    const [source] = exampleInput().sources
    const page = await renderReport({ ...exampleInput(), sources: [{ ...source!, value: '' }] })
    expect(page).toContain('<td class="value">none</td>')
  })

  test('says what the properties of every run mean', async () => {
    const input = exampleInput()
    const checks = { conservation: 'held' as const, mine: 'held' as const }
    const page = await renderReport({ ...input, result: { ...input.result, checks } })
    expect(page).toContain('<span>conservation: no rail made or lost money</span>')
    expect(page).toContain('<span>mine</span>')
  })

  test('behavior: what is said of pools is of those that there are', async () => {
    const input = exampleInput()
    const stands = 'While that node sees no block'
    const page = await renderReport(input)
    expect(page).toContain(stands)
    expect(page).toContain('ethereum, tempo, visa and hybrid are not shown: nothing waited.')
    const { bitcoin } = input.series
    const quiet = await renderReport({ ...input, faults: [], series: { bitcoin: bitcoin! } })
    expect(quiet).not.toContain(stands)
    expect(quiet).not.toContain('not shown: nothing waited')
  })

  test('behavior: without payments there is no figure and no question on them', async () => {
    const page = await renderReport(idleInput())
    for (const text of ['data-figure=', 'The figures', 'What does each degree', 'marginal cost']) {
      expect(page.includes(text), text).toBe(false)
    }
    expect(page.includes('propagation, p90')).toBe(true)
  })

  test('carries its data with all digits, without the time that the run took', async () => {
    const input = exampleInput()
    const [, data] = scriptsOf(await renderReport(input))
    const { wall_seconds: _, ...rest } = input.result
    expect(JSON.parse(data ?? '')).toEqual(rest)
  })

  test('allows no script but its own and the library that it carries', async () => {
    const page = await renderReport(exampleInput())
    const [, , packed = '', own = ''] = scriptsOf(page)
    const library = gunzipSync(Buffer.from(packed, 'base64')).toString()
    expect(library).toContain('Plotly')
    const policy = page.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1]
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${scriptHash(own)} ${scriptHash(library)};`)
    expect(page.length).toBeLessThan(3_000_000)
  })

  test('is written to a file in a folder that need not exist', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterpoise-plot-'))
    const path = join(folder, 'out', 'hybrid', 'report.html')
    await saveReport(exampleInput(), path)
    expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>/)
    await rm(folder, { recursive: true })
  })
})

describe('hostile texts', () => {
  test('stay text', async () => {
    const page = await renderReport(hostileInput())
    expect(scriptsOf(page)).toHaveLength(4)
    expect(page.match(/<img|<svg onload|<[^>"]* on[a-z]+=|href="(?!https:)/)?.[0]).toBeUndefined()
    // oxlint-disable-next-line no-control-regex
    expect(page.match(/[\u0000\u2028\u2029\u202e]/)?.index).toBeUndefined()
  })

  test('behavior: only addresses that begin with https are links', () => {
    expect(withLinks('See https://a.org/b?c=1&d. Or http://b.org, javascript:c').markup).toBe(
      'See <a href="https://a.org/b?c=1&amp;d" rel="noopener noreferrer">' +
        'https://a.org/b?c=1&amp;d</a>. Or http://b.org, javascript:c',
    )
    expect(withLinks('https://a.org/"onclick=b').markup).not.toContain('"onclick')
  })

  test('behavior: a megabyte is cut short', () => {
    expect(escapeText('x'.repeat(1e6))).toHaveLength(2_000)
  })

})

describe('how to repeat it', () => {
  const file = '<pre><code>npx counterpoise run scenario.json</code></pre>'

  test('default: with the command that led to it, or the scenario beside the report', async () => {
    const command = "npx counterpoise run hybrid --set 'workload.for=5m' --seed 7"
    const page = await renderReport({ ...exampleInput(), command })
    expect(page).toContain(`<pre><code>${escapeText(command)}</code></pre>`)
    expect(page).toContain(file)
  })

  test('behavior: an interrupted run cannot be repeated, but run to its end', async () => {
    const input = exampleReplicatedInput()
    const cut = [{ rail: 'visa', by: 'interruption' as const, at_s: 60 }]
    const result = { ...input.result, partial: true, cut, replications: 1 }
    const page = await renderReport({ ...input, result } as ReportInput)
    expect(page).not.toContain('gives the same digest')
    expect(page).toContain('gives more, and another digest')
    expect(page).toContain('scenario.json --replications 20<')
    expect(page).toContain('<dd>a part of 1 of 20</dd>')
    expect(page).not.toContain('Bars are')
    expect(page).toContain('visa was cut off: its curve ends early.')
    expect(page).toContain('visa was cut off and is not shown.')
    expect(page).not.toContain('nothing became final on visa')
  })

  test('behavior: of a router that was cut, the figures say nothing', async () => {
    const note = 'For a router it is the smallest set'
    const input = exampleInput()
    const cut = [{ rail: 'hybrid', by: 'interruption' as const, at_s: 60 }]
    const captions = captionsOf({ ...input, result: { ...input.result, partial: true, cut } })
    expect(captionsOf(input).distribution.limits).toContain(note)
    expect(captions.distribution.limits).not.toContain(note)
  })

  test('behavior: without a command no other is made up', async () => {
    const page = await renderReport(exampleInput())
    expect(page.match(/npx counterpoise [^<]*/g)).toEqual(['npx counterpoise run scenario.json'])
  })
})
