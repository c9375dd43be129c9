import { BaseError } from '@counterpoise/engine'

/** Gas of any transaction: TX_BASE_COST. */
const intrinsicGas = 21_000

/** Limit of one transaction's gas, 2²⁴: EIP-7825. */
export const transactionGasLimit = 16_777_216

/** What a payment does on chain. */
export type TransferKind = 'ether' | 'token' | 'tokenToNewHolder'

export type TransferGas = {
  /** Gas of the transaction; before Glamsterdam all there is. */
  gas: number
  /** Gas that pays for new state, counted apart from Glamsterdam on (EIP-8037). */
  stateGas: number
  source: string
}

/**
 * What a transfer costs. `token` moves an ERC-20 balance to somebody who holds some already;
 * `tokenToNewHolder` opens a storage slot for the receiver.
 */
export const transferGas: Readonly<Record<TransferKind, TransferGas>> = {
  ether: { gas: intrinsicGas, stateGas: 0, source: 'Yellow paper, TX_BASE_COST' },
  token: {
    gas: 46_109,
    stateGas: 0,
    source: 'EIP-4488 sample of November 2021 (CC0): a frequent value for 68 bytes of calldata',
  },
  tokenToNewHolder: {
    gas: 63_209,
    stateGas: 0,
    source: 'EIP-4488 sample of November 2021 (CC0): the same transfers 17,100 gas dearer',
  },
}

/** The same under Glamsterdam as planned in August 2026: EIP-2780, EIP-8037, EIP-8038. */
export const glamsterdamTransferGas: Readonly<Record<TransferKind, TransferGas>> = {
  ether: {
    gas: intrinsicGas,
    stateGas: 0,
    source: 'EIP-2780: 12,000 + 3,000 + 6,000, to an account that exists',
  },
  token: { gas: 45_000, stateGas: 0, source: 'about the same execution as before; provisional' },
  tokenToNewHolder: {
    gas: 45_000,
    stateGas: 97_920,
    source: 'EIP-8037: 64 bytes of new storage at 1,530 gas a byte; provisional',
  },
}

export type CalldataCost = {
  zeroBytes: number
  nonZeroBytes: number
  /** Gas of what the transaction executes. */
  executionGas: number
  /** EIP-7623 (Prague): calldata costs 10 gas a token at least, if it does little else. */
  floor: boolean
}

/** Gas of a transaction with calldata: 4 gas a token, of which a byte other than 0 makes four. */
export function calldataGas(cost: CalldataCost): number {
  const tokens = cost.zeroBytes + 4 * cost.nonZeroBytes
  const usual = 4 * tokens + cost.executionGas
  return intrinsicGas + (cost.floor ? Math.max(usual, 10 * tokens) : usual)
}

/** What a payer offers and what the block asks: all in wei per gas. */
export type GasPrice = { baseFee: number; maximumFee: number; maximumTip: number }

/** What a transaction pays per gas: burned, and to the proposer. Undefined: not includable. */
export function paidPerGas(price: GasPrice): { burned: number; tip: number } | undefined {
  const { baseFee, maximumFee, maximumTip } = price
  if (maximumFee < baseFee) return undefined
  return { burned: baseFee, tip: Math.min(maximumTip, maximumFee - baseFee) }
}

/**
 * Price of a payment, USD.
 *
 * @param weiPerGas base fee and tip.
 * @param usdPerEther price of 1 ETH.
 */
export function costUsd(gas: number, weiPerGas: number, usdPerEther: number): number {
  return (gas * weiPerGas * usdPerEther) / 1e18
}

/** Most payments per second that blocks of 12 s hold, at full blocks. */
export const paymentsPerSecond = (gasLimit: number, gas: number): number => gasLimit / (12 * gas)

/**
 * The gas limit of the next block on the way to what proposers want: it moves by less than a
 * 1,024th of the parent's, and never below 5,000 (Yellow paper, 4.4.4).
 *
 * @throws BaseError for limits below 5,000.
 */
export function nextGasLimit(parent: number, wanted: number): number {
  for (const limit of [parent, wanted]) {
    if (Number.isSafeInteger(limit) && limit >= 5_000) continue
    throw new BaseError('A gas limit is an integer of at least 5,000.', {
      metaMessages: [`Found: ${limit}`],
    })
  }
  const step = Math.floor(parent / 1_024) - 1
  return wanted > parent ? Math.min(wanted, parent + step) : Math.max(wanted, parent - step)
}
