// The one door to the repository's tasks: node packages/dev/run.mjs <task> [arguments]
// It needs Node and npm only. Packages are installed when the lockfile has changed since last time.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runCampaign } from './campaign.mjs'
import { installPackages } from './install.mjs'
import { runTests } from './runTests.mjs'
import { suitesFor } from './suites.mjs'
import { checkLint, checkTypes } from './checks.mjs'
import { Interrupted, requireNode, run, tool } from './processes.mjs'

async function runSuites(extra) {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'))
  try {
    const flags = extra.flatMap((flag) => (flag.startsWith('--compare=') ? splitFlag(flag) : flag))
    const at = flags.indexOf('--compare') + 1
    if (at > 0 && existsSync(flags[at] ?? '')) {
      // The old figures may stand in the file that the first suite writes over.
      const old = join(folder, basename(flags[at]))
      copyFileSync(flags[at], old)
      flags[at] = old
    }
    for (const suite of suitesFor(flags)) {
      const code = await run(tool('tsx'), [`packages/${suite}/bench/suite.ts`, ...flags])
      if (code !== 0) return code
    }
    return 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const executable = 'packages/cli/bin/counterpoise.mjs'

const splitFlag = (flag) => [flag.slice(0, flag.indexOf('=')), flag.slice(flag.indexOf('=') + 1)]

/** Each task takes what stood behind its name and answers with an exit code. */
const tasks = {
  install: async () => 0,
  start: (extra) =>
    run(process.execPath, [
      executable,
      // What the user gives comes last and wins.
      ...['run', 'hybrid', '--replications', '3', '--out', 'out/hybrid'],
      ...extra,
    ]),
  // As `npx counterpoise`, which finds the command only where the packages are installed.
  counterpoise: (extra) => run(process.execPath, [executable, ...extra]),
  test: (extra) => runTests(extra),
  // The engine's suite writes a JSON and can compare; a path means the benchmarks of packages.
  bench: async (extra) => {
    if (extra.some((argument) => argument.startsWith('packages'))) {
      return run(tool('vitest'), ['bench', '--run', ...extra])
    }
    return runSuites(extra)
  },
  // Random liars and faults for each BFT protocol: a night's work, resumed where it was stopped.
  campaign: (extra) => runCampaign(extra),
  // Writes the tables of docs/validation anew: a name or several.
  validate: (extra) => run(tool('tsx'), ['docs/validation/validate.ts', ...extra]),
  lint: () => checkLint(),
  check: async () => ((await checkTypes()) + (await checkLint()) === 0 ? 0 : 1),
}

const main = async () => {
  requireNode()
  const [name = '', ...extra] = process.argv.slice(2)
  if (!Object.hasOwn(tasks, name)) {
    console.error(`Usage: node packages/dev/run.mjs ${Object.keys(tasks).join('|')} [arguments]`)
    return 2
  }
  const installed = await installPackages()
  return installed === 0 ? tasks[name](extra) : installed
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof Interrupted)) throw error
  process.kill(process.pid, error.signal) // So that the caller sees what ended the task.
}
