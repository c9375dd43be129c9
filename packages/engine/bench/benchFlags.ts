import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Report } from './compare.ts'

/** What `npm run bench` may be asked for. */
export type BenchFlags = {
  /** A tenth of the time: for a look, not for a figure. */
  quick: boolean
  /** Also what takes minutes each. */
  huge: boolean
  /** Also 10⁸ events in one run, and what memory they leave. */
  long: boolean
  /** The file that figures are written into. */
  out: string
  /** An older such file. */
  compare?: string | undefined
}

const options = {
  quick: { type: 'boolean', default: false },
  huge: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  out: { type: 'string', default: 'out/bench/engine.json' },
  compare: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const help = `Usage: npm run bench -- [flags]
       npm run bench -- packages/<name>   the benchmarks of a package, by vitest

  --quick           a tenth of the time: for a look, not for a figure
  --huge            also what takes minutes each: ten million pending events
  --long            also 100 million events in one run, and what memory they leave
  --out <file>      write the figures there (${options.out.default})
  --compare <file>  print the figures beside those of an older file
  --help            print this
`

/** Instead of flags, what to print and how to end. */
export type BenchAnswer = { text: string; code: 0 | 1 }

/** Reads the flags behind `npm run bench --`; help is an answer, and so is what cannot be. */
export function readBenchFlags(argv: readonly string[]): BenchFlags | BenchAnswer {
  try {
    const { help: isAsked, ...flags } = parseArgs({ args: [...argv], options }).values
    if (isAsked) return { text: help, code: 0 }
    const { compare } = flags
    const problem = compare === undefined ? undefined : problemOf(compare)
    return problem === undefined ? flags : { text: `--compare: ${problem}\n`, code: 1 }
  } catch (cause) {
    // What follows the first sentence is advice on positional arguments, which there are none of.
    const [complaint] = (cause as Error).message.split(/[.\n]/)
    return { text: `${complaint}\n\n${help}`, code: 1 }
  }
}

/** What keeps a file from being compared with. */
function problemOf(file: string): string | undefined {
  if (!existsSync(file)) return `there is no file ${file}`
  try {
    const { figures, derived } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Report>
    if (figures !== undefined && derived !== undefined) return undefined
  } catch {
    // No JSON, a folder, or not to be read: it holds no figures either.
  }
  return `${file} holds no figures of this command; give a file that --out wrote`
}
