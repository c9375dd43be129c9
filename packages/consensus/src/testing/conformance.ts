import { checkAgreement, checkCatchUp, checkHalt, checkLiveness } from './faultChecks.ts'
import {
  checkDeterminism,
  checkFollowers,
  checkMessages,
  checkParameters,
  checkProgress,
  checkReports,
} from './quietChecks.ts'
import { type ConformanceOptions, type Setting, toSetting } from './setting.ts'

/** One promise of the contract. `run` throws where the model breaks it. */
export type ConformanceCheck = { name: string; run: () => void }

/**
 * What every consensus model must pass, for any test runner.
 *
 * @example
 * import { seconds } from '@counterpoise/engine'
 * import { conformanceChecks } from '@counterpoise/consensus/testing'
 * import { test } from 'vitest'
 *
 * for (const check of conformanceChecks({ model, progressWithin: seconds(5) })) {
 *   test(check.name, check.run)
 * }
 */
export function conformanceChecks<parameters, message>(
  options: ConformanceOptions<parameters, message>,
): readonly ConformanceCheck[] {
  const setting = toSetting(options)
  const { name, finality } = setting.model
  const check = (
    promise: string,
    run: (setting: Setting<parameters, message>) => void,
  ): ConformanceCheck => ({ name: `${name}: ${promise}`, run: () => run(setting) })
  return [
    check('parameters have defaults, and unknown keys are refused', checkParameters),
    check('determinism: a seed repeats its run', checkDeterminism),
    check('messages are never altered', checkMessages),
    check('progress without faults', checkProgress),
    check('reports come in order', checkReports),
    check('followers follow and change nothing', checkFollowers),
    ...(finality === 'probabilistic'
      ? []
      : [check('agreement under random faults', checkAgreement)]),
    check('liveness after random faults', checkLiveness),
    check('catch-up after an outage', checkCatchUp),
    ...(finality === 'deterministic'
      ? [check('halt beyond the fault limit, and no longer', checkHalt)]
      : []),
  ]
}
