import { conformanceChecks } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import { describe, test } from 'vitest'
import { tendermint } from './tendermint.ts'

const parameters = {
  ...{ timeoutProposeMs: 300, timeoutVoteMs: 150, timeoutDeltaMs: 100, timeoutCommitMs: 100 },
  retryMs: 400,
}
const progressWithin = seconds(5)

describe('four equal members', () => {
  const checks = conformanceChecks({ model: tendermint, parameters, progressWithin })
  for (const check of checks) test(check.name, check.run)
})

describe('seven members, an observer, slow checks', () => {
  const checks = conformanceChecks({
    model: tendermint,
    parameters,
    progressWithin,
    weights: [1, 1, 1, 1, 1, 1, 1, 0],
    validationTime: ms(20),
    runs: 50,
  })
  for (const check of checks) test(check.name, check.run)
})
