import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { simplex } from './simplex.ts'

const parameters = {
  ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 500, nullifyRetryMs: 1_000 },
  ...{ fetchTimeoutMs: 500, buildBudgetMs: 100 },
}

// FUZZ_RUNS=100000 searches as long as a night.
const { numRuns: runs, seed, path } = fuzzParameters(500)

test('simplex: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: simplex,
    parameters,
    weights: [1, 1, 1, 1],
    progressWithin: seconds(4),
    ...{ runs, seed, path },
  })
})
