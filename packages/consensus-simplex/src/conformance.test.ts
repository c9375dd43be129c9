import { conformanceChecks } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { simplex } from './simplex.ts'

// A nullify retry of 10 s, then up to f + 1 views of which each leader may be down.
const progressWithin = seconds(30)

describe('four equal validators', () => {
  for (const check of conformanceChecks({ model: simplex, progressWithin })) {
    test(check.name, check.run)
  }
})

describe('seven validators, an observer, slow checks', () => {
  const checks = conformanceChecks({
    model: simplex,
    progressWithin,
    weights: [1, 1, 1, 1, 1, 1, 1, 0],
    validationTime: ms(40),
    runs: 50,
  })
  for (const check of checks) test(check.name, check.run)
})
