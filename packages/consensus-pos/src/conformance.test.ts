import { conformanceChecks } from '@counterpoise/consensus/testing'
import { minutes } from '@counterpoise/engine'
import { completeTopology } from '@counterpoise/network'
import { describe, test } from 'vitest'
import { gasper } from './gasper.ts'

// Epochs of four slots keep the runs short; finality then takes two to three of them.
const parameters = { slotsPerEpoch: 4 }
const progressWithin = minutes(5)

describe('straight to everybody', () => {
  const checks = conformanceChecks({ model: gasper, parameters, progressWithin, runs: 40 })
  for (const check of checks) test(check.name, check.run)
})

describe('flooded, unequal stakes, an observer', () => {
  const checks = conformanceChecks({
    model: gasper,
    parameters,
    progressWithin,
    weights: [4, 3, 3, 2, 2, 1, 0],
    topology: completeTopology,
    runs: 25,
  })
  for (const check of checks) test(check.name, check.run)
})
