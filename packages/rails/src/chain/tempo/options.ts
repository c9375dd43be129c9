import type { Distribution, Time } from '@counterpoise/engine'
import type {
  MicroUsd,
  TempoPolicy,
  TempoPool,
  TempoRebalancing,
  TempoRules,
  TempoToken,
  ValidatorChange,
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
  /** TIP-403 policies; none without them. */
  policies?: TempoPolicyOptions | undefined
  /** What the owner of the validators' contract does; nothing without it. */
  validators?: TempoValidatorOptions | undefined
  /** Shares of payments, from 0 to 1. */
  shares: TempoShares
  batches: TempoBatchOptions
  charges: TempoChargeOptions
  sessions: TempoSessionOptions
  /** A payment that is no plain transfer of a TIP-20 token. */
  generalCall: { gas: number; bytes: number }
}

export type TempoValidatorOptions = {
  /** Gas of the general lane that a change takes. */
  gas: number
  /** In the order of their times; votes of the validators, without those who only follow. */
  changes: readonly ValidatorChange[]
}

export type TempoPolicyOptions = {
  /** Accounts, of which shares are listed. */
  accounts: number
  /** Gas of the general lane that an update takes. */
  updateGas: number
  /** `listed` is the share of the accounts that is on its list at first. */
  policies: readonly (Omit<TempoPolicy, 'token'> & { token: string; listed: number })[]
  /** What the admins of policies do, in any order. */
  updates: readonly TempoPolicyChange[]
}

/** A share of the accounts comes on a list or off it; smaller shares are parts of larger ones. */
export type TempoPolicyChange = { at: Time; policy: number; share: number; isListed: boolean }

/** Payers who send several payments in one transaction, all or none of which are carried out. */
export type TempoBatchOptions = {
  /** Of the accounts. */
  share: number
  /** How long a payer gathers payments, from the first one, µs. */
  window: Time
  callsMax: number
  /** What a further transfer adds to a transaction. */
  bytesPerCall: number
}

/** Payments for single requests by the Machine Payments Protocol: a transfer each. */
export type TempoChargeOptions = {
  /** Of payments. */
  share: number
  /** From the request until its payer has the terms of payment, and pays, ms. */
  challengeMs: Distribution
}

/** Payments by voucher on a channel, by the Machine Payments Protocol. */
export type TempoSessionOptions = {
  /** Of the pairs of payer and payee. */
  share: number
  /** What is deposited when a channel is opened, and added when it is used up, millionths. */
  deposit: MicroUsd
  /** From the request until its payee has checked the voucher, ms. */
  voucherMs: Distribution
  /** How long after a payment its payee settles on the chain, µs; only at the end without it. */
  settleEvery?: Time | undefined
  /** For how long no payment comes until its payee closes the channel, µs. */
  closeAfter: Time
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
  /** Whose fee the payee pays, as the sponsor of the transaction. */
  sponsored: number
}

/** Transactions of sessions that are final, and vouchers that payees have. */
export type TempoSessionRecords = {
  opened: number
  toppedUp: number
  settled: number
  closed: number
  vouchers: number
}

/** What a chain by Tempo's rules has done, from the view of its best informed node. */
export type TempoRecords = {
  blocks: number
  transactions: number
  payments: number
  /** Payments in transactions with several, and those for single requests. */
  batched: number
  charges: number
  sessions: TempoSessionRecords
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
  /** Updates of policies, and changes of validators, that the chain has executed. */
  policyUpdates: number
  validatorChanges: number
  /** Transactions whose calls were undone and whose fee was paid. */
  refused: number
}
