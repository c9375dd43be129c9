import { expect, test } from 'vitest'
import { consolidationEther, requestConsolidation } from './consolidations.ts'
import { deposit } from './deposits.ts'
import { processEpoch } from './processEpoch.ts'
import { createBeaconState } from './validatorGroup.ts'

/** Two to the power of sixteen: so many ETH of stake let one more move in each epoch. */
const quotient = 65_536

/** Electra: of what may move in an epoch, exits and deposits have 256 ETH. */
function consolidate(ether: number): { churn: number; consolidated: number } {
  const groups = [
    { entity: 'others', count: (ether * quotient - 64) / 32 },
    { entity: 'target', count: 1, compounding: true },
    { entity: 'source', count: 1 },
  ]
  const state = createBeaconState({ groups, fork: 'electra', start: 'running', epoch: 300 })
  requestConsolidation(state, { group: 2, rank: 0, count: 1 }, { group: 1, rank: 0 })
  return { churn: consolidationEther(state), consolidated: state.consolidations.length }
}

test('consolidations need more room than the 32 ETH of one validator', () => {
  expect(consolidate(256 + 31)).toEqual({ churn: 31, consolidated: 0 })
  expect(consolidate(256 + 32)).toEqual({ churn: 32, consolidated: 0 })
  expect(consolidate(256 + 33)).toEqual({ churn: 33, consolidated: 1 })
})

test('a deposit counts in whole ETH, with compounding credentials above 32 as well', () => {
  const state = createBeaconState({
    groups: [{ entity: 'others', count: 1_000 }],
    ...{ fork: 'electra', start: 'running' },
  })
  for (const compounding of [true, false]) {
    const group = compounding ? 1 : 2
    // 33.2 ETH are less than 1.25 above 32.
    deposit(state, { group, rank: 0, count: 1, amountGwei: 33.2e9, compounding, epoch: -1 })
  }
  processEpoch(state)
  expect([...state.registry.effective.subarray(1, state.registry.size)]).toEqual([33, 32])
})
