import type { BeaconState } from './beaconState.ts'
import { runEpochs } from './epochRun.ts'
import type { ForkProfile } from './forkProfile.ts'
import { slashMembers } from './slashing.ts'
import { createBeaconState, type ValidatorGroup, ValidatorGroupError } from './validatorGroup.ts'

export type DoubleFinalityOptions = {
  /** Share of the stake on the first side of a partition that lasts; the rest is on the second. */
  firstShare: number
  /** Share of all stake that votes on both sides, 0 to 1; taken evenly from both. */
  adversaryShare?: number | undefined
  stakeEther?: number | undefined
  balanceEther?: number | undefined
  fork?: string | ForkProfile | undefined
  epochsMax?: number | undefined
}

export type DoubleFinality = {
  /** Epochs of the partition until each side has something final of its own. */
  firstEpochs: number | undefined
  secondEpochs: number | undefined
  /** What the adversary's double votes cost it once they are reported, ETH; 0 without any. */
  slashedEther: number
  /** What the leak took on each side from those that the other side held, ETH. */
  leakedEther: readonly [first: number, second: number]
}

/**
 * A partition that lasts until each side finalises by itself: the inactivity leak makes each side
 * a majority of what is left. Who votes on both sides shortens it, and can be slashed for it; with
 * a third of the stake it takes no leak at all.
 */
export function doubleFinality(options: DoubleFinalityOptions): DoubleFinality {
  const { firstShare, adversaryShare = 0, stakeEther = 36_000_000, balanceEther = 32 } = options
  const { epochsMax = 10_000 } = options
  checkShare('firstShare', firstShare)
  checkShare('adversaryShare', adversaryShare)
  const validators = Math.round(stakeEther / balanceEther)
  const adversary = Math.round(validators * adversaryShare)
  const first = Math.round((validators - adversary) * firstShare)
  const counts = [first, validators - adversary - first, adversary]
  const names = ['first side', 'second side', 'adversary']
  const groups = counts.flatMap((count, index): ValidatorGroup[] =>
    count > 0
      ? [{ entity: names[index]!, count, balanceEther, compounding: balanceEther > 32 }]
      : [],
  )
  const sides = (['first side', 'second side'] as const).map((here) => {
    const state = createBeaconState({ groups, fork: options.fork, start: 'running' })
    const begin = state.epoch
    const away = groups.findIndex(({ entity }) => entity.endsWith('side') && entity !== here)
    const before = away < 0 ? 0 : groups[away]!.count * balanceEther
    let epochs: number | undefined
    runEpochs({
      state,
      behaviours: groups.map(({ entity }) =>
        entity === here || entity === 'adversary' ? { kind: 'online' } : { kind: 'offline' },
      ),
      epochs: epochsMax,
      onEpoch: ({ finalised, epoch }) => {
        if (finalised < begin) return true
        epochs = epoch - begin
        return false
      },
    })
    return { epochs, leaked: away < 0 ? 0 : before - etherOf(state, away) }
  })
  return {
    firstEpochs: sides[0]!.epochs,
    secondEpochs: sides[1]!.epochs,
    slashedEther: costOf(groups, adversary, options.fork),
    leakedEther: [sides[0]!.leaked, sides[1]!.leaked],
  }
}

/** Slashes the adversary on a chain in good health and waits for the correlation penalty. */
function costOf(
  groups: readonly ValidatorGroup[],
  adversary: number,
  fork: DoubleFinalityOptions['fork'],
): number {
  if (adversary === 0) return 0
  const group = groups.length - 1
  const state = createBeaconState({ groups, fork, start: 'running' })
  slashMembers(state, group, adversary)
  const epochs = state.profile.slashing.vectorEpochs / 2 + 1
  runEpochs({ state, behaviours: groups.map(() => ({ kind: 'online' })), epochs })
  const { count, balanceEther = 32 } = groups[group]!
  return count * balanceEther - etherOf(state, group)
}

/** Balance of a group, ETH. */
function etherOf({ registry }: BeaconState, group: number): number {
  let gwei = 0
  for (let at = 0; at < registry.size; at++) {
    if (registry.group[at] === group) gwei += registry.balance[at]! * registry.count[at]!
  }
  return gwei / 1e9
}

function checkShare(path: string, share: number): void {
  if (share >= 0 && share <= 1) return
  throw new ValidatorGroupError(path, 'a share from 0 to 1', share)
}
