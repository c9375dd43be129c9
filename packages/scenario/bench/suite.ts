import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import {
  compareReports,
  compareWithGoals,
  cpuSeconds,
  interleave,
  machine,
  readReport,
  type Report,
} from '@counterpoise/engine/bench'
import { comparedProtocols } from '../src/protocols.ts'
import { runProtocol, type RunningProtocol } from './worlds.ts'

// The same flags as the engine's suite; the figures join those of the file.
const { values: flags } = parseArgs({
  options: {
    compare: { type: 'string' },
    out: { type: 'string', default: 'out/bench/engine.json' },
    quick: { type: 'boolean', default: false },
    /** Also a whole hour of 50 validators and ten minutes of 200. */
    huge: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
})
const rounds = flags.quick ? 3 : 5
const seconds = flags.quick ? 0.1 : 0.5
const old = flags.compare === undefined ? undefined : readReport(flags.compare)
const report: Report = {
  machine: { ...machine(), secondsPerRound: seconds },
  figures: {},
  derived: {},
  skipped: [],
}

/** Millions of messages per second of CPU that arrive and are worked on. */
function rateOf(world: RunningProtocol): number {
  const start = cpuSeconds()
  const before = world.delivered()
  let used = 0
  while (used < seconds) {
    world.run(1)
    used = cpuSeconds() - start
  }
  return (world.delivered() - before) / used / 1e6
}

function measure(worlds: Readonly<Record<string, RunningProtocol>>): void {
  // Ten blocks and more: what is compiled is compiled by then.
  for (const world of Object.values(worlds)) while (world.finals() < 10) world.run(1)
  const pulls = Object.entries(worlds).map(([name, world]) => [name, () => rateOf(world)] as const)
  for (const [name, figure] of Object.entries(interleave(Object.fromEntries(pulls), rounds))) {
    report.figures[name] = figure
    const shown = [figure.median, figure.low, figure.high].map((rate) => rate.toFixed(2))
    console.log(`${name.padEnd(44)} ${shown[0]} M/s (${shown[1]} … ${shown[2]})`)
  }
}

function derive(name: string, value: number): void {
  report.derived[name] = Number(value.toPrecision(3))
  console.log(`${name.padEnd(44)} ${report.derived[name]}`)
}

/** CPU seconds that a protocol takes for so many virtual seconds, from its beginning. */
function wholeRun(name: string, members: number, virtualSeconds: number): void {
  const start = cpuSeconds()
  const world = runProtocol(comparedProtocols[name]!, members)
  world.run(virtualSeconds)
  const used = cpuSeconds() - start
  derive(`consensus/${name}/run/members=${members},seconds=${virtualSeconds}`, used)
}

const sizes = [4, 16, 50, 100, 200]
for (const [name, protocol] of Object.entries(comparedProtocols)) {
  const label = (members: number): string => `consensus/${name}/members=${members}`
  const all = name === 'pbft' ? [...sizes, 64] : sizes
  const worlds = all.map((members) => [label(members), runProtocol(protocol, members)] as const)
  measure(Object.fromEntries(worlds))
  const medianOf = (members: number): number => report.figures[label(members)]!.median
  derive(`consensus/${name}/growth, 200 : 16`, medianOf(200) / medianOf(16))
}
if (flags.huge) {
  wholeRun('simplex', 50, 3_600)
  wholeRun('simplex', 200, 600)
}

for (const { name, found, line } of compareWithGoals(report)) {
  report.derived[name] = found
  console.log(line)
}
const joined = existsSync(flags.out) ? readReport(flags.out) : report
Object.assign(joined.figures, report.figures)
Object.assign(joined.derived, report.derived)
mkdirSync(dirname(flags.out), { recursive: true })
writeFileSync(flags.out, `${JSON.stringify(joined, null, 2)}\n`)
console.log(`Written to ${flags.out}`)
if (old !== undefined) for (const line of compareReports(old, report)) console.log(line)
