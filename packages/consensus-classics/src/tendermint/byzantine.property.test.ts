import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { tendermint } from './tendermint.ts'
import { createRuleBook } from './ruleBook.ts'

const parameters = {
  ...{ timeoutProposeMs: 300, timeoutVoteMs: 150, timeoutDeltaMs: 100, timeoutCommitMs: 100 },
  retryMs: 400,
}

// FUZZ_RUNS=100000 searches as long as a night.
const { numRuns: runs, seed, path } = fuzzParameters(500)

test('tendermint: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: tendermint,
    parameters,
    weights: [1, 1, 1, 1],
    rules: createRuleBook,
    progressWithin: seconds(4),
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))
