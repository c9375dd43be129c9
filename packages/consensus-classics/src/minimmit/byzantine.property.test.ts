import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { minimmit } from './minimmit.ts'
import { createRuleBook } from './ruleBook.ts'

// FUZZ_RUNS=100000 searches as long as a night.
const { numRuns: runs, seed, path } = fuzzParameters(500)

test('minimmit: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: minimmit,
    parameters: { viewTimeoutMs: 300, retryMs: 1_000 },
    weights: [1, 1, 1, 1, 1, 1],
    rules: createRuleBook,
    progressWithin: seconds(4),
    // With a leader that lies, two blocks of a view may be built upon; one of them gets final.
    certificatesMayCollide: true,
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))
