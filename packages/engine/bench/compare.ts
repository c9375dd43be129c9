import { readFileSync } from 'node:fs'
import type { Figure } from './measure.ts'

/** What a run of the suite writes. */
export type Report = {
  machine: Record<string, string | number>
  /** Millions per second of CPU. */
  figures: Record<string, Figure>
  /** What does not depend on the machine, or hardly: ratios within the run, bytes, growth. */
  derived: Record<string, number>
  skipped: string[]
}

/** The figures of a run beside those of an older one, as lines to print. */
export function compareReports(old: Report, fresh: Report): string[] {
  const machines = [old.machine, fresh.machine].map((machine) => JSON.stringify(machine))
  const isSame = machines[0] === machines[1]
  const lines = isSame ? [] : ['Not the same machine, Node or length:', ...machines]
  for (const [name, figure] of Object.entries(fresh.figures)) {
    const before = old.figures[name]
    if (before === undefined) continue
    const ratio = figure.median / before.median
    // The widest that the rounds of both runs allow.
    const low = figure.low / before.high
    const high = figure.high / before.low
    const verdict = low > 1 ? 'faster' : high < 1 ? 'SLOWER' : ''
    const spread = `(${low.toFixed(2)} … ${high.toFixed(2)})`
    lines.push(`${name.padEnd(44)} × ${ratio.toFixed(2)} ${spread} ${verdict}`.trimEnd())
  }
  for (const [name, value] of Object.entries(fresh.derived)) {
    const before = old.derived[name]
    if (before !== undefined) lines.push(`${name.padEnd(44)} ${before} → ${value}`)
  }
  return lines
}

export function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report
}
