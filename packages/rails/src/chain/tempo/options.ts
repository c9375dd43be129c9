import type { Time } from '@counterpoise/engine'
import type {
  MicroUsd,
  TempoPool,
  TempoRebalancing,
  TempoRules,
  TempoToken,
} from '@counterpoise/ledger'

/** A stablecoin, and the share of the accounts that pay with it. */
export type TempoCurrency = TempoToken & { share: number }

/** How a chain executes by Tempo's rules; units are gas, prices are attodollars per gas. */
export type TempoOptions = {
  rules: TempoRules
  /** Caps of a block's general lane and of a transaction, gas. */
  generalGas: number
  transactionGas: number
  /** Signed for at least, and held in advance at the price of the bid. */
  gasLimit: number
  build: TempoBuildOptions
  /** The first one is what producers take who name none. */
  tokens: readonly TempoCurrency[]
  pools: readonly TempoPool[]
  /** By the name of the validator. */
  validatorTokens: Readonly<Record<string, string>>
  rebalancing: TempoRebalancing
  /** Which tokens accounts hold at the start: the one that they pay with, or all. */
  holdings: 'own' | 'all'
  nonces: TempoNonceOptions
  /** Shares of payments, from 0 to 1. */
  shares: TempoShares
  /** A payment that is no plain transfer of a TIP-20 token. */
  generalCall: { gas: number; bytes: number }
}

export type TempoBuildOptions = {
  /** From the start of the leader's work until its block must be with the others, µs. */
  budget: Time
  /** What building takes on top of executing, a factor. */
  multiplier: number
  /** Speed of the builder, gas per second; 0: takes no time. */
  gasPerSecond: number
  persistNsPerByte: number
}

export type TempoNonceOptions = {
  /** Weights of the kinds, by any unit. */
  protocol: number
  key: number
  expiring: number
  /** Keys of an account. */
  keys: number
  /** How long a transaction with an expiring nonce is valid, whole seconds. */
  validForSeconds: number
}

export type TempoShares = {
  /** To a virtual address. */
  virtualAddress: number
  /** Signed by an access key. */
  keychain: number
  /** Signed by P-256. */
  p256: number
  /** By a contract, in the general lane. */
  general: number
  /** Whose fee the payee pays out of what it gets. */
  sponsored: number
}

/** What a chain by Tempo's rules has done, from the view of its best informed node. */
export type TempoRecords = {
  blocks: number
  transactions: number
  payments: number
  /** Gas of all blocks; `otherGas` is part of `generalGas`, which is part of `gas`. */
  gas: number
  generalGas: number
  otherGas: number
  /** Payments in each block, by height from 1. */
  paymentCounts: Int32Array
  /** Attodollars per gas, by height from 1. */
  baseFees: Float64Array
  /** Blocks by what ended them. */
  stops: ReadonlyMap<string, number>
  /** What payers have paid, by token, and what producers have received after the Fee AMM. */
  fees: ReadonlyMap<string, MicroUsd>
  received: ReadonlyMap<string, MicroUsd>
  /** Transactions whose calls were undone and whose fee was paid. */
  refused: number
}
