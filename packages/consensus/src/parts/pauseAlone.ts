import type { Member } from '../cluster.ts'
import type { ModelProblem } from '../whole.ts'

/**
 * What is wrong where a single validator makes no pause between its blocks: it waits for nobody, so
 * that no time would ever pass. Takes the name of the parameter that is the pause, ms.
 */
export const pauseAlone =
  <name extends string>(pause: name) =>
  (parameters: Readonly<Record<name, number>>, validators: readonly Member[]): ModelProblem[] => {
    const voters = validators.filter(({ weight }) => weight > 0).length
    if (voters !== 1 || parameters[pause] > 0) return []
    const expected = 'a pause above 0 where there is one validator, who waits for nobody'
    return [{ path: ['consensus', 'parameters', pause], expected, found: '0' }]
  }
