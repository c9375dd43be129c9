import { expect, test } from 'vitest'
import type { Attestation } from './attestation.ts'
import { hasNode, nodeSetOf } from './bits.ts'
import { genesisState } from './finality.ts'
import { createVotePool } from './votePool.ts'

const rules = { slotsPerEpoch: 4, weights: new Float64Array(40).fill(1), totalWeight: 160 }
const checkpoint = { epoch: 0, root: 0 }
const vote = (slot: number, head: number, node: number): Attestation => ({
  slot,
  head,
  source: checkpoint,
  target: checkpoint,
  voters: nodeSetOf(40, node),
})
const votersOf = ({ voters }: Attestation): number[] =>
  Array.from({ length: 40 }, (_, node) => node).filter((node) => hasNode(voters, node))

test('default: equal votes become one aggregate', () => {
  const pool = createVotePool(rules)
  expect(pool.add(vote(2, 7, 1), false)).toBeDefined()
  expect(pool.add(vote(2, 7, 35), false)).toBeDefined()
  expect(pool.add(vote(2, 7, 1), false)).toBeUndefined()
  pool.add(vote(2, 8, 3), false)
  expect(pool.hasUnpublished(2)).toBe(true)
  const aggregates = pool.aggregates(2)
  expect(aggregates.map(votersOf)).toEqual([[1, 35], [3]])
  for (const aggregate of aggregates) pool.add(aggregate, true)
  expect(pool.hasUnpublished(2)).toBe(false)
})

test('behavior: what the chain holds is not included again, nor a second vote of a node', () => {
  const pool = createVotePool(rules)
  for (const node of [1, 2, 3]) pool.add(vote(1, 5, node), true)
  for (const node of [2, 4]) pool.add(vote(1, 6, node), true)
  for (const node of [3, 5]) pool.add(vote(1, 7, node), true)
  const state = genesisState(4)
  expect(pool.includable(state, 2).map(votersOf)).toEqual([[1, 2, 3], [4], [5]])
  const included = state.included.map((_, slot) => (slot === 1 ? nodeSetOf(40, 1) : undefined))
  expect(pool.includable({ ...state, included }, 2).map(votersOf)).toEqual([[2, 3], [4], [5]])
  expect(pool.includable(state, 1)).toEqual([])
})

test('behavior: votes of the last epoch are included, with its source and no other', () => {
  const pool = createVotePool(rules)
  const later = { epoch: 1, root: 4 }
  const state = { ...genesisState(4), epoch: 1, checkpoint: later, justified: later }
  pool.add(vote(0, 3, 1), true)
  pool.add({ ...vote(3, 3, 2), source: later }, true)
  pool.add({ ...vote(4, 4, 3), source: later, target: later }, true)
  pool.add({ ...vote(4, 4, 4), target: later }, true)
  expect(pool.includable(state, 7).map(votersOf)).toEqual([[1], [3]])
  expect(pool.includable({ ...state, epoch: 2 }, 8).map(votersOf)).toEqual([[4]])
})

test('behavior: votes are kept for two epochs', () => {
  const pool = createVotePool(rules)
  pool.add(vote(1, 5, 1), true)
  expect(pool.votesOf(1)).toHaveLength(1)
  pool.add(vote(9, 5, 1), true)
  expect(pool.votesOf(1)).toHaveLength(0)
  expect(pool.add(vote(1, 5, 2), true)).toBeUndefined()
})
