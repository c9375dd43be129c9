import { conformanceChecks } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { pbft } from './pbft.ts'

// A timeout, a view change, and some more of each, grown, where the next primaries are down too.
const progressWithin = seconds(12)

describe('four equal members', () => {
  for (const check of conformanceChecks({ model: pbft, progressWithin })) {
    test(check.name, check.run)
  }
})

describe('seven members, an observer, slow checks', () => {
  const checks = conformanceChecks({
    model: pbft,
    progressWithin,
    weights: [1, 1, 1, 1, 1, 1, 1, 0],
    validationTime: ms(40),
    runs: 50,
  })
  for (const check of checks) test(check.name, check.run)
})
