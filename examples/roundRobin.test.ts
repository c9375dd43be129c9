import { conformanceChecks } from '@counterpoise/consensus/testing'
import { seconds } from '@counterpoise/engine'
import { test } from 'vitest'
import { roundRobin } from './roundRobin.ts'

for (const check of conformanceChecks({ model: roundRobin, progressWithin: seconds(3) })) {
  test(check.name, check.run)
}
