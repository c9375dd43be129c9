import type { Member } from '@counterpoise/consensus'
import { expect, test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'
import { hotStuffParameters } from './parameters.ts'

const member = (weight: number): Member => ({
  ...{ name: `validator ${weight}`, weight },
  attributes: { region: 'here', operator: 'somebody' },
})

test.each([hotstuff, jolteon])('$name: one validator alone has to pause', (model) => {
  const found = (pacingMs: number, weights: readonly number[]): number =>
    model.problems!(hotStuffParameters.parse({ pacingMs }), weights.map(member), 0).length
  // It waits for nobody: without a pause no time would ever pass.
  expect([found(0, [1]), found(0, [1, 0])]).toEqual([1, 1])
  expect([found(1, [1]), found(0, [1, 1])]).toEqual([0, 0])
})
