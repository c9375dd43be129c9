import type { BeaconState } from '../transition/beaconState.ts'
import type { ChurnRules } from '../transition/forkProfile.ts'
import { forkProfile } from '../transition/forkProfiles.ts'
import { farFuture, totalBalance } from '../transition/registry.ts'
import { createBeaconState, type ValidatorGroup } from '../transition/validatorGroup.ts'
import {
  ETH,
  FAR_FUTURE,
  type Flags,
  type ReferenceChurn,
  type ReferenceState,
} from './referenceState.ts'

/** The model and the reference, side by side, from the same start. */
export type Pair = { state: BeaconState; reference: ReferenceState; groupOf: number[] }

export function createPair(
  groups: readonly ValidatorGroup[],
  fork: string,
  start: 'genesis' | 'running' = 'genesis',
  change: { epoch?: number | undefined; churn?: ChurnRules | undefined } = {},
): Pair {
  const rules = forkProfile(fork)
  const churn = change.churn ?? rules.churn
  const { epoch: begin } = change
  const state = createBeaconState({ groups, fork: { ...rules, churn }, start, epoch: begin })
  const running = start === 'running'
  const epoch = BigInt(state.epoch)
  const flags = (): Flags => [running, running, running]
  const members = groups.flatMap((group, index) =>
    Array.from({ length: group.count }, () => ({ group, index })),
  )
  const reference: ReferenceState = {
    fork,
    epoch,
    validators: members.map(({ group: { balanceEther = 32, compounding = false } }) => ({
      effective_balance:
        BigInt(Math.min(compounding ? 2_048 : 32, Math.floor(balanceEther))) * 1_000_000_000n,
      slashed: false,
      compounding,
      activation_eligibility_epoch: 0n,
      activation_epoch: 0n,
      exit_epoch: FAR_FUTURE,
      withdrawable_epoch: FAR_FUTURE,
    })),
    balances: members.map(({ group }) => BigInt(Math.round((group.balanceEther ?? 32) * 1e9))),
    inactivity_scores: members.map(() => 0n),
    previous_participation: members.map(flags),
    current_participation: members.map((): Flags => [false, false, false]),
    justification_bits: [running, running, running, running],
    previous_justified: running ? epoch - 2n : 0n,
    current_justified: running ? epoch - 1n : 0n,
    finalized: running ? epoch - 2n : 0n,
    slashings: Array.from({ length: 8_192 }, () => 0n),
    earliest_exit_epoch: 0n,
    exit_balance_to_consume: 0n,
    pending_deposits: [],
    deposit_balance_to_consume: 0n,
    churn: referenceChurn(churn),
    next_withdrawal_validator_index: 0,
    pending_partial_withdrawals: [],
    pending_consolidations: [],
    earliest_consolidation_epoch: 0n,
    consolidation_balance_to_consume: 0n,
  }
  return { state, reference, groupOf: members.map(({ index }) => index) }
}

function referenceChurn(churn: ChurnRules): ReferenceChurn {
  // Never asked for where validators are counted.
  if (churn.kind === 'count') return { minimum: 0n, quotient: 1n, maximum: 0n }
  const { minimum, quotient, activationMaximum, consolidationQuotient } = churn
  return {
    minimum: BigInt(minimum) * ETH,
    quotient: BigInt(quotient),
    maximum: BigInt(activationMaximum) * ETH,
    consolidation_quotient:
      consolidationQuotient === undefined ? undefined : BigInt(consolidationQuotient),
  }
}

const epochOf = (epoch: bigint): number => (epoch === FAR_FUTURE ? farFuture : Number(epoch))

/** Every member of every class, as one row of numbers. */
export function rowsOf({ registry }: BeaconState): number[][] {
  const rows: number[][] = []
  for (let at = 0; at < registry.size; at++) {
    for (let member = 0; member < registry.count[at]!; member++) {
      rows.push([
        registry.balance[at]! + (member < registry.carry[at]! ? 1 : 0),
        registry.effective[at]!,
        registry.score[at]!,
        registry.slashed[at]!,
        registry.eligibilityEpoch[at]!,
        registry.activationEpoch[at]!,
        registry.exitEpoch[at]!,
        registry.withdrawableEpoch[at]!,
      ])
    }
  }
  return rows
}

const referenceRows = (reference: ReferenceState): number[][] =>
  reference.validators.map((validator, index) => [
    Number(reference.balances[index]!),
    Number(validator.effective_balance / 1_000_000_000n),
    Number(reference.inactivity_scores[index]!),
    validator.slashed ? 1 : 0,
    epochOf(validator.activation_eligibility_epoch),
    epochOf(validator.activation_epoch),
    epochOf(validator.exit_epoch),
    epochOf(validator.withdrawable_epoch),
  ])

/**
 * What both say, one row of text for each validator and one for finality and the supply: equal
 * texts are equal states.
 */
export function textsOf({ state, reference }: Pair): [found: string[], expected: string[]] {
  const { epoch, previousJustified, justified, finalised } = state
  const found = rowsOf(state).map((row) => row.join(' '))
  found.push([epoch, previousJustified, justified, finalised].join(' '))
  found.push(String(totalBalance(state.registry)))
  const expected = referenceRows(reference).map((row) => row.join(' '))
  const { previous_justified, current_justified, finalized } = reference
  expected.push([reference.epoch, previous_justified, current_justified, finalized].join(' '))
  expected.push(String(reference.balances.reduce((a, b) => a + b, 0n)))
  return [found, expected]
}
