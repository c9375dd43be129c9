import { conformanceChecks } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { minimmit } from './minimmit.ts'

const parameters = { viewTimeoutMs: 300, retryMs: 1_000 }
const progressWithin = seconds(5)

describe('six equal members', () => {
  const weights = [1, 1, 1, 1, 1, 1]
  const checks = conformanceChecks({ model: minimmit, parameters, progressWithin, weights })
  for (const check of checks) test(check.name, check.run)
})

describe('eleven members, an observer, slow checks', () => {
  const checks = conformanceChecks({
    model: minimmit,
    parameters,
    progressWithin,
    weights: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
    validationTime: ms(20),
    runs: 20,
  })
  for (const check of checks) test(check.name, check.run)
})
