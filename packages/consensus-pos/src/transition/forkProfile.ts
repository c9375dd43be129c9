/** The forks of Ethereum since Altair, in their order. */
export const forkNames = [
  'altair',
  'bellatrix',
  'capella',
  'deneb',
  'electra',
  'fulu',
  'gloas',
  'heze',
] as const

export type ForkName = (typeof forkNames)[number]

/** Shares of the base reward, in 64ths. */
export type RewardRules = {
  /** BASE_REWARD_FACTOR. */
  baseRewardFactor: number
  sourceWeight: number
  targetWeight: number
  headWeight: number
  syncWeight: number
  proposerWeight: number
  /** WEIGHT_DENOMINATOR. */
  denominator: number
}

/** What absence costs while nothing is finalised. */
export type InactivityRules = {
  /** A leak begins when so many epochs have passed since the finalised one. */
  quietEpochs: number
  scoreBias: number
  scoreRecovery: number
  /** INACTIVITY_PENALTY_QUOTIENT. */
  penaltyQuotient: number
}

export type SlashingRules = {
  /** Part of the effective balance that is lost at once: one in this. */
  initialQuotient: number
  /** PROPORTIONAL_SLASHING_MULTIPLIER. */
  multiplier: number
  /** Part of the effective balance that rewards the report: one in this. */
  whistleblowerQuotient: number
  /** `etherwise`: the correlation penalty is rounded down to whole ETH (before Electra). */
  correlation: 'etherwise' | 'incrementwise'
  /** Epochs that are counted together; half of them pass until the correlation penalty. */
  vectorEpochs: number
  /** MAX_ATTESTER_SLASHINGS and MAX_PROPOSER_SLASHINGS of a block. */
  attesterMaximum: number
  proposerMaximum: number
  /** Whether one report covers all committees of a slot (EIP-7549), or only one of them. */
  spansCommittees: boolean
}

export type BalanceRules = {
  /** The highest effective balance, ETH, and that of compounding credentials where they exist. */
  maximumEther: number
  compoundingMaximumEther?: number | undefined
  activationEther: number
  ejectionEther: number
  /** How far a balance falls below, or rises above, before the effective one follows, Gwei. */
  hysteresisDownGwei: number
  hysteresisUpGwei: number
}

/** How many may come and go per epoch. */
export type ChurnRules =
  | {
      /** By number of validators: one in `quotient`, at least `minimum`. */
      kind: 'count'
      quotient: number
      minimum: number
      /** MAX_PER_EPOCH_ACTIVATION_CHURN_LIMIT, from Deneb on (EIP-7514). */
      activationMaximum?: number | undefined
    }
  | {
      /** By balance, ETH: one part in `quotient`, at least `minimum`. */
      kind: 'balance'
      quotient: number
      minimum: number
      activationMaximum: number
      /** Without it exits have no maximum (Gloas, EIP-8061). */
      exitMaximum?: number | undefined
      /** Without it consolidations get what activations and exits leave of the churn. */
      consolidationQuotient?: number | undefined
    }

export type DepositRules =
  /** A deposit makes a validator in the block that holds it. */
  | { kind: 'immediate' }
  /** Deposits wait until they are final and have a place in the churn (EIP-7251). */
  | { kind: 'pending'; maximumPerEpoch: number }

/** When a node has to act, in hundredths of a per cent of the slot. */
export type SlotRules = {
  attestationDueBps: number
  aggregateDueBps: number
  proposerReorgCutoffBps: number
  /** Until when inclusion lists count (EIP-7805). */
  inclusionListDueBps?: number | undefined
}

/** Payloads that come apart from their blocks (EIP-7732). */
export type PayloadRules = {
  /** Until when the builder has to show it, and when the committee votes, of the slot. */
  dueBps: number
  voteDueBps: number
  /** Members of the payload timeliness committee; more than a half of them decide. */
  committee: number
}

/** Builders that bid for blocks and pay from balances of their own (EIP-7732). */
export type BuilderRules = {
  /** BUILDER_PAYMENT_THRESHOLD: with so much of a slot's stake what is kept back pays, too. */
  quorumNumerator: number
  quorumDenominator: number
  /** MIN_DEPOSIT_AMOUNT, which stays with a builder, Gwei. */
  minimumGwei: number
  /** Payments that one payload makes at most: one less than MAX_WITHDRAWALS_PER_PAYLOAD. */
  withdrawalsPerPayload: number
}

/** What LMD-GHOST weighs. */
export type ForkChoiceRules = {
  /** Share of a slot's committee that a timely block is lent. */
  proposerBoost: number
  /** A vote replaces an older one by epoch, or by slot (Gloas). */
  newerVote: 'epoch' | 'slot'
  /** Votes with this distance, in slots, may still be included; without it until the next epoch. */
  inclusionSlots?: number | undefined
}

/** One fork's rules as data. A rule that is missing does not exist in that fork. */
export type ForkProfile = {
  name: string
  /** The epoch of mainnet in which it began; missing where it has not. */
  mainnetEpoch?: number | undefined
  rewards: RewardRules
  inactivity: InactivityRules
  slashing: SlashingRules
  balances: BalanceRules
  churn: ChurnRules
  deposits: DepositRules
  /** Withdrawals in one block; none before Capella. */
  withdrawalsPerBlock?: number | undefined
  /** Of them at most so many that were asked for; from Electra on (EIP-7002). */
  partialWithdrawalsPerBlock?: number | undefined
  slot: SlotRules
  forkChoice: ForkChoiceRules
  /** Missing where a block holds its payload. */
  payload?: PayloadRules | undefined
  /** Missing where builders pay outside of the protocol. */
  builders?: BuilderRules | undefined
  /** Members of an inclusion list committee (EIP-7805). */
  inclusionListCommittee?: number | undefined
  /** Slashed validators propose no longer (EIP-8045). */
  slashedNeverPropose?: boolean | undefined
}
