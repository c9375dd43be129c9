import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { simplex } from './simplex.ts'
import { ruleBookOf } from './witness.ts'

const { numRuns: runs, seed, path } = fuzzParameters(30)

test.each([0, 3])(
  'simplex in terms, votes %i ahead: agreement and progress under liars, outages and delays',
  (optimisticViews) => {
    checkByzantine({
      model: simplex,
      parameters: {
        ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 500, nullifyRetryMs: 1_000 },
        ...{ fetchTimeoutMs: 500, buildBudgetMs: 100, termViews: 4, optimisticViews },
      },
      weights: [1, 1, 1, 1, 0],
      rules: ruleBookOf(4, optimisticViews > 0),
      progressWithin: seconds(4),
      ...{ runs, seed, path },
    })
  },
  fuzzTimeout(300_000),
)
