import { createBlockStore, createTransactions } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createBitcoinLedger } from './bitcoinLedger.ts'

const seal = { proposer: 0, time: 0, round: 1 }

function createLedger() {
  const [blocks, table] = [createBlockStore(), createTransactions()]
  const ledger = createBitcoinLedger({ table, blocks, unitsPerPayment: 564 })
  return { blocks, table, ledger }
}

test('a fee is a whole satoshi and no less than what was bid, up to a tenth of a bitcoin', () => {
  const { ledger, table } = createLedger()
  // 564 · 0.25 = 141, and 564 · 0.2501 = 141.0564.
  const fees = [0.25, 0.250_1, 1e6].map((cap, payment) =>
    table.fee(ledger.add(payment, { cap, tip: cap })),
  )
  expect(fees).toEqual([141, 142, 10_000_000])
})

test('a block is as large as what its maker puts in and its transactions together', () => {
  const { blocks, ledger } = createLedger()
  const id = ledger.add(0, { cap: 1, tip: 1 })
  const block = ledger.append(0, { ...seal, bytes: 80 }, [id], { units: 564, bytes: 222 })
  expect([blocks.bytes(block), blocks.gas(block)]).toEqual([302, 564])
})

test('a payment pays what that version of it pays which a block carries', () => {
  const { blocks, ledger } = createLedger()
  const [first, second] = [1, 2].map((cap) => ledger.add(0, { cap, tip: cap }))
  const rival = ledger.addRival(0, { cap: 3, tip: 3 })
  const made = [first, second, rival].map((id) =>
    ledger.append(0, seal, [id!], { units: 564, bytes: 222 }),
  )
  expect(made.slice(0, 2).map((block) => ledger.fee(0, block))).toEqual([564, 1_128])
  expect(made.map((block) => [...blocks.payments(block)])).toEqual([[0], [0], []])
  expect(made.map((block) => ledger.rivalsIn(block))).toEqual([[], [], [0]])
})
