import { checkByzantine } from '@counterpoise/consensus/testing'
import { fuzzParameters, fuzzTimeout } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'
import { ruleBookOf } from './ruleBook.ts'
import { staleLeader } from './staleLeader.ts'

// FUZZ_RUNS=100000 searches as long as a night.
const { numRuns: runs, seed, path } = fuzzParameters(500)

test('jolteon: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: jolteon,
    parameters: { roundTimeoutMs: 300 },
    weights: [1, 1, 1, 1, 1, 1, 1],
    ownLie: (size) => staleLeader(1 + (size % 3)),
    rules: ruleBookOf(2),
    progressWithin: seconds(5),
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))

test('hotstuff: agreement and progress under any liars, outages, partitions and delays', () => {
  checkByzantine({
    model: hotstuff,
    parameters: { roundTimeoutMs: 300, contiguousRounds: 4 },
    weights: [1, 1, 1, 1, 1, 1, 1],
    ownLie: (size) => staleLeader(1 + (size % 3)),
    rules: ruleBookOf(3),
    progressWithin: seconds(5),
    // With leaders in turn, two of seven that fail can keep three certificates from a row.
    ...{ runs, seed, path },
  })
}, fuzzTimeout(300_000))
