import { formatDuration } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import fc from 'fast-check'
import { ConformanceError } from './errors.ts'
import { type FaultPlan, faultPlans, healedAt, noFaults, type Outage } from './faultPlan.ts'
import { judgeReports } from './quietChecks.ts'
import { downMaxOf, planOf, type Setting } from './setting.ts'
import { createTrial, membersOf, standings, type Trial } from './trial.ts'

/** Under faults within the limit no two members hold conflicting blocks for final. */
export function checkAgreement(setting: Setting<any, any>): void {
  forAllPlans(setting, (trial, plan) => {
    trial.runUntil(healedAt(plan) + setting.progressWithin)
    const conflict = trial.agreement.conflicts()[0]
    if (conflict === undefined) {
      judgeReports(setting, trial)
      return
    }
    const { blocks } = trial.cluster
    const { node, block, conflictsWith } = conflict
    throw new ConformanceError(`Two blocks of '${setting.model.name}' are final at one height.`, [
      `Height ${blocks.height(block)}: member ${node} has block ${block}, not ${conflictsWith}`,
    ])
  })
}

/** When all faults are over, everybody gets ahead of where the best was, on one chain. */
export function checkLiveness(setting: Setting<any, any>): void {
  forAllPlans(setting, (trial, plan) => {
    const healed = healedAt(plan)
    trial.runUntil(healed)
    const best = Math.max(...membersOf(trial).map(trial.progress))
    trial.runWhileNot(() => sharedHeight(trial) > best, healed + setting.recoverWithin)
    requireAhead(setting, trial, best, `everything was whole again at ${formatDuration(healed)}`)
  })
}

/** A member that was down has, some time later, what the others had when it came back. */
export function checkCatchUp(setting: Setting<any, any>): void {
  const { weights, progressWithin, catchUpWithin } = setting
  // A follower may always fail; a voter only where the model promises to survive that.
  const withFollower = { ...setting, weights: [...weights, 0] }
  for (const node of withFollower.weights.keys()) {
    const outage = { node, from: progressWithin, until: 4 * progressWithin }
    const plan = planOf(withFollower, [outage])
    if (plan.outages.length === 0) continue
    const trial = createTrial(withFollower, { plan })
    trial.runUntil(outage.until)
    const others = membersOf(trial).filter((other) => other !== node)
    const target = others.reduce((one, other) =>
      trial.progress(other) > trial.progress(one) ? other : one,
    )
    const goal = trial.tip(target)
    const { blocks } = trial.cluster
    trial.runUntil(outage.until + catchUpWithin)
    if (trial.progress(node) >= blocks.height(goal) && hasReached(setting, trial, node, goal)) {
      continue
    }
    throw new ConformanceError(`A member of '${setting.model.name}' does not catch up.`, [
      `Member ${node} was down until ${formatDuration(outage.until)}`,
      `Then the others were at height ${blocks.height(goal)}`,
      `${formatDuration(catchUpWithin)} later: ${standings(trial)}`,
    ])
  }
}

/** With one voter more down than the limit nothing becomes final; afterwards it goes on. */
export function checkHalt(setting: Setting<any, any>): void {
  const { model, weights, progressWithin, recoverWithin } = setting
  const voters = weights.flatMap((weight, node) => (weight > 0 ? [node] : []))
  // The heaviest ones, so that what is left has no more than its share.
  const chosen = [...voters]
    .sort((one, other) => weights[other]! - weights[one]!)
    .slice(0, downMaxOf(setting) + 1)
  const [from, until] = [2 * progressWithin, 8 * progressWithin]
  const outages = chosen.map((node): Outage => ({ node, from, until }))
  const trial = createTrial(setting, { plan: { ...noFaults, outages } })
  // What was under way may still arrive.
  trial.runUntil(from + progressWithin)
  const final = trial.agreement.finalisedCount()
  trial.runUntil(until - 1)
  const place = `Down: members ${chosen.join(', ')} of ${weights.length}`
  if (trial.agreement.finalisedCount() > final) {
    throw new ConformanceError(`'${model.name}' goes on beyond its fault limit.`, [
      place,
      `Final blocks: ${final}, then ${trial.agreement.finalisedCount()}`,
    ])
  }
  trial.runUntil(until + recoverWithin)
  requireAhead(setting, trial, final, place)
}

/** Everybody is above a height, and all agree on a block above it. */
function requireAhead(
  { model, recoverWithin }: Setting<any, any>,
  trial: Trial,
  best: number,
  place: string,
): void {
  const shared = sharedHeight(trial)
  if (shared > best) return
  throw new ConformanceError(`'${model.name}' does not recover in time.`, [
    place,
    `The best was at height ${best}`,
    `${formatDuration(recoverWithin)} later: ${standings(trial)}`,
    `All agree up to height ${shared}`,
  ])
}

/** The height up to which all are on one chain. */
function sharedHeight(trial: Trial): number {
  const { blocks } = trial.cluster
  const tips = membersOf(trial).map(trial.tip)
  return blocks.height(tips.reduce((one, other) => blocks.commonAncestor(one, other)))
}

/**
 * True where a member's chain has passed the goal. Without finality the others may have left that
 * very block since: then it is enough to be where they are, but for the newest blocks.
 */
function hasReached(
  { model }: Setting<any, any>,
  trial: Trial,
  node: NodeId,
  goal: BlockId,
): boolean {
  const { blocks } = trial.cluster
  if (blocks.isAncestor(goal, trial.tip(node))) return true
  if (model.finality !== 'probabilistic') return false
  return membersOf(trial).some((other) => {
    const shared = blocks.commonAncestor(trial.tip(node), trial.tip(other))
    return other !== node && shared !== genesis && blocks.height(shared) >= blocks.height(goal)
  })
}

/** Runs random fault plans within the limit; fast-check shrinks one that fails. */
function forAllPlans(
  setting: Setting<any, any>,
  judge: (trial: Trial, plan: FaultPlan) => void,
): void {
  const { weights, progressWithin, runs, seed, path } = setting
  const spans = {
    window: 6 * progressWithin,
    outageMax: 3 * progressWithin,
    splitMax: 2 * progressWithin,
    delayMax: setting.delays ? progressWithin : 0,
  }
  const plans = faultPlans({ weights, downMax: downMaxOf(setting), ...spans })
  fc.assert(
    fc.property(plans, fc.nat(0xffff), (plan, number) => {
      judge(createTrial(setting, { plan, seed: `conformance-${number}` }), plan)
    }),
    {
      numRuns: runs,
      seed,
      includeErrorInReport: true,
      ...(path === undefined ? {} : { path }),
    },
  )
}
