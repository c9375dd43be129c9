import { conformanceChecks, type ConformanceOptions } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { minimmit } from './minimmit/minimmit.ts'
import { pbft } from './pbft/pbft.ts'
import { tendermint } from './tendermint/tendermint.ts'

const equal = (voters: number): number[] => Array<number>(voters).fill(1)

type Case = ConformanceOptions<any, any> & { weights: number[]; large: number; largeRuns: number }

const cases: readonly Case[] = [
  {
    model: pbft,
    // Four attempts of which each primary may be down: 3 + 2 delay bounds, doubled each time.
    parameters: { delayBoundMs: 100, timeoutStepsMax: 3 },
    progressWithin: seconds(4),
    ...{ weights: equal(4), large: 7, largeRuns: 50 },
  },
  {
    model: tendermint,
    parameters: {
      ...{ timeoutProposeMs: 300, timeoutVoteMs: 150, timeoutDeltaMs: 100, timeoutCommitMs: 100 },
      retryMs: 400,
    },
    progressWithin: seconds(5),
    ...{ weights: equal(4), large: 7, largeRuns: 50 },
  },
  {
    model: minimmit,
    parameters: { viewTimeoutMs: 300, retryMs: 1_000 },
    progressWithin: seconds(5),
    ...{ weights: equal(6), large: 11, largeRuns: 20 },
  },
]

describe.each(cases)('$model.name, $weights.length equal members', (options) => {
  for (const check of conformanceChecks(options)) test(check.name, check.run)
})

describe.each(cases)('$model.name: $large, an observer, slow checks', (options) => {
  const weights = [...equal(options.large), 0]
  const more = { weights, validationTime: ms(20), runs: options.largeRuns }
  for (const check of conformanceChecks({ ...options, ...more })) test(check.name, check.run)
})
