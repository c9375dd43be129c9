import { BaseError } from '@counterpoise/engine'
import type { BeaconState } from './beaconState.ts'
import { exitClass } from './exits.ts'
import { billionths, gweiPerEther, quotient } from './gwei.ts'
import { splitClass } from './registry.ts'

/** What reports of slashable votes earn, Gwei: both parts go to the block's proposer. */
export type SlashingReward = { whistleblower: number; proposer: number }

/** `slash_validator` for the members of a class; returns the classes that it takes now. */
function slashClass(state: BeaconState, at: number, reward: SlashingReward): number {
  const { registry, epoch, profile } = state
  const { initialQuotient, whistleblowerQuotient, vectorEpochs } = profile.slashing
  const parts = exitClass(state, at)
  const place = epoch % vectorEpochs
  for (let part = at; part < at + parts; part++) {
    registry.slashed[part] = 1
    const until = epoch + vectorEpochs
    if (registry.withdrawableEpoch[part]! < until) registry.withdrawableEpoch[part] = until
    const members = registry.count[part]!
    const ether = registry.effective[part]!
    state.slashings[place] = state.slashings[place]! + ether * members
    state.slashed += ether * members
    const gwei = ether * gweiPerEther
    const penalty = quotient(gwei, initialQuotient)
    registry.balance[part] = Math.max(0, registry.balance[part]! - penalty)
    const whole = quotient(gwei, whistleblowerQuotient)
    const share = quotient(whole * profile.rewards.proposerWeight, profile.rewards.denominator)
    reward.proposer += share * members
    reward.whistleblower += (whole - share) * members
  }
  return parts
}

/** `is_slashable_validator`: not slashed yet, activated, and not withdrawable. */
const isSlashable = ({ registry, epoch }: BeaconState, at: number): boolean =>
  registry.slashed[at] === 0 &&
  registry.activationEpoch[at]! <= epoch &&
  epoch < registry.withdrawableEpoch[at]!

/** How many members of a group can be slashed. */
export function slashableMembers(state: BeaconState, group: number): number {
  const { registry } = state
  let members = 0
  for (let at = 0; at < registry.size; at++) {
    if (registry.group[at] === group && isSlashable(state, at)) members += registry.count[at]!
  }
  return members
}

/**
 * Slashes the first members of a group that can be.
 *
 * @throws BaseError where the group has fewer such members.
 */
export function slashMembers(state: BeaconState, group: number, members: number): SlashingReward {
  const { registry } = state
  const reward: SlashingReward = { whistleblower: 0, proposer: 0 }
  let left = members
  for (let at = 0; at < registry.size && left > 0; at++) {
    if (registry.group[at] !== group || !isSlashable(state, at)) continue
    splitClass(registry, at, left)
    left -= registry.count[at]!
    at += slashClass(state, at, reward) - 1
  }
  if (left === 0) return reward
  throw new BaseError('A group has fewer validators than are to be slashed.', {
    metaMessages: [`Group: ${group}`, `Asked for: ${members}`, `Missing: ${left}`],
  })
}

/**
 * `process_slashings`: half of the vector after a slashing, the part of the effective balance that
 * `multiplier` times everything slashed around that time is of the whole.
 */
export function penaliseCorrelated(state: BeaconState): void {
  const { registry, epoch, activeEther, slashed } = state
  if (slashed === 0) return
  const { multiplier, correlation, vectorEpochs } = state.profile.slashing
  const adjusted = Math.min(slashed * multiplier, activeEther)
  const perEther = billionths(adjusted, activeEther)
  for (let at = 0; at < registry.size; at++) {
    if (registry.slashed[at] === 0) continue
    if (epoch + vectorEpochs / 2 !== registry.withdrawableEpoch[at]!) continue
    const ether = registry.effective[at]!
    const penalty =
      correlation === 'incrementwise'
        ? perEther * ether
        : quotient(ether * adjusted, activeEther) * gweiPerEther
    registry.balance[at] = Math.max(0, registry.balance[at]! - penalty)
  }
}

/** `process_slashings_reset`: the place of the next epoch is emptied. */
export function resetSlashings(state: BeaconState): void {
  const place = (state.epoch + 1) % state.slashings.length
  state.slashed -= state.slashings[place]!
  state.slashings[place] = 0
}
