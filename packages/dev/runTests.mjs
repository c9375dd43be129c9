import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkLint, checkTypes } from './checks.mjs'
import { plainEnv, root, run, tool } from './processes.mjs'

/**
 * Checks types and lint, runs the tests, and prints `N passed, N failed` as the last line.
 * A failed check counts as one failure and does not keep the tests from running.
 */
export const runTests = async (extra) => {
  const failedChecks = []
  if ((await checkTypes()) !== 0) failedChecks.push('types')
  if ((await checkLint()) !== 0) failedChecks.push('lint')
  console.log('Running tests ...')
  const { code, counts } = await runVitest(extra.filter((argument) => argument !== '--run'))
  // Vitest can fail without a failed test, for instance when no file matches.
  const failedTests = code !== 0 ? Math.max(1, counts.failed) : counts.failed
  const failed = failedTests + failedChecks.length
  if (failedChecks.length > 0) console.log(`Failed beside the tests: ${failedChecks.join(', ')}`)
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  console.log(`${counts.passed} passed, ${failed} failed${skipped}`)
  return code !== 0 ? code : Number(failed > 0)
}

const runVitest = async (extra) => {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-tests-'))
  const countsFile = join(folder, 'counts.json')
  const ownReporter = extra.some((argument) => argument.startsWith('--reporter'))
  const reporters = [
    ...(ownReporter ? [] : ['--reporter=default']),
    `--reporter=${join(root, 'packages', 'dev', 'countReporter.mjs')}`,
  ]
  try {
    const env = { ...plainEnv(), COUNTERPOISE_COUNTS_FILE: countsFile }
    const code = await run(tool('vitest'), ['run', ...reporters, ...extra], { env })
    return { code, counts: readCounts(countsFile) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const readCounts = (file) =>
  existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failed: 1, skipped: 0 } // Vitest ended before its report.
