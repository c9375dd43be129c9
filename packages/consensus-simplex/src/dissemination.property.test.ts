import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { ms, seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { simplex } from './simplex.ts'
import { ruleBookOf } from './witness.ts'

const { numRuns: runs, seed, path } = fuzzParameters(30)

test.each(['deferred', 'coded'] as const)(
  'simplex, %s: agreement and progress under any liars, outages, partitions and delays',
  (dissemination) => {
    checkByzantine({
      model: simplex,
      parameters: {
        ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 500, nullifyRetryMs: 1_000 },
        ...{ fetchTimeoutMs: 500, buildBudgetMs: 100, epochBlocks: 15, dissemination },
      },
      weights: [1, 1, 1, 1, 0],
      validationTime: ms(30),
      rules: ruleBookOf(),
      progressWithin: seconds(4),
      ...{ runs, seed, path },
    })
  },
  fuzzTimeout(300_000),
)
