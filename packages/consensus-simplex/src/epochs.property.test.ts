import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { simplex } from './simplex.ts'
import { ruleBookOf } from './witness.ts'

const { numRuns: runs, seed, path } = fuzzParameters(60)

test('simplex with short epochs: agreement and progress under liars, outages and delays', () => {
  checkByzantine({
    model: simplex,
    parameters: {
      ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 500, nullifyRetryMs: 1_000 },
      ...{ fetchTimeoutMs: 500, buildBudgetMs: 100, epochBlocks: 6 },
      // The fifth member joins where a ceremony succeeds; one in five may lie then as well.
      membership: [{ epoch: 0, member: 4, weight: 1 }],
    },
    weights: [1, 1, 1, 1, 0],
    rules: ruleBookOf(),
    progressWithin: seconds(4),
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))
