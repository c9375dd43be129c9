/** What an attacker can do when something has happened. */
export const actions = {
  /** Gives up its own branch and mines on the public one. */
  adopt: 0,
  /** Publishes one block more than the public branch has. */
  override: 1,
  /** Publishes as many blocks as the public branch has, at the moment it hears of its last one. */
  match: 2,
  /** Goes on mining, publishes nothing. */
  wait: 3,
  /** Publishes its whole branch. */
  release: 4,
} as const

export type Action = (typeof actions)[keyof typeof actions]

/** How its branch and the public one stand to each other. */
export const forks = {
  /** The attacker found the last block: too late to match. */
  irrelevant: 0,
  /** The public branch has just got longer. */
  relevant: 1,
  /** Both branches are public, and the others are split. */
  active: 2,
} as const

export type Fork = (typeof forks)[keyof typeof forks]

/** How a miner decides, told apart from what it decides about. */
export type Strategy = {
  name: string
  /**
   * @param own Blocks of its branch since the fork.
   * @param others Blocks of the public branch since the fork.
   * @param targeted The public branch has a block that the attacker wants to see gone.
   */
  decide: (own: number, others: number, fork: Fork, targeted: boolean) => Action
  /** From which state on what it does counts as an attempt; without it, nothing is counted. */
  begins?: ((own: number, others: number, targeted: boolean) => boolean) | undefined
  /** Part of the others' blocks with what the attacker wants to see gone, 0 … 1; 0 by default. */
  targetShare?: number | undefined
}

/** A miner, alone or with allies, that withholds blocks or leaves blocks aside. */
export type Attack = {
  strategy: Strategy
  /** Number of the miner that attacks. */
  miner: number
  /** Miners that work on the attacker's branch: eclipsed ones, or members of its pool. */
  allies?: readonly number[] | undefined
  /**
   * Share of the others' hash rate that mines on the attacker's block in a tie, 0 … 1. Without it,
   * each miner stays with the block that reaches it first.
   */
  gamma?: number | undefined
}

/** How an attack went. */
export type AttackResult = {
  strategy: string
  /** Attempts that have come to an end. */
  attempts: number
  /** Of these, the ones that ended with the attacker's branch published ahead of the public one. */
  successes: number
  /** Found blocks, all miners', in attempts that have come to an end. */
  blocksInAttempts: number
  /** Blocks that others found on one of two public branches while these were level. */
  tieBlocks: number
  /** Of these, the ones on the attacker's branch; their share is γ. */
  tieBlocksOnOwn: number
}
