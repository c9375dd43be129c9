import { genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createHoldings } from './holdings.ts'

test.each([1, 31, 32, 33, 64, 65, 100])('each of %i nodes has what it was given', (size) => {
  const { add, has } = createHoldings(size)
  const blocks = [1, 2, 63, 64, 65, 1_000]
  const given = (block: number, node: number): boolean => (block + node) % 3 === 0
  for (const block of blocks) {
    for (let node = 0; node < size; node++) if (given(block, node)) add(block, node)
  }
  for (const block of [...blocks, 3, 999, 5_000]) {
    for (let node = 0; node < size; node++) {
      expect(has(block, node)).toBe(blocks.includes(block) && given(block, node))
    }
  }
})

test('everybody has the genesis block', () => {
  const { has } = createHoldings(40)
  expect([0, 39].map((node) => has(genesis, node))).toEqual([true, true])
})
