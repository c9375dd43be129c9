/** What the nodes of the adversary know and can do together; they see all at once. */
export type AdversaryTurn = {
  slot: number
  /** Does one of them propose in that slot? */
  proposes: (slot: number) => boolean
  /** The head that honest nodes follow now. */
  publicHead: number
  /** The head that they would follow if no chain above the final block were objectionable. */
  cleanHead: () => number
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
}

/** How the adversary's validators of a slot vote. */
export type VotePlan = {
  head?: number | undefined
  withhold?: boolean | undefined
  /** A second vote of the same validators, which contradicts the first. */
  second?: number | undefined
}

/** A way to attack, asked once at every step; it remembers what it has done. */
export type Strategy = {
  name: string
  propose?: ((turn: AdversaryTurn) => ProposalPlan) | undefined
  /** Told which block came of a plan. */
  proposed?: ((turn: AdversaryTurn, block: number) => void) | undefined
  vote?: ((turn: AdversaryTurn) => VotePlan) | undefined
  /** At a slot's beginning: true publishes all that was kept back, before votes are due. */
  release?: ((turn: AdversaryTurn) => boolean) | undefined
}
