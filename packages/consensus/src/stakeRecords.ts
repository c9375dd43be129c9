/** What a chain of proof of stake shows besides its blocks, up to the slot that is over last. */
export type StakeRecords = {
  /** Length of a slot, µs; the first begins at 0. */
  slotTime: number
  slots: number
  /** Slots without a block. */
  missedSlots: number
  /** Blocks that were published and that the observer's chain left behind. */
  orphaned: number
  /** Times a proposer left a late head out. */
  proposerReorgs: number
  /** How often the observer's head changed to another branch, by blocks left behind. */
  reorgDepths: ReadonlyMap<number, number>
  /** Share of the stake that voted, and of the votes for the block that stayed in the chain. */
  participation: number
  headAccuracy: number
  /** Mean distance of the justified and of the final checkpoint at the end of a slot, epochs. */
  justifiedDistance: number
  finalisedDistance: number
  /** Validators at the beginning and now, and their effective balance, ETH. */
  validators: { start: number; end: number }
  effectiveEther: { start: number; end: number }
  /** Validators that were slashed so far, and the effective balance that they have left, ETH. */
  slashed: { validators: number; effectiveEther: number }
  /** Balances of all validators together, Gwei. */
  balanceGwei: { start: bigint; end: bigint }
  /** The same by operator, in the order of the members. */
  balancesByOperator: ReadonlyMap<string, { start: bigint; end: bigint }>
  /** Where the chain's blocks came from; absent where nothing is said of that. */
  sources?: BlockSourceRecords | undefined
  /** Accounts whose payments some leave out of blocks; absent where nobody is named. */
  sanctioned?: ReadonlySet<number> | undefined
}

/** Blocks of a chain by who built them and who passed them on. */
export type BlockSourceRecords = {
  blocks: number
  /** By builders, over relays. */
  relayed: number
  /** Whose source leaves payments of sanctioned accounts out. */
  censoring: number
  byBuilder: ReadonlyMap<string, number>
  byRelay: ReadonlyMap<string, number>
}
