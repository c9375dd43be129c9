import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ReportInput } from '@counterpoise/lab'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveReport } from './report.ts'
import { exampleInput, exampleReplicatedInput } from './testing/exampleInput.ts'
import { chromiumArguments, findChromium } from './testing/findChromium.ts'
import { hostileInput } from './testing/hostileInput.ts'

const executablePath = findChromium()
const isRequired = process.env['COUNTERPOISE_REQUIRE_BROWSER'] === '1'
const why = 'no Chromium is installed: the report was not opened in a browser'

test('a browser is there to open the report', ({ skip }) => {
  if (executablePath === undefined && isRequired) throw new Error(why)
  if (executablePath === undefined) skip(why)
})

describe.skipIf(executablePath === undefined)('the report in a browser without a network', () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    const args = [...chromiumArguments]
    browser = await chromium.launch({ executablePath: executablePath ?? '', args })
    folder = await mkdtemp(join(tmpdir(), 'counterpoise-report-'))
  })

  // The screenshots stay, to be looked at.
  afterAll(async () => {
    await browser?.close()
  })

  test.each([
    { name: 'wide', width: 1200, input: exampleInput() },
    { name: 'narrow', width: 380, input: exampleInput() },
    { name: 'replicated', width: 1200, input: exampleReplicatedInput() },
  ])('every figure shows its data: $name', async ({ name, width, input }) => {
    const { page, complaints, requests } = await open(name, width, input)
    expect(await tracesDrawn(page)).toEqual({
      throughput: { traces: 10, drawn: 10 },
      mempool: { traces: 1, drawn: 1 },
      latency: { traces: 9, drawn: 9 },
      cost: { traces: 10, drawn: 10 },
      distribution: { traces: 20, drawn: 20 },
    })
    expect(await page.locator('#figure-throughput').innerHTML()).toContain('us-east-1 is lost')
    expect(await page.locator('#results tbody tr').count()).toBeGreaterThan(30)
    expect(await page.locator('#outage tbody tr').count()).toBe(9)
    expect(await page.locator('#sources tbody tr').count()).toBe(4)
    expect(await page.locator('figure table tbody tr').count()).toBeGreaterThan(20)
    // Wide tables scroll by themselves: the page does not.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expect(complaints).toEqual([])
    expect(requests).toHaveLength(1)
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
    await page.close()
  })

  test('behavior: hostile texts do nothing', async () => {
    const { page, complaints, requests } = await open('hostile', 1200, hostileInput())
    expect(await page.locator('img, iframe, object, [onerror], [onload]').count()).toBe(0)
    expect(await page.locator('figure .plot a').count()).toBe(0)
    expect(await page.locator('h1').textContent()).toContain('</script><img src=x onerror=')
    expect(await page.locator('#figure-cost').innerHTML()).toContain('&lt;/script&gt;')
    expect(complaints).toEqual([])
    expect(requests).toHaveLength(1)
    await page.screenshot({ path: join(folder, 'hostile.png'), fullPage: true })
    await page.close()
  })

  test('behavior: a script that is not of the report does not run', async () => {
    const { page } = await open('policy', 1200, exampleInput())
    await page
      .evaluate(`document.body.append(Object.assign(document.createElement('script'), {
        textContent: 'window.wasRun = true',
      }))`)
      .catch(() => undefined)
    expect(await page.evaluate('window.wasRun')).toBeUndefined()
    await page.close()
  })

  /** Opens a report from disk, and listens to all that it should not do. */
  const open = async (name: string, width: number, input: ReportInput) => {
    const path = join(folder, `${name}.html`)
    await saveReport(input, path)
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    await page.context().setOffline(true)
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 40_000 })
    await rm(path)
    return { page, complaints, requests }
  }
})

/** For each figure how many traces it has, and how many of them have a line or a symbol to see. */
const tracesDrawn = (page: Page): Promise<unknown> =>
  page.evaluate(`Object.fromEntries([...document.querySelectorAll('.plot')].map((plot) => {
    const traces = [...plot.querySelectorAll('.scatterlayer .trace')]
    const isSeen = (shape) => {
      const { width, height } = shape.getBoundingClientRect()
      return width + height > 0
    }
    const drawn = traces.filter((trace) => [...trace.querySelectorAll('path')].some(isSeen))
    return [plot.dataset.figure, { traces: traces.length, drawn: drawn.length }]
  }))`)
