import type { Simulation, Stream, Time } from '@counterpoise/engine'
import { ChurnError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import {
  checkLifetime,
  drawLifetime,
  drawResidual,
  type Lifetime,
  meanLifetime,
} from './lifetimes.ts'

export type ChurnOptions = {
  /** Number of nodes that come and go. */
  nodes: number
  /** How long a node stays. */
  session: Lifetime
  /** How long it is away. */
  downtime: Lifetime
  /** When the schedule ends, µs: no absence begins at or after it. */
  until: Time
  /** The stream of a node; each node draws from its own. */
  stream: (node: NodeId) => Stream
  /**
   * `steady`: as if churn had gone on for ever, so that each node is up with the probability of
   * `availabilityOf` at any time; `up`: every node has just come. `steady` if nothing is said.
   */
  start?: 'steady' | 'up' | undefined
}

/** A node is away: down from `at` on, up again at `at + duration`. */
export type Absence = {
  node: NodeId
  at: Time
  duration: Time
}

/** The share of the time that a node is up in the long run: mean session over mean cycle. */
export function availabilityOf(options: Pick<ChurnOptions, 'session' | 'downtime'>): number {
  const up = meanLifetime(options.session)
  return up / (up + meanLifetime(options.downtime))
}

/** More than this is a mistake in the units, not churn. */
const absencesMax = 20_000_000

/** Some 30 years: heavy tails end here, so that times stay exact. */
const longest = 1e15

const lengthOf = (length: number): Time => Math.min(longest, Math.max(1, Math.round(length)))

/**
 * Draws when each node is away: plain data, by time and then by node. With a place's name, an
 * absence is an outage of a fault plan.
 *
 * @throws ChurnError where a parameter is impossible.
 *
 * @example
 * const plan = churnOf(options).map(({ node, at, duration }) => ({
 *   what: 'outage', at, duration, where: { name: places[node].name },
 * }))
 */
export function churnOf(options: ChurnOptions): Absence[] {
  const { nodes, session, downtime, until, stream: streamOf, start = 'steady' } = options
  check(options)
  const availability = availabilityOf(options)
  const absences: Absence[] = []
  for (let node = 0; node < nodes; node++) {
    const stream = streamOf(node)
    const draw = (lifetime: Lifetime): Time => lengthOf(drawLifetime(lifetime, stream))
    let at: Time
    if (start === 'up') at = draw(session)
    else if (stream.chance(availability)) at = lengthOf(drawResidual(session, stream))
    else {
      const duration = lengthOf(drawResidual(downtime, stream))
      if (until > 0) absences.push({ node, at: 0, duration })
      at = duration + draw(session)
    }
    while (at < until) {
      const duration = draw(downtime)
      absences.push({ node, at, duration })
      at += duration + draw(session)
    }
  }
  return absences.sort((one, other) => one.at - other.at || one.node - other.node)
}

/** What churn drives: a network, or anything that can lose and regain its nodes. */
export type ChurnTarget = {
  takeDown: (node: NodeId) => void
  bringUp: (node: NodeId) => void
}

/**
 * Schedules absences, before any message of their instants. At most one that has not begun waits
 * in the queue, so that a long schedule costs nothing before its time.
 *
 * Where a fault plan hits the same nodes, put the absences into the plan instead: it counts how
 * often a node is down, and brings it up with the last of its outages.
 */
export function scheduleChurn(
  simulation: Simulation,
  name: string,
  absences: readonly Absence[],
  target: ChurnTarget,
): void {
  let next = 0
  const goNext = (): void => {
    const absence = absences[next]
    if (absence !== undefined) simulation.at(absence.at, down, next)
  }
  const up = simulation.define(`${name}/up`, (node) => target.bringUp(node), -19)
  const down = simulation.define(
    `${name}/down`,
    (index) => {
      const { node, at, duration } = absences[index]!
      target.takeDown(node)
      simulation.at(at + duration, up, node)
      next = index + 1
      goNext()
    },
    -20,
  )
  goNext()
}

function check({ nodes, session, downtime, until }: ChurnOptions): void {
  if (!Number.isSafeInteger(nodes) || nodes < 0) {
    throw new ChurnError("Churn expects a whole number of 'nodes'.", {
      metaMessages: [`Found: ${nodes}`],
    })
  }
  if (!Number.isSafeInteger(until) || until < 0) {
    throw new ChurnError("Churn expects 'until' in whole µs, at least 0.", {
      metaMessages: [`Found: ${until}`],
    })
  }
  checkLifetime('session', session)
  checkLifetime('downtime', downtime)
  const cycle = meanLifetime(session) + meanLifetime(downtime)
  const expected = (nodes * until) / cycle
  if (expected > absencesMax) {
    throw new ChurnError(`Churn of ${nodes} nodes would mean ${Math.round(expected)} absences.`, {
      metaMessages: [
        `A node comes and goes every ${cycle} µs in the mean, for ${until} µs.`,
        'Lengths are in µs: use minutes(10), hours(2); or make the run shorter.',
      ],
    })
  }
}
