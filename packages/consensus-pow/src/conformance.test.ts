import { conformanceChecks } from '@counterpoise/consensus/testing'
import { minutes, seconds } from '@counterpoise/engine'
import { completeTopology } from '@counterpoise/network'
import { describe, test } from 'vitest'
import { nakamoto } from './nakamoto.ts'

// Twenty target intervals: with half of the hash rate away, one run in 22,000 finds no block.
const progressWithin = minutes(200)

describe('straight to everybody', () => {
  for (const check of conformanceChecks({ model: nakamoto, progressWithin })) {
    test(check.name, check.run)
  }
})

describe('flooded, unequal, with retargets and slow checks', () => {
  const checks = conformanceChecks({
    model: nakamoto,
    progressWithin,
    weights: [4, 3, 2, 1, 1, 0],
    parameters: { retargetInterval: 24 },
    topology: completeTopology,
    validationTime: seconds(2),
  })
  for (const check of checks) test(check.name, check.run)
})
