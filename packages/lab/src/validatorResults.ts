/** Changes of validators that are planned, and those that a block had registered by the end. */
export type ValidatorChangeFigures = { planned: number; registered: number }

/** Validators that depart from the protocol, in the committee where they have most. */
export type LiarFigures = {
  /** Those who have votes, the liars included. */
  validators: number
  liars: number
  /** How many the protocol promises to survive among so many of equal weight. */
  survivable: number
  /** The same as parts of all votes. */
  liars_share: number
  survivable_share: number
  /** Whether there are more than that: the protocol promises nothing then. */
  too_many: boolean
}

/** Validators that outages took down at the same time, at the worst moment of the run. */
export type DownFigures = {
  /** Those who have votes. */
  validators: number
  down: number
  /** With those that depart from the protocol, whom it has to survive as well. */
  failing: number
  /** How many the protocol promises to survive among so many of equal weight. */
  survivable: number
  /** The same as parts of all votes. */
  failing_share: number
  survivable_share: number
  /** For how long more failed than it survives, s; it promises nothing then. */
  beyond_s: number
}

/** An association whose members validate, after all motions. */
export type AssociationFigures = {
  members: number
  /** What a further change of members needs, where nobody is recused. */
  votes_needed: number
  /** Motions by what became of them. */
  motions: Record<string, number>
  /** The same one by one, in their order. */
  decisions: { what: 'admit' | 'remove'; member: string; verdict: string }[]
}
