import { conformanceChecks } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'

const parameters = { roundTimeoutMs: 300 }
// A few rounds of which each leader may be down, with timeouts of up to 300 · 1.2⁶ ms.
const progressWithin = seconds(5)

describe.each([hotstuff, jolteon])('$name, four equal members', (model) => {
  const checks = conformanceChecks({ model, parameters, progressWithin })
  for (const check of checks) test(check.name, check.run)
})

describe.each([hotstuff, jolteon])('$name: seven, slow checks, reputation', (model) => {
  const checks = conformanceChecks({
    model,
    parameters: { ...parameters, leaders: 'reputation' },
    progressWithin,
    weights: [1, 1, 1, 1, 1, 1, 1, 0],
    validationTime: ms(20),
    runs: 50,
  })
  for (const check of checks) test(check.name, check.run)
})
