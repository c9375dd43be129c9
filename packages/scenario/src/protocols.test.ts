import { expect, test } from 'vitest'
import { comparedProtocols } from './protocols.ts'

/** The parameters of a protocol as a comparison with some timeout has them. */
const parametersOf = (name: string, lambdaMs?: number): object => {
  const { model, parameters } = comparedProtocols[name]!
  return model.parameters.parse(parameters(lambdaMs)) as object
}

const day = 86_400_000

test.each<[string, readonly string[], object]>([
  [
    'simplex',
    ['leaderTimeoutMs', 'certificationTimeoutMs'],
    { buildBudgetMs: 0, nullifyRetryMs: day },
  ],
  ['minimmit', ['viewTimeoutMs'], { pacingMs: 0, retryMs: day }],
  ['hotstuff', ['roundTimeoutMs'], { pacingMs: 0, timeoutGrowth: 2, timeoutStepsMax: 60 }],
  ['jolteon', ['roundTimeoutMs'], { pacingMs: 0, timeoutGrowth: 1.2, timeoutStepsMax: 60 }],
  ['pbft', ['delayBoundMs'], { pacingMs: 0, timeoutGrowth: 2, timeoutStepsMax: 60 }],
  [
    'tendermint',
    ['timeoutProposeMs', 'timeoutVoteMs', 'timeoutDeltaMs'],
    { timeoutCommitMs: 0, retryMs: day },
  ],
])('%s: one timeout in all of %j, no work and no pace', (name, timeouts, others) => {
  const { model } = comparedProtocols[name]!
  const usual = model.parameters.parse({}) as Record<string, unknown>
  const spans = Object.fromEntries(timeouts.map((each) => [each, 137]))
  expect(parametersOf(name, 137)).toEqual({ ...usual, ...others, ...spans })
  expect(parametersOf(name)).toEqual({ ...usual, ...others })
})
