import type { ConsensusModel } from '@counterpoise/consensus'
import { minimmit, pbft, tendermint } from '@counterpoise/consensus-classics'
import { hotstuff, jolteon } from '@counterpoise/consensus-hotstuff'
import { simplex } from '@counterpoise/consensus-simplex'

/**
 * A protocol as it is compared with others: over a network in which only messages take time, with
 * one timeout parameter.
 */
export type ComparedProtocol = {
  model: ConsensusModel
  /**
   * Its parameters with work and pacing at zero, in the form that its schema reads.
   *
   * @param lambdaMs The timeout parameter; without one, the protocol's own default.
   */
  parameters: (lambdaMs?: number) => Record<string, unknown>
}

/** Nothing is lost, so that nothing has to be said again: not within a day, ms. */
const never = 86_400_000

/** A timeout may grow so often: to more than any delay. */
const stepsMax = 60

const spans = (names: readonly string[], lambdaMs: number | undefined): Record<string, number> =>
  lambdaMs === undefined ? {} : Object.fromEntries(names.map((name) => [name, lambdaMs]))

/** The protocols that the command `protocol` knows. */
export const comparedProtocols: Readonly<Record<string, ComparedProtocol>> = {
  simplex: {
    model: simplex,
    parameters: (lambdaMs) => ({
      ...{ buildBudgetMs: 0, nullifyRetryMs: never },
      ...spans(['leaderTimeoutMs', 'certificationTimeoutMs'], lambdaMs),
    }),
  },
  minimmit: {
    model: minimmit,
    parameters: (lambdaMs) => ({
      ...{ pacingMs: 0, retryMs: never },
      ...spans(['viewTimeoutMs'], lambdaMs),
    }),
  },
  hotstuff: {
    model: hotstuff,
    // Its authors leave the pacemaker open; timeouts that double are what its users give it.
    parameters: (lambdaMs) => ({
      ...{ pacingMs: 0, timeoutGrowth: 2, timeoutStepsMax: stepsMax },
      ...spans(['roundTimeoutMs'], lambdaMs),
    }),
  },
  jolteon: {
    model: jolteon,
    // The growth of DiemBFT without its limit, or a short timeout would never be long enough.
    parameters: (lambdaMs) => ({
      ...{ pacingMs: 0, timeoutStepsMax: stepsMax },
      ...spans(['roundTimeoutMs'], lambdaMs),
    }),
  },
  pbft: {
    model: pbft,
    // Its timeouts double without a limit as its authors have them.
    parameters: (lambdaMs) => ({
      ...{ pacingMs: 0, timeoutStepsMax: stepsMax },
      ...spans(['delayBoundMs'], lambdaMs),
    }),
  },
  tendermint: {
    model: tendermint,
    parameters: (lambdaMs) => ({
      ...{ timeoutCommitMs: 0, retryMs: never },
      ...spans(['timeoutProposeMs', 'timeoutVoteMs', 'timeoutDeltaMs'], lambdaMs),
    }),
  },
}
