import type { Simulation, Time } from '@counterpoise/engine'
import type { Latency, NodeId } from '@counterpoise/network'
import fc from 'fast-check'
import type { Cluster } from '../cluster.ts'

/** A member is down from one time until another. */
export type Outage = { node: NodeId; from: Time; until: Time }

/** Some members hear only one another, the rest likewise. */
export type Split = { side: readonly NodeId[]; from: Time; until: Time }

/** Each message that is sent meanwhile takes longer, by a random time below `extra`. */
export type Delay = { extra: Time; from: Time; until: Time }

/** What breaks in a run, and when it is whole again: plain data, which shrinks and replays. */
export type FaultPlan = {
  outages: readonly Outage[]
  splits: readonly Split[]
  delays: readonly Delay[]
}

/** Nothing breaks. */
export const noFaults: FaultPlan = { outages: [], splits: [], delays: [] }

/** When everything is whole again, late messages included; 0 where nothing breaks. */
export function healedAt({ outages, splits, delays }: FaultPlan): Time {
  const late = delays.map(({ until, extra }) => until + extra)
  return Math.max(0, ...[...outages, ...splits].map((fault) => fault.until), ...late)
}

/** The latency of a network under the delays of a plan. */
export function delayed(latency: Latency, { delays }: FaultPlan, now: () => Time): Latency {
  if (delays.length === 0) return latency
  return {
    sample: (from, to, stream) => {
      const time = now()
      let delay = latency.sample(from, to, stream)
      for (const one of delays) {
        if (one.from <= time && time < one.until) delay += Math.floor(stream.uniform() * one.extra)
      }
      return delay
    },
    typical: latency.typical,
  }
}

export type FaultLimits = {
  weights: readonly number[]
  /** How many equally heavy voters may be down at the same time. */
  downMax: number
}

/**
 * The outages that keep within the limits at any time, taken in their order: as many voters as
 * the model promises to survive, with no more than their share of the weight. Members without a
 * vote may be down at will; a member that is down cannot go down again.
 */
export function admissible(outages: readonly Outage[], limits: FaultLimits): Outage[] {
  const { weights, downMax } = limits
  const voters = weights.filter((weight) => weight > 0)
  const share = voters.reduce((sum, weight) => sum + weight, 0) / voters.length
  const kept: Outage[] = []
  for (const outage of outages) {
    const overlapping = kept.filter((one) => one.from <= outage.until && outage.from <= one.until)
    if (overlapping.some((one) => one.node === outage.node)) continue
    // Whoever overlaps is counted, even where two of them miss each other: on the safe side.
    const down = [outage, ...overlapping].map((one) => weights[one.node]!)
    const count = down.filter((weight) => weight > 0).length
    const weight = down.reduce((sum, each) => sum + each, 0)
    const isFollower = weights[outage.node] === 0
    if (isFollower || (count <= downMax && weight <= downMax * share)) kept.push(outage)
  }
  return kept
}

export type FaultPlansOptions = FaultLimits & {
  /** Faults begin before this time. */
  window: Time
  outageMax: Time
  splitMax: Time
  /** Spells of delay last so long at most, and so do their delays; 0 for none. */
  delayMax: Time
}

/**
 * Random plans of outages, splits and delays within the limits. They shrink towards no faults at
 * all, and each fault towards member 0, the beginning of the run and the shortest duration.
 *
 * Half of the spans are a fiftieth of the others: long faults test recovery, and a quick series of
 * short ones loses single messages of a round, which is what breaks agreement.
 */
export function faultPlans(options: FaultPlansOptions): fc.Arbitrary<FaultPlan> {
  const { weights, window, outageMax, splitMax, delayMax } = options
  const nodes = weights.map((_, node) => node)
  const spanUpTo = (max: Time): fc.Arbitrary<Time> =>
    fc.oneof(fc.nat(Math.ceil(max / 50)), fc.nat(Math.ceil(max))).map((span) => span + 1)
  const outage = fc
    .record({ node: fc.constantFrom(...nodes), from: fc.nat(window), lasts: spanUpTo(outageMax) })
    .map(({ node, from, lasts }): Outage => ({ node, from, until: from + lasts }))
  const split = fc.record({
    side: fc.subarray(nodes, { minLength: 1 }),
    gap: spanUpTo(Math.ceil(window / 3)),
    lasts: spanUpTo(splitMax),
  })
  const delay = fc
    .record({ from: fc.nat(window), lasts: spanUpTo(delayMax), extra: spanUpTo(delayMax) })
    .map(({ from, lasts, extra }): Delay => ({ extra, from, until: from + lasts }))
  return fc
    .record({
      delays: fc.array(delay, { maxLength: delayMax === 0 ? 0 : 3, size: 'max' }),
      outages: fc.array(outage, { maxLength: 6, size: 'max' }),
      splits: fc.array(split, { maxLength: 8, size: 'max' }),
    })
    .map(({ outages, splits, delays }) => ({
      delays,
      outages: admissible(outages, options),
      splits: inTurn(splits).filter(({ from }) => from <= window),
    }))
}

/** Each split begins some time after the one before it is over. */
function inTurn(splits: readonly { side: NodeId[]; gap: Time; lasts: Time }[]): Split[] {
  let time = 0
  return splits.map(({ side, gap, lasts }) => {
    const from = time + gap
    time = from + lasts
    return { side, from, until: time }
  })
}

/** Lets a plan happen to a cluster. */
export function applyFaults(simulation: Simulation, cluster: Cluster, plan: FaultPlan): void {
  const { network, members } = cluster
  const down = simulation.define('conformance/down', (node) => network.takeDown(node))
  const up = simulation.define('conformance/up', (node) => network.bringUp(node))
  const cut = simulation.define('conformance/split', (index) => {
    for (const node of plan.splits[index]!.side) network.assignGroup(node, 1)
  })
  const mend = simulation.define('conformance/mend', () => {
    for (let node = 0; node < members.length; node++) network.assignGroup(node, 0)
  })
  for (const { node, from, until } of plan.outages) {
    simulation.at(from, down, node)
    simulation.at(until, up, node)
  }
  plan.splits.forEach(({ from, until }, index) => {
    simulation.at(from, cut, index)
    simulation.at(until, mend)
  })
}
