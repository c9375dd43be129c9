/** What the nodes of the adversary know and can do together; they see all at once. */
export type AdversaryTurn = {
  slot: number
  /** Does one of them propose in that slot? */
  proposes: (slot: number) => boolean
  /** The head that honest nodes follow now. */
  publicHead: number
  /** The head that they would follow if no chain above the final block were objectionable. */
  cleanHead: () => number
  /**
   * What all votes that are there, some of them on their way, will weigh for a block and what
   * follows it when the next slot begins, ETH, without the boost.
   */
  forecast: () => (block: number) => number
  /** What a timely block is lent, and the stake behind votes that are held back, ETH. */
  boostEther: number
  heldEther: () => number
  /** The half of the nodes to which this slot's proposer belongs; undefined for one's own. */
  proposerHalf: number | undefined
  slotOf: (block: number) => number
  parentOf: (block: number) => number
}

/** How an adversary's block is made. */
export type ProposalPlan = {
  parent?: number | undefined
  /** Kept back until `release`. */
  hidden?: boolean | undefined
  /** Published so long after the slot began, ms. */
  delayMs?: number | undefined
  /** Built without the payments that censors leave out. */
  censors?: boolean | undefined
  /** A second block is published, to the nodes of the other half only. */
  equivocates?: boolean | undefined
  /** No block at all. */
  skips?: boolean | undefined
  /** Where links are cut: a block for each side, upon the head that it follows. */
  onEachSide?: boolean | undefined
}

/** How the adversary's validators of a slot vote. */
export type VotePlan = {
  head?: number | undefined
  withhold?: boolean | undefined
  /** A second vote of the same validators, which contradicts the first. */
  second?: number | undefined
  /** Says nothing yet: `sway` may say it later. */
  holds?: boolean | undefined
  /** Where links are cut: a vote on each side for the head that it follows. */
  onEachSide?: boolean | undefined
}

/** Votes held back so far, for a head: one half has them before it votes, the other one later. */
export type Swaying = { head: number; half: number; ether: number }

/** A way to attack, asked once at every step; it remembers what it has done. */
export type Strategy = {
  name: string
  propose?: ((turn: AdversaryTurn) => ProposalPlan) | undefined
  /** Told which block came of a plan. */
  proposed?: ((turn: AdversaryTurn, block: number) => void) | undefined
  vote?: ((turn: AdversaryTurn) => VotePlan) | undefined
  /** At a slot's beginning: true publishes all that was kept back, before votes are due. */
  release?: ((turn: AdversaryTurn) => boolean) | undefined
  /** When aggregates are out, the turn being the next slot's: votes that are cast only now. */
  sway?: ((turn: AdversaryTurn) => readonly Swaying[]) | undefined
}
