import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { presets } from './presets/index.ts'
import { validateScenario } from './validate.ts'

/** What is wrong with libra's chain under another protocol, with so many validators. */
function problems(kind: string, parameters: object, validators: number): string[] {
  const draft = structuredClone(presets.libra) as { rails: { libra: object } }
  Object.assign(draft.rails.libra, { consensus: { kind, parameters }, validators })
  const read = validateScenario(draft)
  return isLeft(read) ? read.left.map(({ path }) => path) : []
}

test.each([
  ['hotstuff', 'pacingMs'],
  ['jolteon', 'pacingMs'],
  ['pbft', 'pacingMs'],
  ['minimmit', 'pacingMs'],
  ['tendermint', 'timeoutCommitMs'],
  ['simplex', 'buildBudgetMs'],
])('%s: one validator alone has to pause between its blocks (%s)', (kind, pause) => {
  const path = `rails.libra.consensus.parameters.${pause}`
  expect(problems(kind, { [pause]: 0 }, 1)).toEqual([path])
  expect(problems(kind, { [pause]: 1 }, 1)).toEqual([])
  expect(problems(kind, { [pause]: 0 }, 2)).toEqual([])
})
