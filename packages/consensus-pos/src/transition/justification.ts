import { type BeaconState, isActive } from './beaconState.ts'

/** Effective balance of unslashed voters, ETH: of the previous epoch by flag, and of this one. */
export type VotedEther = { source: number; target: number; head: number; current: number }

/** Sums the flags of the registry; none is less than one ETH, as `get_total_balance` has it. */
export function countVotes(state: BeaconState): VotedEther {
  const { registry, epoch } = state
  const { effective, slashed, source, target, head, nextTarget } = registry
  const previous = Math.max(0, epoch - 1)
  let [bySource, byTarget, byHead, current] = [0, 0, 0, 0]
  for (let at = 0; at < registry.size; at++) {
    if (slashed[at] === 1) continue
    const ether = effective[at]!
    if (isActive(registry, at, previous)) {
      bySource += ether * source[at]!
      byTarget += ether * target[at]!
      byHead += ether * head[at]!
    }
    if (isActive(registry, at, epoch)) current += ether * nextTarget[at]!
  }
  return {
    source: Math.max(1, bySource),
    target: Math.max(1, byTarget),
    head: Math.max(1, byHead),
    current: Math.max(1, current),
  }
}

/** The four rules of Casper FFG: `process_justification_and_finalization`. */
export function justify(state: BeaconState, votes: VotedEther): void {
  const { epoch, justified: oldCurrent, previousJustified: oldPrevious } = state
  if (epoch <= 1) return
  const needed = 2 * state.activeEther
  let bits = (state.justificationBits << 1) & 0b1111
  state.previousJustified = oldCurrent
  if (3 * votes.target >= needed) {
    state.justified = epoch - 1
    bits |= 0b0010
  }
  if (3 * votes.current >= needed) {
    state.justified = epoch
    bits |= 0b0001
  }
  state.justificationBits = bits
  if ((bits & 0b1110) === 0b1110 && oldPrevious + 3 === epoch) state.finalised = oldPrevious
  if ((bits & 0b0110) === 0b0110 && oldPrevious + 2 === epoch) state.finalised = oldPrevious
  if ((bits & 0b0111) === 0b0111 && oldCurrent + 2 === epoch) state.finalised = oldCurrent
  if ((bits & 0b0011) === 0b0011 && oldCurrent + 1 === epoch) state.finalised = oldCurrent
}

/** True where too long nothing has become final; asked before or after `justify`. */
export const isLeaking = ({ epoch, finalised, profile }: BeaconState): boolean =>
  Math.max(0, epoch - 1) - finalised > profile.inactivity.quietEpochs
