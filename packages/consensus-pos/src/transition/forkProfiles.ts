import { BaseError } from '@counterpoise/engine'
import { type ForkName, forkNames, type ForkProfile } from './forkProfile.ts'

const quarter = 250_000_000

/** Source of all: consensus-specs at a08d8a6e, presets and configuration of mainnet. */
const altair: ForkProfile = {
  name: 'altair',
  mainnetEpoch: 74_240,
  rewards: {
    baseRewardFactor: 64,
    sourceWeight: 14,
    targetWeight: 26,
    headWeight: 14,
    syncWeight: 2,
    proposerWeight: 8,
    denominator: 64,
  },
  inactivity: {
    quietEpochs: 4,
    scoreBias: 4,
    scoreRecovery: 16,
    penaltyQuotient: 50_331_648, // 3 · 2²⁴
  },
  slashing: {
    initialQuotient: 64,
    multiplier: 2,
    whistleblowerQuotient: 512,
    correlation: 'etherwise',
    vectorEpochs: 8_192,
    attesterMaximum: 2,
    proposerMaximum: 16,
    spansCommittees: false,
  },
  balances: {
    maximumEther: 32,
    activationEther: 32,
    ejectionEther: 16,
    hysteresisDownGwei: quarter,
    hysteresisUpGwei: 5 * quarter,
  },
  churn: { kind: 'count', quotient: 65_536, minimum: 4 },
  deposits: { kind: 'immediate' },
  slot: { attestationDueBps: 3_333, aggregateDueBps: 6_667, proposerReorgCutoffBps: 1_667 },
  // 70 % until 2022; the specification keeps one value for all forks.
  forkChoice: { proposerBoost: 0.4, newerVote: 'epoch', inclusionSlots: 32 },
}

const bellatrix: ForkProfile = {
  ...altair,
  name: 'bellatrix',
  mainnetEpoch: 144_896,
  inactivity: { ...altair.inactivity, penaltyQuotient: 16_777_216 },
  slashing: { ...altair.slashing, initialQuotient: 32, multiplier: 3 },
}

const capella: ForkProfile = {
  ...bellatrix,
  name: 'capella',
  mainnetEpoch: 194_048,
  withdrawalsPerBlock: 16,
}

const deneb: ForkProfile = {
  ...capella,
  name: 'deneb',
  mainnetEpoch: 269_568,
  churn: { kind: 'count', quotient: 65_536, minimum: 4, activationMaximum: 8 },
  forkChoice: { proposerBoost: 0.4, newerVote: 'epoch' },
}

const electra: ForkProfile = {
  ...deneb,
  name: 'electra',
  mainnetEpoch: 364_032,
  slashing: {
    ...deneb.slashing,
    initialQuotient: 4_096,
    whistleblowerQuotient: 4_096,
    correlation: 'incrementwise',
    attesterMaximum: 1,
    spansCommittees: true,
  },
  balances: { ...deneb.balances, compoundingMaximumEther: 2_048 },
  churn: {
    kind: 'balance',
    quotient: 65_536,
    minimum: 128,
    activationMaximum: 256,
    exitMaximum: 256,
  },
  deposits: { kind: 'pending', maximumPerEpoch: 16 },
  partialWithdrawalsPerBlock: 8,
}

/** Proposers are fixed an epoch ahead, more blobs: nothing that the transition of balances sees. */
const fulu: ForkProfile = { ...electra, name: 'fulu', mainnetEpoch: 411_392 }

const gloas: ForkProfile = {
  ...fulu,
  name: 'gloas',
  mainnetEpoch: undefined,
  churn: {
    kind: 'balance',
    quotient: 32_768,
    minimum: 128,
    activationMaximum: 256,
    consolidationQuotient: 65_536,
  },
  slot: { attestationDueBps: 2_500, aggregateDueBps: 5_000, proposerReorgCutoffBps: 1_667 },
  forkChoice: { ...fulu.forkChoice, newerVote: 'slot' },
  payload: { dueBps: 5_000, voteDueBps: 7_500, committee: 512 },
  builders: {
    quorumNumerator: 6,
    quorumDenominator: 10,
    minimumGwei: 1_000_000_000,
    withdrawalsPerPayload: 15,
  },
  slashedNeverPropose: true,
}

const heze: ForkProfile = {
  ...gloas,
  name: 'heze',
  slot: { ...gloas.slot, inclusionListDueBps: 6_667 },
  inclusionListCommittee: 16,
}

/** Every fork's rules; what stands on mainnet since December 2025 is `fulu`. */
export const forkProfiles: Readonly<Record<ForkName, ForkProfile>> = {
  altair,
  bellatrix,
  capella,
  deneb,
  electra,
  fulu,
  gloas,
  heze,
}

/** A fork that nobody knows, or one without the rules that a run needs. */
export class ForkProfileError extends BaseError {
  override name = 'ForkProfileError' as const
  /** Where in the input the reason stands. */
  path: string

  constructor(path: string, message: string, metaMessages: readonly string[] = []) {
    super(`${path}: ${message}`, { metaMessages, docsPath: 'proof-of-stake.md#forks' })
    this.path = path
  }
}

/** The profile of that name. @throws ForkProfileError where there is none. */
export function forkProfile(name: string, path = 'fork'): ForkProfile {
  if (Object.hasOwn(forkProfiles, name)) return forkProfiles[name as ForkName]
  throw new ForkProfileError(path, `there is no fork '${name}'.`, [
    `Expected: one of ${forkNames.join(', ')}`,
  ])
}
