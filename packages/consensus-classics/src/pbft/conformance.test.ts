import { conformanceChecks } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { pbft } from './pbft.ts'

// Four attempts of which each primary may be down: 3 + 2 delay bounds, doubled each time.
const parameters = { delayBoundMs: 100, timeoutStepsMax: 3 }
const progressWithin = seconds(4)

describe('four equal members', () => {
  const checks = conformanceChecks({ model: pbft, parameters, progressWithin })
  for (const check of checks) test(check.name, check.run)
})

describe('seven members, an observer, slow checks', () => {
  const checks = conformanceChecks({
    model: pbft,
    parameters,
    progressWithin,
    weights: [1, 1, 1, 1, 1, 1, 1, 0],
    validationTime: ms(20),
    runs: 50,
  })
  for (const check of checks) test(check.name, check.run)
})
