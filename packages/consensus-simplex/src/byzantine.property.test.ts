import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { simplex } from './simplex.ts'
import { ruleBookOf } from './witness.ts'

const parameters = {
  ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 500, nullifyRetryMs: 1_000 },
  // Proposals often come before the block below is final.
  ...{ fetchTimeoutMs: 500, buildBudgetMs: 30 },
}

// FUZZ_RUNS=100000 searches as long as a night.
const { numRuns: runs, seed, path } = fuzzParameters(500)

test('simplex: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: simplex,
    parameters,
    weights: [1, 1, 1, 1],
    rules: ruleBookOf(),
    progressWithin: seconds(3),
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))
