import { runAfterGst } from '@counterpoise/consensus/testing'
import { ms, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'

const hop = ms(40)
/** Rounds in a row that a member leads: enough for three certificates, whoever is down beside. */
const turn = 4

/**
 * After GST: a timeout is said again within the longest round, and a hop later all are in the next
 * one. Members that are down lead up to f turns in a row, each round of which takes the longest
 * timeout and a hop. A turn of one that is up may have been too short before them; in the next one,
 * rounds of pacing and two hops make the chain of certificates, and a hop tells everybody.
 */
function bound(model: typeof hotstuff, f: number, chain: number): Time {
  const { pacingMs, roundTimeoutMs, timeoutGrowth, timeoutStepsMax } = model.parameters.parse({})
  const longest = Math.ceil(ms(roundTimeoutMs) * timeoutGrowth ** timeoutStepsMax)
  const round = ms(pacingMs) + 2 * hop
  return (1 + f * turn) * (longest + hop) + (turn + chain) * round + hop
}

describe.each([
  { model: hotstuff, chain: 3 },
  { model: jolteon, chain: 2 },
])('$model.name', ({ model, chain }) => {
  test.each([
    [4, 0],
    [4, 1],
    [7, 2],
    [10, 3],
  ])('%i members, %i down: all go on within the bound after GST', (members, crashed) => {
    const { worst } = runAfterGst({
      ...{ model, members, crashed, hop, gst: seconds(30) },
      parameters: { contiguousRounds: turn },
    })
    expect(worst).toBeLessThanOrEqual(bound(model, crashed, chain))
  })
})
