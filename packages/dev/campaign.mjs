import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chunksToDo, readOptions, totalsOf } from './campaignPlan.mjs'
import { plainEnv, root, run, tool } from './processes.mjs'

const log = join(root, 'out', 'campaign', 'plans.jsonl')

/**
 * Searches with random liars and faults, a chunk of plans at a time, each chunk with its own seed.
 * What is done is noted in out/campaign/plans.jsonl: a campaign that was stopped goes on where it
 * was, and the parts of several machines add up when their logs are joined. Answers with 1 where a
 * plan has ever failed with this code.
 */
export const runCampaign = async (given) => {
  // A failure is replayed as it is.
  if (process.env.FUZZ_PATH) {
    const { FUZZ_PATH: path, FUZZ_SEED: seed = 'as in the tests' } = process.env
    console.log(`Replaying seed ${seed}, path ${path}; each test prints its plan.`)
    return run(tool('vitest'), ['run', ...(given.length > 0 ? given : ['byzantine.property'])])
  }
  const options = readOptions(given, process.env)
  const what = { code: codeOf(), tests: options.tests.join(' ') }
  mkdirSync(dirname(log), { recursive: true })
  const start = performance.now()
  const chunks = chunksToDo(options, readLog(), what)
  console.log(`Chunks to do: ${chunks.length}, code ${what.code}, log ${log}`)
  for (const { plans, seed } of chunks) {
    if (options.minutes > 0 && performance.now() - start > options.minutes * 60_000) break
    const env = {
      ...{ ...plainEnv(), FUZZ_RUNS: `${plans}`, FUZZ_SEED: `${seed}` },
      COUNTERPOISE_CAMPAIGN_LOG: log,
      COUNTERPOISE_CAMPAIGN_CHUNK: JSON.stringify({ ...what, plans, seed }),
    }
    const reporters = ['dot', join(root, 'packages', 'dev', 'campaignReporter.mjs')]
    const flags = reporters.map((each) => `--reporter=${each}`)
    await run(tool('vitest'), ['run', ...flags, ...options.tests], { env })
  }
  return report(totalsOf(readLog(), what.code))
}

const readLog = () =>
  existsSync(log)
    ? readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
    : []

function report(totals) {
  for (const [test, { failedSeeds, plans }] of Object.entries(totals)) {
    const failed = failedSeeds.length > 0 ? `; FAILED with FUZZ_SEED ${failedSeeds.join(', ')}` : ''
    console.log(`${test.split(':')[0]}: ${plans} plans held${failed}`)
  }
  return Number(Object.values(totals).some(({ failedSeeds }) => failedSeeds.length > 0))
}

/**
 * What the searched code is, by the contents of its files and of what searches it, other tests left
 * out: other commits leave it as it is, and plans of other code do not add up.
 */
function codeOf() {
  const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' })
  const paths = searched.map((name) => `packages/${name}/src`)
  try {
    const isSource = (line) => !line.endsWith('.test.ts') || line.endsWith('.property.test.ts')
    const files = git('ls-tree', '-r', 'HEAD', ...paths).split('\n').filter(isSource)
    const changed = git('status', '--porcelain', '--', ...paths).split('\n').filter(Boolean)
    const code = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
    return changed.every((line) => !isSource(line)) ? code : `${code}-dirty`
  } catch {
    return 'unknown'
  }
}

/** The packages that protocols under liars are made of. */
const searched = [
  ...['engine', 'network', 'ledger', 'consensus'],
  ...['consensus-simplex', 'consensus-hotstuff', 'consensus-classics'],
]
