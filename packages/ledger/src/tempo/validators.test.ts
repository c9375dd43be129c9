import { seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createBlockStore, genesis } from '../blockStore.ts'
import { createMempool } from '../mempool.ts'
import { createTempoChain } from './chain.ts'
import { tempoRules } from './forks.ts'
import { tempoLimits } from './lanes.ts'
import { createTempoState } from './state.ts'
import { createTempoValidators } from './validators.ts'

const changes = [
  { at: seconds(1), weights: [1, 1, 1] },
  { at: seconds(2), weights: [0, 1, 1] },
  { at: seconds(2), weights: [0, 2, 1] },
]

function createChain(validators = createTempoValidators([1, 1, 0], changes)) {
  const blocks = createBlockStore()
  const mempool = createMempool({ capacityUnits: 1e9, minimumPrice: 0, onEvicted: () => {} })
  const rules = tempoRules('T8')
  const tokens = [{ name: 'P' }]
  const state = createTempoState({
    ...{ rules, blocks, tokens, pools: [], validators, holds: () => true },
  })
  const chain = createTempoChain({
    ...{ blocks, mempool, state, transactions: [], pools: [] },
    baseFeeRule: rules.baseFee,
    limits: { ...tempoLimits(1e6), generalGas: 2_500_000 },
    costOf: () => () => 0,
    tokenOf: () => 'P',
    otherGas: () => 0,
    rebalancing: { above: 1e9, gas: 1 },
    policyGas: 1,
    validatorGas: 1_000_000,
    onDropped: () => {},
  })
  const build = (parent: number, second: number, omits?: 'everything') =>
    chain.build(parent, { round: second, proposer: 0, time: seconds(second), bytes: 0, omits })
  return { state, build, gas: (block: number) => blocks.gas(block) }
}

test('default: a block registers what is due and fits the general lane', () => {
  const { build, gas, state } = createChain()
  const [early, first] = [build(genesis, 0), build(genesis, 1)]
  const both = build(first, 2)
  const left = build(first, 1)
  const three = build(early, 3)
  const rest = build(three, 4)
  expect([early, first, both, left, three, rest].map(state.registered)).toEqual([
    ...[[1, 1, 0], [1, 1, 1], [0, 2, 1], [1, 1, 1], [0, 1, 1], [0, 2, 1]],
  ])
  expect([early, first, both, left, three, rest].map(gas)).toEqual([0, 1e6, 2e6, 0, 2e6, 1e6])
})

test('behavior: an empty block registers nothing', () => {
  const { build, state } = createChain()
  expect(state.registered(build(genesis, 3, 'everything'))).toEqual([1, 1, 0])
})

test('behavior: without changes nobody is registered', () => {
  const { build, state } = createChain(createTempoValidators([1, 1, 0], []))
  expect(state.registered(build(genesis, 3))).toBeUndefined()
})
