import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { pbft } from './pbft.ts'
import { createRuleBook } from './ruleBook.ts'

// FUZZ_RUNS=100000 searches as long as a night.
const { numRuns: runs, seed, path } = fuzzParameters(500)

test('pbft: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: pbft,
    parameters: { delayBoundMs: 100, timeoutStepsMax: 3 },
    weights: [1, 1, 1, 1],
    rules: createRuleBook,
    progressWithin: seconds(3),
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))
