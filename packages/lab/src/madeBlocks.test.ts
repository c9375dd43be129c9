import { expect, test } from 'vitest'
import { madeBlocksText } from './madeBlocks.ts'
import type { ScenarioOutcome } from './runScenario.ts'

test('default: a line for each block, with its parent, its height and what became of it', () => {
  const made = {
    ...{ parents: [0, 0, 1, 1, 3], heights: [0, 1, 2, 2, 3], makers: [-1, 1, 0, 1, 0] },
    ...{ times_ms: [0, 1_500, 2_000, 2_001.5, 3_000], bytes: [0, 70, 80, 90, 95] },
    ...{ in_chain: [1, 1, 0, 1, 0], open: [0, 0, 0, 0, 1] },
    operators: ['a', 'b'],
  }
  const outcome = {
    scenario: { data: { seed: '7' } },
    result: { scenario: { name: 'forked', hash: '00' } },
    runs: [{ replication: 2, digest: 'ff' }],
    trees: { chain: made },
  }
  const { rails, ...head } = JSON.parse(madeBlocksText(outcome as unknown as ScenarioOutcome))
  expect(head).toEqual({
    ...{ scenario: { name: 'forked', hash: '00' }, seed: '7', replication: 2, digest: 'ff' },
  })
  const none = { parent: null, miner: null }
  expect(rails).toEqual({
    chain: [
      { id: 0, ...none, height: 0, time_ms: 0, bytes: 0, status: 'chain' },
      { id: 1, parent: 0, miner: 'b', height: 1, time_ms: 1_500, bytes: 70, status: 'chain' },
      { id: 2, parent: 1, miner: 'a', height: 2, time_ms: 2_000, bytes: 80, status: 'stale' },
      { id: 3, parent: 1, miner: 'b', height: 2, time_ms: 2_001.5, bytes: 90, status: 'chain' },
      { id: 4, parent: 3, miner: 'a', height: 3, time_ms: 3_000, bytes: 95, status: 'open' },
    ],
  })
})
