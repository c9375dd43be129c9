import { runAfterGst } from '@counterpoise/consensus/testing'
import { ms, seconds, type Time } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { simplexParameters } from './parameters.ts'
import { simplex } from './simplex.ts'

const hop = ms(40)
const { buildBudgetMs, leaderTimeoutMs, nullifyRetryMs } = simplexParameters.parse({})

/**
 * After GST: a view is nullified again within the retry, and one hop later all are in the next one.
 * Each view of a leader that is down costs its timeout and a hop, each of one that is up its build
 * budget and two hops; one more hop, and its block is final.
 */
const bound = (views: number): Time =>
  ms(nullifyRetryMs) + hop + views * (ms(leaderTimeoutMs) + hop) + ms(buildBudgetMs) + 3 * hop

test.each([
  [4, 0, 'a'],
  [4, 1, 'a'],
  [4, 1, 'b'],
  [4, 1, 'c'],
  [7, 2, 'a'],
  [7, 2, 'b'],
  [10, 3, 'a'],
  [10, 3, 'b'],
])('%i members, %i down, seed %s: all go on within the bound', (members, crashed, seed) => {
  const { worst, rounds } = runAfterGst({
    ...{ model: simplex, members, crashed, hop, seed },
    gst: seconds(30),
  })
  expect(worst).toBeLessThanOrEqual(bound(rounds))
})
