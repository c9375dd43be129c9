import { type BeaconState, inactivityScale, isActive, type PenaltyScale } from './beaconState.ts'
import { quotient } from './gwei.ts'
import { isLeaking, type VotedEther } from './justification.ts'
import { addShared, type Registry } from './registry.ts'

/** What one epoch's rewards depend on besides the class. */
type Terms = {
  baseReward: number
  source: number
  target: number
  head: number
  /** Active ETH · denominator. */
  divisor: number
  sourceWeight: number
  targetWeight: number
  headWeight: number
  denominator: number
  leaking: boolean
  scale: PenaltyScale
  bias: number
  recovery: number
}

const scales = new WeakMap<object, PenaltyScale>()

function termsOf(state: BeaconState, votes: VotedEther): Terms {
  const { profile, activeEther, baseReward } = state
  const { sourceWeight, targetWeight, headWeight, denominator } = profile.rewards
  let scale = scales.get(profile)
  if (scale === undefined) scales.set(profile, (scale = inactivityScale(profile)))
  return {
    baseReward,
    source: votes.source,
    target: votes.target,
    head: votes.head,
    divisor: activeEther * denominator,
    sourceWeight,
    targetWeight,
    headWeight,
    denominator,
    leaking: isLeaking(state),
    scale,
    bias: profile.inactivity.scoreBias,
    recovery: profile.inactivity.scoreRecovery,
  }
}

/**
 * `process_inactivity_updates` and `process_rewards_and_penalties`, one class after another:
 * what one validator gets depends on others only through the sums in `votes`. Where the members
 * of a class did not do the same, their sum is exact as long as their scores are 0, and the score
 * is their mean otherwise.
 */
export function rewardAll(state: BeaconState, votes: VotedEther): void {
  const { registry, epoch } = state
  if (epoch === 0) return
  const terms = termsOf(state, votes)
  const { slashed, withdrawableEpoch, count, source, target, head } = registry
  for (let at = 0; at < registry.size; at++) {
    const eligible =
      isActive(registry, at, epoch - 1) ||
      (slashed[at] === 1 && epoch < withdrawableEpoch[at]!)
    if (!eligible) continue
    const members = count[at]!
    const isAlike =
      slashed[at] === 1 ||
      ((source[at] === 0 || source[at] === members) &&
        (target[at] === 0 || target[at] === members) &&
        (head[at] === 0 || head[at] === members))
    if (isAlike && registry.scoreCarry[at] === 0) rewardAlike(registry, at, terms)
    else rewardMixed(registry, at, terms)
  }
}

/** All members of the class did the same. */
function rewardAlike(registry: Registry, at: number, terms: Terms): void {
  const { divisor, denominator, leaking, scale } = terms
  const { score, balance } = registry
  const counts = registry.slashed[at] === 0
  const hasSource = counts && registry.source[at]! > 0
  const hasTarget = counts && registry.target[at]! > 0
  const hasHead = counts && registry.head[at]! > 0
  let points = score[at]!
  if (hasTarget) points -= Math.min(1, points)
  else points += terms.bias
  if (!leaking) points -= Math.min(terms.recovery, points)
  score[at] = points
  const ether = registry.effective[at]!
  const base = ether * terms.baseReward
  // Each step stops at 0, as `decrease_balance` does.
  let amount = balance[at]!
  if (!hasSource) amount -= Math.min(amount, quotient(base * terms.sourceWeight, denominator))
  else if (!leaking) amount += quotient(base * terms.sourceWeight * terms.source, divisor)
  if (!hasTarget) amount -= Math.min(amount, quotient(base * terms.targetWeight, denominator))
  else if (!leaking) amount += quotient(base * terms.targetWeight * terms.target, divisor)
  if (hasHead && !leaking) amount += quotient(base * terms.headWeight * terms.head, divisor)
  if (!hasTarget && points > 0) {
    amount -= Math.min(amount, quotient(ether * points * scale.multiplier, scale.divisor))
  }
  balance[at] = amount
}

/** The members differ: what the class gets as a whole. */
function rewardMixed(registry: Registry, at: number, terms: Terms): void {
  const { divisor, denominator, leaking, scale } = terms
  const { score, scoreCarry } = registry
  const members = registry.count[at]!
  const counts = registry.slashed[at] === 0
  const sources = counts ? registry.source[at]! : 0
  const targets = counts ? registry.target[at]! : 0
  const heads = counts ? registry.head[at]! : 0
  const absent = members - targets
  const mean = score[at]!
  let points = mean * members + scoreCarry[at]!
  points += absent * terms.bias
  points -= mean === 0 ? Math.min(targets, scoreCarry[at]!) : targets
  if (!leaking) points -= Math.min(terms.recovery * members, points)
  score[at] = quotient(points, members)
  scoreCarry[at] = points - score[at]! * members
  const ether = registry.effective[at]!
  const base = ether * terms.baseReward
  let sum = 0
  sum -= (members - sources) * quotient(base * terms.sourceWeight, denominator)
  sum -= absent * quotient(base * terms.targetWeight, denominator)
  if (!leaking) {
    sum += sources * quotient(base * terms.sourceWeight * terms.source, divisor)
    sum += targets * quotient(base * terms.targetWeight * terms.target, divisor)
    sum += heads * quotient(base * terms.headWeight * terms.head, divisor)
  }
  sum -= absent * quotient(ether * score[at]! * scale.multiplier, scale.divisor)
  addShared(registry, at, sum)
}
