// Which rail carries the same payments best, when a burst comes and a cloud region fails?
// Run it with: npx tsx examples/hybrid.ts
import {
  answer,
  presets,
  renderReport,
  reportInputOf,
  resultTable,
  runScenario,
  scenarioOf,
  vary,
} from 'counterpoise'
import { mkdir, writeFile } from 'node:fs/promises'

/** The hybrid comparison, as long and as loaded as wanted. */
export async function compareRails(options: { hours: number; burst: number; seed: string }) {
  const input = vary(presets.hybrid, (draft) => {
    draft.seed = options.seed
    draft.workload.for = `${options.hours}h`
    draft.workload.arrivals = [
      { kind: 'poisson', ratePerSecond: 5 },
      { kind: 'shape', shape: 'tenx-ico', at: `${options.hours * 0.6}h`, scale: options.burst },
    ]
    const start = `${options.hours * 0.3}h`
    const span = `${options.hours * 0.2}h`
    draft.faults = draft.faults.map((fault) => ({ ...fault, at: start, for: span }))
  })
  return runScenario(scenarioOf(input))
}

if (process.argv[1] === import.meta.filename) {
  const outcome = await compareRails({ hours: 4, burst: 1, seed: '1' })
  const input = reportInputOf(outcome)
  const { columns, rows } = resultTable(outcome.result)
  console.log('figure', ...columns)
  for (const { label, cells } of rows) console.log(label, ...cells)
  for (const { text } of answer(input)) console.log(text)
  await mkdir('out/hybrid-example', { recursive: true })
  await writeFile('out/hybrid-example/report.html', await renderReport(input))
}
