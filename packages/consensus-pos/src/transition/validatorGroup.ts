import { BaseError } from '@counterpoise/engine'
import { type BeaconState, countActive } from './beaconState.ts'
import { ForkProfileError, forkProfile } from './forkProfiles.ts'
import type { ForkProfile } from './forkProfile.ts'
import { gweiPerEther, stakeMaxEther } from './gwei.ts'
import { appendClass, createRegistry, farFuture } from './registry.ts'

/** Validators that belong together and act alike. */
export type ValidatorGroup = {
  /** Who decides for them: a pool, an exchange, a person. */
  entity: string
  /** Consensus client, operator and region: what they fail with. */
  client?: string | undefined
  operator?: string | undefined
  region?: string | undefined
  /** Number of validators, 1 to 16,777,216. */
  count: number
  /** Balance of each, ETH; 32 unless given. */
  balanceEther?: number | undefined
  /** Credentials that let the effective balance grow to 2,048 ETH (Electra). */
  compounding?: boolean | undefined
}

export type BeaconStateOptions = {
  groups: readonly ValidatorGroup[]
  /** A fork's name or rules of one's own; `fulu` unless given. */
  fork?: string | ForkProfile | undefined
  /**
   * `genesis`: epoch 0, nothing justified. `running`: an epoch of a chain in good health, whose
   * validators all voted in the epoch before.
   */
  start?: 'genesis' | 'running' | undefined
  /** The epoch of a running start, at least 2; 8 unless given. */
  epoch?: number | undefined
}

/** Groups that cannot be: where in the input, and what is wrong. */
export class ValidatorGroupError extends BaseError {
  override name = 'ValidatorGroupError' as const
  path: string

  constructor(path: string, expected: string, found: unknown) {
    super(`${path}: expected ${expected}, found ${String(found)}.`)
    this.path = path
  }
}

const countMax = 16_777_216

/**
 * The state that a chain of these validators begins with.
 *
 * @throws ForkProfileError for an unknown fork, or one without a rule that the groups need.
 * @throws ValidatorGroupError for a group that cannot be.
 */
export function createBeaconState(options: BeaconStateOptions): BeaconState {
  const { groups, fork = 'fulu', start = 'genesis' } = options
  const profile = typeof fork === 'string' ? forkProfile(fork) : fork
  checkRules(profile)
  checkGroups(groups, profile)
  const registry = createRegistry(groups.length + 4)
  const running = start === 'running'
  groups.forEach(({ count, balanceEther = 32, compounding = false }, group) => {
    const at = appendClass(registry)
    const { maximumEther, compoundingMaximumEther } = profile.balances
    const limit = compounding ? compoundingMaximumEther! : maximumEther
    registry.group[at] = group
    registry.count[at] = count
    registry.compounding[at] = compounding ? 1 : 0
    registry.balance[at] = Math.round(balanceEther * gweiPerEther)
    registry.effective[at] = Math.min(limit, Math.floor(balanceEther))
    registry.exitEpoch[at] = farFuture
    registry.withdrawableEpoch[at] = farFuture
    if (running) {
      registry.source[at] = count
      registry.target[at] = count
      registry.head[at] = count
    }
  })
  const epoch = running ? (options.epoch ?? 8) : 0
  const state: BeaconState = {
    profile,
    registry,
    epoch,
    justificationBits: running ? 0b1111 : 0,
    previousJustified: Math.max(0, epoch - 2),
    justified: Math.max(0, epoch - 1),
    finalised: Math.max(0, epoch - 2),
    slashings: new Float64Array(profile.slashing.vectorEpochs),
    slashed: 0,
    exitEpoch: 0,
    exitLeft: 0,
    exitCount: 0,
    consolidationEpoch: 0,
    consolidationLeft: 0,
    deposits: [],
    depositLeft: 0,
    withdrawals: [],
    consolidations: [],
    nextWithdrawal: 0,
    withdrawnGwei: 0n,
    activeEther: 0,
    activeCount: 0,
    baseReward: 0,
  }
  countActive(state)
  return state
}

/** What every epoch's end needs; a profile of one's own may lack it. */
const neededRules = ['rewards', 'inactivity', 'slashing', 'balances', 'churn', 'deposits'] as const

function checkRules(profile: ForkProfile): void {
  for (const rule of neededRules) {
    if (profile[rule] !== undefined) continue
    const message = 'no epoch can end without this rule; it is missing.'
    throw new ForkProfileError(`fork.${rule}`, message, [`Fork: ${profile.name}`])
  }
}

function checkGroups(groups: readonly ValidatorGroup[], profile: ForkProfile): void {
  if (groups.length === 0) throw new ValidatorGroupError('groups', 'at least one group', 'none')
  let ether = 0
  groups.forEach(({ count, balanceEther = 32, compounding = false }, index) => {
    const path = `groups[${index}]`
    if (!Number.isInteger(count) || count < 1 || count > countMax) {
      throw new ValidatorGroupError(`${path}.count`, `an integer from 1 to ${countMax}`, count)
    }
    if (!(balanceEther >= 0 && balanceEther <= 8_192)) {
      throw new ValidatorGroupError(`${path}.balanceEther`, '0 to 8,192 ETH', balanceEther)
    }
    if (compounding && profile.balances.compoundingMaximumEther === undefined) {
      throw new ForkProfileError(
        `${path}.compounding`,
        `the fork '${profile.name}' has no compounding credentials.`,
        ['Expected: a fork from electra on, or compounding: false'],
      )
    }
    ether += count * balanceEther
  })
  if (ether > stakeMaxEther) {
    throw new ValidatorGroupError('groups', `at most ${stakeMaxEther} ETH in all`, ether)
  }
}
