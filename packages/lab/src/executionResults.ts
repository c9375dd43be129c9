/** Who decides on a chain whose committee can change. */
export type CommitteeFigures = {
  /** At the end. */
  validators: string[]
  /** How many these are. */
  size: number
  /** Epochs that have ended, and those whose ceremony failed, so that the committee stayed. */
  epochs: number
  failed_ceremonies: number
  /** Ends of epochs after which others decide. */
  changes: { at_s: number; height: number; joined: string[]; left: string[] }[]
}

/** What a chain by Tempo's rules has done. */
export type ExecutionFigures = {
  /** In the chain. */
  transactions: number
  /** Payments in transactions with several. */
  batched_payments: number
  /** Payments for single requests, MPP's charges, that were signed. */
  charges: number
  /** MPP's sessions: what was done to channels on the chain, and payments by voucher besides. */
  sessions: {
    opened: number
    topped_up: number
    settled: number
    closed: number
    vouchers: number
    /** Vouchers less those transactions. */
    transactions_saved: number
  }
  payments_per_block: { mean: number; max: number } | null
  /** Of all blocks, both lanes and other traffic. */
  gas_used: number
  gas_per_s: number
  gas_per_block: number | null
  /** Parts of the gas used: payments and the general lane, other traffic included in that. */
  lane_share: { payment: number; general: number }
  other_traffic_gas: number
  /** Attodollars (1e-18 USD) per gas, by block. */
  base_fee: { mean: number; min: number; max: number; end: number } | null
  /** What payers have paid, by token, and what producers have got after the Fee AMM. */
  fees_by_token_usd: Record<string, number>
  producer_fees_by_token_usd: Record<string, number>
  /** What the providers of the Fee AMM's liquidity have earned on fees. */
  fee_amm_usd: number
  /** Blocks by what ended them: gas limit, size limit, build budget, pool empty. */
  blocks_by_stop: Record<string, number>
  /** Accounts whose place on a policy's list the chain has changed. */
  policy_updates: number
  /** Changes of the validators that the chain has registered. */
  validator_changes: number
  /** Transactions in blocks whose calls were undone; their fee is paid. */
  refused_transactions: number
  /** Payments that the rules kept out or refused, by reason; parts of `failed_by_reason`. */
  refused_by_reason: Record<string, number>
}
