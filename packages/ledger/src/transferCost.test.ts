import { existsSync, readFileSync } from 'node:fs'
import { BaseError } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import {
  calldataGas,
  costUsd,
  glamsterdamTransferGas,
  nextGasLimit,
  paidPerGas,
  paymentsPerSecond,
  transactionGasLimit,
  transferGas,
} from './transferCost.ts'

test('a transfer of ether at 0.1 gwei and 2,000 dollars costs four tenths of a cent', () => {
  expect(costUsd(transferGas.ether.gas, 100_000_000, 2_000)).toBeCloseTo(0.0042, 10)
  expect(costUsd(transferGas.token.gas, 100_000_000, 2_000)).toBeCloseTo(0.009_221_8, 10)
})

test('full blocks hold as many payments as the published table has', () => {
  expect(paymentsPerSecond(60_000_000, 21_000)).toBeCloseTo(238.1, 1)
  expect(paymentsPerSecond(60_000_000, 46_000)).toBeCloseTo(108.7, 1)
  expect(paymentsPerSecond(15_000_000, 65_000)).toBeCloseTo(19.2, 1)
})

test('calldata costs 4 and 16 gas a byte; 10 and 40 where a transaction does little else', () => {
  const transfer = { zeroBytes: 30, nonZeroBytes: 38, executionGas: 24_000 }
  expect(calldataGas({ ...transfer, floor: true })).toBe(21_000 + 120 + 608 + 24_000)
  const data = { zeroBytes: 1_000, nonZeroBytes: 9_000, executionGas: 0 }
  expect(calldataGas({ ...data, floor: false })).toBe(21_000 + 4 * 37_000)
  expect(calldataGas({ ...data, floor: true })).toBe(21_000 + 10 * 37_000)
})

test('who offers less than the base fee is not included; the tip is what the offer leaves', () => {
  const price = { baseFee: 100, maximumFee: 130, maximumTip: 50 }
  expect(paidPerGas(price)).toEqual({ burned: 100, tip: 30 })
  expect(paidPerGas({ ...price, maximumFee: 200 })).toEqual({ burned: 100, tip: 50 })
  expect(paidPerGas({ ...price, maximumFee: 100 })).toEqual({ burned: 100, tip: 0 })
  expect(paidPerGas({ ...price, maximumFee: 99 })).toBeUndefined()
})

test('a new holder pays for a slot that is set and not changed: EIP-2200 and EIP-2929', () => {
  const { token, tokenToNewHolder } = transferGas
  expect(tokenToNewHolder.gas - token.gas).toBe(20_000 - (5_000 - 2_100))
})

test('under Glamsterdam new state has a price of its own', () => {
  const { ether, token, tokenToNewHolder } = glamsterdamTransferGas
  expect(ether).toMatchObject({ gas: 12_000 + 3_000 + 6_000, stateGas: 0 })
  expect(token.stateGas).toBe(0)
  expect(tokenToNewHolder).toMatchObject({ gas: token.gas, stateGas: 64 * 1_530 })
})

test('from 60 to 200 M gas takes 1,234 blocks', () => {
  let limit = 60_000_000
  let blocks = 0
  while (limit < 200_000_000) {
    const next = nextGasLimit(limit, 200_000_000)
    expect(next - limit).toBeLessThan(limit / 1_024)
    limit = next
    blocks++
  }
  expect(blocks).toBe(1_234)
  expect(nextGasLimit(200_000_000, 60_000_000)).toBe(200_000_000 - 195_311)
  expect(nextGasLimit(6_000, 6_003)).toBe(6_003)
})

test('a transaction has at most 2²⁴ gas: EIP-7825', () => {
  expect(transactionGasLimit).toBe(2 ** 24)
})

test('behavior: a gas limit below 5,000 is refused', () => {
  expect(() => nextGasLimit(4_999, 60_000)).toThrow(BaseError)
})

const sample = new URL(
  '../../../../shared/data/eth-tx-gas-calldata/gas_and_calldata_sample.csv',
  import.meta.url,
)

test.skipIf(!existsSync(sample))('gas of transfers stands in the measured sample', () => {
  const rows = readFileSync(sample, 'utf8').trim().split('\n').slice(1)
  const used = rows.map((row) => row.split(',').map(Number) as [number, number, number])
  const ether = used.filter(([, gas, bytes]) => gas === transferGas.ether.gas && bytes === 0)
  expect(ether.length / used.length).toBeGreaterThan(0.3)
  // An ERC-20 transfer has 68 bytes of calldata: four of the function, 32 twice.
  const tokens = used.flatMap(([, gas, bytes]) => (bytes === 68 ? [gas] : []))
  const rank = (gas: number): number =>
    tokens.filter((other) => other < gas).length / tokens.length
  expect(tokens).toContain(transferGas.token.gas)
  expect(tokens).toContain(transferGas.tokenToNewHolder.gas)
  expect(rank(transferGas.token.gas)).toBeGreaterThan(0.25)
  expect(rank(transferGas.token.gas)).toBeLessThan(0.5)
  expect(rank(transferGas.tokenToNewHolder.gas)).toBeGreaterThan(0.75)
  expect(rank(transferGas.tokenToNewHolder.gas)).toBeLessThan(0.9)
})
