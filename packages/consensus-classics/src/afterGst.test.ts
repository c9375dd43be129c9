import { type AfterGst, runAfterGst } from '@counterpoise/consensus/testing'
import type { ConsensusModel } from '@counterpoise/consensus'
import { ms, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { minimmit } from './minimmit/minimmit.ts'
import { minimmitParameters } from './minimmit/parameters.ts'
import { pbft } from './pbft/pbft.ts'
import { pbftParameters, toSettings } from './pbft/parameters.ts'
import { tendermint } from './tendermint/tendermint.ts'
import { tendermintParameters } from './tendermint/parameters.ts'

const hop = ms(40)
const run = (model: ConsensusModel, members: number, crashed: number): AfterGst =>
  runAfterGst({ model, members, crashed, hop, gst: seconds(30) })
const failures = Number.MAX_SAFE_INTEGER

describe('pbft', () => {
  const settings = toSettings(pbftParameters.parse({}))
  /**
   * After GST: whoever waits for a new view asks for it again within the longest wait, two hops
   * make one, and each of f primaries that are down costs a wait more; then a proposal and 3 hops.
   */
  const bound = (f: number): Time =>
    (f + 1) * (settings.viewTimeout(failures) + settings.decisionTimeout(failures) + 2 * hop) +
    settings.pacing +
    3 * hop
  test.each([
    [4, 0],
    [4, 1],
    [7, 2],
    [10, 3],
  ])('%i members, %i down: all go on within the bound after GST', (members, f) => {
    expect(run(pbft, members, f).worst).toBeLessThanOrEqual(bound(f))
  })
})

describe('tendermint', () => {
  const parameters = tendermintParameters.parse({})
  const { retryMs, timeoutCommitMs, timeoutDeltaMs } = parameters
  const { timeoutProposeMs, timeoutVoteMs } = parameters
  /**
   * After GST: votes are said again within the retry. Each round that fails waits for a proposal
   * and twice for votes, longer by Δ with each round of the height; three hops decide the last.
   */
  const bound = (rounds: number): Time => {
    const round = ms(timeoutProposeMs + 2 * timeoutVoteMs + 3 * rounds * timeoutDeltaMs) + 3 * hop
    return ms(retryMs) + hop + rounds * round + ms(timeoutCommitMs) + 3 * hop
  }
  test.each([
    [4, 0],
    [4, 1],
    [7, 2],
    [10, 3],
  ])('%i members, %i down: all go on within the bound after GST', (members, f) => {
    const { worst, rounds } = run(tendermint, members, f)
    // Rounds count the heights too; at most so many of this height were tried.
    expect(worst).toBeLessThanOrEqual(bound(rounds))
  })
})

describe('minimmit', () => {
  const { pacingMs, retryMs, viewTimeoutMs } = minimmitParameters.parse({})
  /**
   * After GST: votes are said again within the retry, and one hop later all leave the view. Each
   * view of a leader that is down costs its timeout and a hop; pacing and two hops decide the last.
   */
  const bound = (views: number): Time =>
    ms(retryMs) + hop + views * (ms(viewTimeoutMs) + hop) + ms(pacingMs) + 2 * hop
  test.each([
    [6, 0],
    [6, 1],
    [11, 2],
    [16, 3],
  ])('%i members, %i down: all go on within the bound after GST', (members, f) => {
    const { worst, rounds } = run(minimmit, members, f)
    expect(worst).toBeLessThanOrEqual(bound(rounds))
  })
})
