import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type BenchFlags, readBenchFlags } from './benchFlags.ts'
import { compareReports, readReport, type Report } from './compare.ts'
import { compareWithGoals } from './goals.ts'
import { type Figure, interleave, machine } from './measure.ts'

/** What one suite of `npm run bench` measures, as it is printed and written. */
export type BenchReport = {
  flags: BenchFlags
  rounds: number
  skipped: string[]
  add: (name: string, figure: Figure) => void
  /** Measures variants in turn and adds them; they are warm by then. Their medians by name. */
  measure: (variants: Readonly<Record<string, () => number>>) => Record<string, number>
  derive: (name: string, value: number) => void
  /** Prints the goals that were measured, writes the file, compares with an older one. */
  close: () => void
}

/**
 * Opens the report of a suite, with the flags of the command line; help ends the process.
 *
 * @param options.joins Whether the figures join those of the file that other suites have written.
 */
export function openReport(options: { joins: boolean }): BenchReport {
  const flags = readBenchFlags(process.argv.slice(2))
  if ('code' in flags) {
    process[flags.code === 0 ? 'stdout' : 'stderr'].write(flags.text)
    process.exit(flags.code)
  }
  const rounds = flags.quick ? 3 : 5
  // Read before anything is measured: a missing file should not cost minutes.
  const old = flags.compare === undefined ? undefined : readReport(flags.compare)
  const report: Report = {
    // A short round and a long one do not compare.
    machine: { ...machine(), rounds: flags.quick ? 'quick' : 'whole' },
    figures: {},
    derived: {},
    skipped: [],
  }

  const add = (name: string, figure: Figure): void => {
    report.figures[name] = figure
    const { median, low, high } = figure
    const shown = [median, low, high].map((rate) => rate.toPrecision(3))
    console.log(`${name.padEnd(60)} ${shown[0]} M/s (${shown[1]} … ${shown[2]})`)
  }

  return {
    flags,
    rounds,
    skipped: report.skipped,
    add,
    measure: (variants) => {
      const figures = Object.entries(interleave(variants, rounds))
      for (const [name, figure] of figures) add(name, figure)
      return Object.fromEntries(figures.map(([name, { median }]) => [name, median]))
    },
    derive: (name, value) => {
      report.derived[name] = Number(value.toPrecision(3))
      console.log(`${name.padEnd(60)} ${report.derived[name]}`)
    },
    close: () => {
      for (const { name, found, line } of compareWithGoals(report)) {
        report.derived[name] = found
        console.log(line)
      }
      for (const reason of report.skipped) console.log(`Skipped ${reason}`)
      const written = options.joins && existsSync(flags.out) ? readReport(flags.out) : report
      Object.assign(written.figures, report.figures)
      Object.assign(written.derived, report.derived)
      mkdirSync(dirname(flags.out), { recursive: true })
      writeFileSync(flags.out, `${JSON.stringify(written, null, 2)}\n`)
      console.log(`Written to ${flags.out}`)
      if (old === undefined) return
      console.log(`Against ${basename(flags.compare!)}:`)
      for (const line of compareReports(old, report)) console.log(line)
    },
  }
}
