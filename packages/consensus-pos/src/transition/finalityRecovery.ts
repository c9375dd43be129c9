import { log, pow } from '@counterpoise/engine'
import { runEpochs, slotsPerEpoch } from './epochRun.ts'
import type { ForkProfile } from './forkProfile.ts'
import { createBeaconState, ValidatorGroupError } from './validatorGroup.ts'

export type FinalityRecoveryOptions = {
  /** Share of the stake that falls silent at the beginning and stays so: 1/3 to 1, both open. */
  absent: number
  /** Balance of every validator, ETH; 32 unless given. Above 32 the credentials are compounding. */
  balanceEther?: number | undefined
  /** Stake in all, ETH, rounded to whole validators; 36 M unless given. */
  stakeEther?: number | undefined
  fork?: string | ForkProfile | undefined
  /** Gives up after so many epochs; 20,000 unless given. */
  epochsMax?: number | undefined
}

/** How a chain came back; epochs of 384 s. */
export type FinalityRecovery = {
  /** Epochs of the leak until the present held two thirds; undefined: not within the limit. */
  leakEpochs: number | undefined
  /** Epochs from the outage until a checkpoint after it was final. */
  finalEpochs: number | undefined
  /** What an absent validator had left then, ETH, and its effective balance. */
  absentEther: number
  absentEffectiveEther: number
}

/**
 * Takes a share of the stake offline and runs the state transition, without a network, until
 * checkpoints become final again. From a half on the absent fall to 16 ETH and leave one epoch's
 * churn after another, each a class of its own: such runs take a minute, not milliseconds.
 */
export function finalityRecovery(options: FinalityRecoveryOptions): FinalityRecovery {
  const { absent, balanceEther = 32, stakeEther = 36_000_000, epochsMax = 20_000 } = options
  checkAbsent(absent)
  const validators = Math.round(stakeEther / balanceEther)
  const away = Math.min(validators - 1, Math.max(1, Math.round(validators * absent)))
  const compounding = balanceEther > 32
  const state = createBeaconState({
    groups: [
      { entity: 'present', count: validators - away, balanceEther, compounding },
      { entity: 'absent', count: away, balanceEther, compounding },
    ],
    fork: options.fork,
    start: 'running',
  })
  const begin = state.epoch
  let leakBegin: number | undefined
  let leakEpochs: number | undefined
  let finalEpochs: number | undefined
  runEpochs({
    state,
    behaviours: [{ kind: 'online' }, { kind: 'offline' }],
    epochs: epochsMax,
    onEpoch: ({ registry, epoch, justified, finalised, profile }) => {
      const ended = epoch - 1
      const isLeak = ended - 1 - finalised > profile.inactivity.quietEpochs
      if (isLeak && registry.score[registry.size - 1]! > 0) leakBegin ??= ended
      if (leakEpochs === undefined && justified >= begin) leakEpochs = ended - (leakBegin ?? ended)
      if (finalised < begin) return true
      finalEpochs = epoch - begin
      return false
    },
  })
  const last = state.registry.size - 1
  return {
    leakEpochs,
    finalEpochs,
    absentEther: state.registry.balance[last]! / 1e9,
    absentEffectiveEther: state.registry.effective[last]!,
  }
}

/**
 * Closed form for balances that fall smoothly: after n epochs of a leak the absent hold
 * B · e^(−n² / 2²⁵), so the present hold two thirds after √(2²⁵ · ln(2f / (1 − f))). EIP-8252.
 */
export function smoothLeakEpochs(absent: number): number {
  checkAbsent(absent)
  return Math.sqrt(33_554_432 * log((2 * absent) / (1 - absent)))
}

/**
 * Closed form for validators of `balanceEther` whose effective balance falls in steps of 1 ETH
 * once the balance is 0.25 ETH below it: at an effective balance of k the balance falls by
 * k · n / 2²⁴ per epoch, so k is reached when
 * n² = 2²⁵ · (0.25 / B + 1 / (B − 1) + … + 1 / (k + 1)); finality returns at the first
 * k ≤ B · (1 − f) / 2f.
 */
export function steppedLeakEpochs(absent: number, balanceEther = 32): number {
  checkAbsent(absent)
  const needed = Math.floor((balanceEther * (1 - absent)) / (2 * absent) + 1e-9)
  let sum = 0.25 / balanceEther
  for (let ether = balanceEther - 1; ether > needed; ether--) sum += 1 / ether
  return Math.sqrt(33_554_432 * sum)
}

/** Share of its balance that the absent have left after so many epochs of a leak, smoothly. */
export const leakedShare = (epochs: number): number =>
  1 / pow(Math.E, (epochs * epochs) / 33_554_432)

/** Days of 225 epochs. */
export const daysOfEpochs = (epochs: number): number => (epochs * slotsPerEpoch) / 7_200

function checkAbsent(absent: number): void {
  if (absent > 1 / 3 && absent < 1) return
  throw new ValidatorGroupError('absent', 'a share above 1/3 and below 1', absent)
}
