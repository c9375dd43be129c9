import { describe, expect, test } from 'vitest'
import { type ForkName, forkNames, type ForkProfile } from './forkProfile.ts'
import { forkProfiles } from './forkProfiles.ts'

/** What a rule says, fork by fork as far as it changes; `undefined` where it does not exist. */
type History = Partial<Record<ForkName, number | string | boolean | undefined>>

/** The value in each fork: that of the last fork that has changed it. */
function spelledOut(history: History): unknown[] {
  let value: unknown
  return forkNames.map((name) => (value = name in history ? history[name] : value))
}

// The names of the constants are those of consensus-specs, presets and configuration of mainnet.
const rules: [string, (profile: ForkProfile) => unknown, History][] = [
  ['BASE_REWARD_FACTOR', ({ rewards }) => rewards.baseRewardFactor, { altair: 64 }],
  ['TIMELY_SOURCE_WEIGHT', ({ rewards }) => rewards.sourceWeight, { altair: 14 }],
  ['TIMELY_TARGET_WEIGHT', ({ rewards }) => rewards.targetWeight, { altair: 26 }],
  ['TIMELY_HEAD_WEIGHT', ({ rewards }) => rewards.headWeight, { altair: 14 }],
  ['SYNC_REWARD_WEIGHT', ({ rewards }) => rewards.syncWeight, { altair: 2 }],
  ['PROPOSER_WEIGHT', ({ rewards }) => rewards.proposerWeight, { altair: 8 }],
  ['WEIGHT_DENOMINATOR', ({ rewards }) => rewards.denominator, { altair: 64 }],
  ['MIN_EPOCHS_TO_INACTIVITY_PENALTY', ({ inactivity }) => inactivity.quietEpochs, { altair: 4 }],
  ['INACTIVITY_SCORE_BIAS', ({ inactivity }) => inactivity.scoreBias, { altair: 4 }],
  ['INACTIVITY_SCORE_RECOVERY_RATE', ({ inactivity }) => inactivity.scoreRecovery, { altair: 16 }],
  [
    'INACTIVITY_PENALTY_QUOTIENT',
    ({ inactivity }) => inactivity.penaltyQuotient,
    { altair: 3 * 2 ** 24, bellatrix: 2 ** 24 },
  ],
  [
    'MIN_SLASHING_PENALTY_QUOTIENT',
    ({ slashing }) => slashing.initialQuotient,
    { altair: 64, bellatrix: 32, electra: 4_096 },
  ],
  [
    'PROPORTIONAL_SLASHING_MULTIPLIER',
    ({ slashing }) => slashing.multiplier,
    { altair: 2, bellatrix: 3 },
  ],
  [
    'WHISTLEBLOWER_REWARD_QUOTIENT',
    ({ slashing }) => slashing.whistleblowerQuotient,
    { altair: 512, electra: 4_096 },
  ],
  ['EPOCHS_PER_SLASHINGS_VECTOR', ({ slashing }) => slashing.vectorEpochs, { altair: 8_192 }],
  ['MAX_ATTESTER_SLASHINGS', ({ slashing }) => slashing.attesterMaximum, { altair: 2, electra: 1 }],
  ['MAX_PROPOSER_SLASHINGS', ({ slashing }) => slashing.proposerMaximum, { altair: 16 }],
  [
    'EIP-7549, committees in one attestation',
    ({ slashing }) => slashing.spansCommittees,
    { altair: false, electra: true },
  ],
  [
    'EIP-7251, rounding of the correlation penalty',
    ({ slashing }) => slashing.correlation,
    { altair: 'etherwise', electra: 'incrementwise' },
  ],
  ['MAX_EFFECTIVE_BALANCE', ({ balances }) => balances.maximumEther, { altair: 32 }],
  [
    'MAX_EFFECTIVE_BALANCE_ELECTRA',
    ({ balances }) => balances.compoundingMaximumEther,
    { altair: undefined, electra: 2_048 },
  ],
  ['MIN_ACTIVATION_BALANCE', ({ balances }) => balances.activationEther, { altair: 32 }],
  ['EJECTION_BALANCE', ({ balances }) => balances.ejectionEther, { altair: 16 }],
  ['hysteresis downwards, Gwei', ({ balances }) => balances.hysteresisDownGwei, { altair: 25e7 }],
  ['hysteresis upwards, Gwei', ({ balances }) => balances.hysteresisUpGwei, { altair: 125e7 }],
  ['what churn counts', ({ churn }) => churn.kind, { altair: 'count', electra: 'balance' }],
  ['CHURN_LIMIT_QUOTIENT', ({ churn }) => churn.quotient, { altair: 65_536, gloas: 32_768 }],
  ['MIN_PER_EPOCH_CHURN_LIMIT', ({ churn }) => churn.minimum, { altair: 4, electra: 128 }],
  [
    'MAX_PER_EPOCH_ACTIVATION_CHURN_LIMIT',
    ({ churn }) => churn.activationMaximum,
    { altair: undefined, deneb: 8, electra: 256 },
  ],
  [
    'MAX_PER_EPOCH_ACTIVATION_EXIT_CHURN_LIMIT, for exits',
    ({ churn }) => (churn.kind === 'balance' ? churn.exitMaximum : undefined),
    { altair: undefined, electra: 256, gloas: undefined },
  ],
  [
    'CONSOLIDATION_CHURN_LIMIT_QUOTIENT',
    ({ churn }) => (churn.kind === 'balance' ? churn.consolidationQuotient : undefined),
    { altair: undefined, gloas: 65_536 },
  ],
  [
    'MAX_PENDING_DEPOSITS_PER_EPOCH',
    ({ deposits }) => (deposits.kind === 'pending' ? deposits.maximumPerEpoch : undefined),
    { altair: undefined, electra: 16 },
  ],
  [
    'MAX_WITHDRAWALS_PER_PAYLOAD',
    (profile) => profile.withdrawalsPerBlock,
    { altair: undefined, capella: 16 },
  ],
  [
    'MAX_PENDING_PARTIALS_PER_WITHDRAWALS_SWEEP',
    (profile) => profile.partialWithdrawalsPerBlock,
    { altair: undefined, electra: 8 },
  ],
  ['ATTESTATION_DUE_BPS', ({ slot }) => slot.attestationDueBps, { altair: 3_333, gloas: 2_500 }],
  ['AGGREGATE_DUE_BPS', ({ slot }) => slot.aggregateDueBps, { altair: 6_667, gloas: 5_000 }],
  ['PROPOSER_REORG_CUTOFF_BPS', ({ slot }) => slot.proposerReorgCutoffBps, { altair: 1_667 }],
  ['PROPOSER_SCORE_BOOST', ({ forkChoice }) => forkChoice.proposerBoost, { altair: 0.4 }],
  [
    'what makes a vote newer',
    ({ forkChoice }) => forkChoice.newerVote,
    { altair: 'epoch', gloas: 'slot' },
  ],
  [
    'EIP-7045, slots within which votes are included',
    ({ forkChoice }) => forkChoice.inclusionSlots,
    { altair: 32, deneb: undefined },
  ],
  ['PAYLOAD_DUE_BPS', ({ payload }) => payload?.dueBps, { altair: undefined, gloas: 5_000 }],
  [
    'PAYLOAD_ATTESTATION_DUE_BPS',
    ({ payload }) => payload?.voteDueBps,
    { altair: undefined, gloas: 7_500 },
  ],
  ['PTC_SIZE', ({ payload }) => payload?.committee, { altair: undefined, gloas: 512 }],
  [
    'BUILDER_PAYMENT_THRESHOLD',
    ({ builders }) => builders && builders.quorumNumerator / builders.quorumDenominator,
    { altair: undefined, gloas: 0.6 },
  ],
  [
    'MIN_DEPOSIT_AMOUNT of builders',
    ({ builders }) => builders?.minimumGwei,
    { altair: undefined, gloas: 1e9 },
  ],
  [
    'withdrawals that a payload leaves to builders',
    ({ builders }) => builders?.withdrawalsPerPayload,
    { altair: undefined, gloas: 16 - 1 },
  ],
  ['EIP-8045', (profile) => profile.slashedNeverPropose, { altair: undefined, gloas: true }],
  [
    'VIEW_FREEZE_CUTOFF_BPS of inclusion lists',
    ({ slot }) => slot.inclusionListDueBps,
    { altair: undefined, heze: 6_667 },
  ],
  [
    'INCLUSION_LIST_COMMITTEE_SIZE',
    (profile) => profile.inclusionListCommittee,
    { altair: undefined, heze: 16 },
  ],
]

test.each(rules)('%s, fork by fork', (_name, read, history) => {
  expect(forkNames.map((name) => read(forkProfiles[name]))).toEqual(spelledOut(history))
})

describe('when forks began on mainnet', () => {
  /** The genesis of the beacon chain, 2020-12-01, and the length of an epoch, s. */
  const genesis = Date.UTC(2020, 11, 1, 12, 0, 23) / 1_000
  const epochSeconds = 32 * 12

  // By the announcements of ethereum.org.
  test.each([
    ['altair', '2021-10-27T10:56:23Z'],
    ['bellatrix', '2022-09-06T11:34:47Z'],
    ['capella', '2023-04-12T22:27:35Z'],
    ['deneb', '2024-03-13T13:55:35Z'],
    ['electra', '2025-05-07T10:05:11Z'],
    ['fulu', '2025-12-03T21:49:11Z'],
  ] as const)('%s: %s', (name, instant) => {
    const epoch = (Date.parse(instant) / 1_000 - genesis) / epochSeconds
    expect(forkProfiles[name].mainnetEpoch).toBe(epoch)
  })

  test('Glamsterdam and Hegotá have no date', () => {
    expect(forkProfiles.gloas.mainnetEpoch).toBeUndefined()
    expect(forkProfiles.heze.mainnetEpoch).toBeUndefined()
  })
})
