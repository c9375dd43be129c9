import { expect, test } from 'vitest'
import { mainnetMarket } from './builderMarket.ts'
import { marketOf, marketParameters } from './marketParameters.ts'

test('default: what is left out is mainnet’s', () => {
  expect(marketOf(marketParameters.parse({}))(0)).toEqual(mainnetMarket)
})

test('behavior: a change holds from its slot on, and the rest stays', () => {
  const marketAt = marketOf(
    marketParameters.parse({
      relayedShare: 0.5,
      changes: [{ fromSlot: 10, censoringProposers: 0.2 }, { fromSlot: 20, month: '2022-11' }],
    }),
  )
  const sharesAt = (slot: number): number[] => {
    const { relayedShare, censoringProposers } = marketAt(slot)
    return [relayedShare, censoringProposers]
  }
  expect([9, 10, 19].map(sharesAt)).toEqual([[0.5, 0], [0.5, 0.2], [0.5, 0.2]])
  // 6.8 % of the proposers and 33 % of all blocks' builders, of which a half is relayed.
  expect(sharesAt(20)).toEqual([0.5, 0.068])
  expect(marketAt(20).builders[0]!.share).toBeCloseTo(0.66, 10)
})
