import { type Cluster, createCluster } from '@counterpoise/consensus'
import {
  createSimulation,
  hours,
  priorities,
  type RunEnd,
  type Simulation,
  type Time,
  toMs,
} from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { Place } from '@counterpoise/network'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { quantile } from '../statistics.ts'
import type { ProtocolOptions } from './measureProtocol.ts'
import type { StageSamples } from './stageSamples.ts'
import type { Undecided } from './undecided.ts'

/** A run of one replication, with the seats of the committee moved on by some places. */
export type ProtocolRun = ProtocolOptions & { replication: number; turn: number }

/** Figures of a chain of decisions, per decision. */
export type Decisions = { timeMs: number; views: number; messages: number; bytes: number }

/** The longest usual delay from the first member to another, µs; 0 where there is no other. */
function longestDelayOf({ latency, places }: ProtocolRun): Time {
  const delays = latency(places)
  return Math.max(0, ...places.slice(1).map((_, other) => delays.typical(0, other + 1)))
}

/**
 * So long is waited for the next decision: an hour, or 1,000 message delays. Half of all time at
 * most, so that timeouts which double end within the other half.
 */
const patienceOf = (run: ProtocolRun): Time =>
  Math.min(Math.max(hours(1), 1_000 * longestDelayOf(run)), (Number.MAX_SAFE_INTEGER - 1) / 2)

/**
 * Nor does anybody wait for more events than these without a decision: timeouts of a millisecond
 * make millions of views of an hour. A thousand views in which everybody tells everybody are in it.
 */
const eventsOf = (run: ProtocolRun): number => 100_000 + 1_000 * run.places.length ** 2

/**
 * Runs until it is stopped, or until nothing has been decided for too long.
 *
 * @returns what ended it.
 */
function runPatiently(run: ProtocolRun, simulation: Simulation, decided: () => number): RunEnd {
  const { eventsMax, patience } = limitsOf(run)
  for (;;) {
    const before = decided()
    const until = Math.min(simulation.now() + patience, Number.MAX_SAFE_INTEGER)
    const end = simulation.run({ until, eventsMax })
    if (end === 'stopped' || end === 'empty' || decided() === before) return end
  }
}

const limitsOf = (run: ProtocolRun): Undecided['limits'] => ({
  eventsMax: eventsOf(run),
  patience: patienceOf(run),
})

type World = { simulation: Simulation; cluster: Cluster; places: readonly Place[]; up: number }

/**
 * A cluster with its seats moved on: member i has the place i + turn. The last places are those of
 * the members that are down, so that over the turns these lead at every point of a rotation.
 */
function createWorld(run: ProtocolRun): World {
  const { model, parameters, crashed = 0, seed = 'protocol', replication, turn } = run
  const count = run.places.length
  const places = run.places.map((_, index) => run.places[(index + turn) % count]!)
  const simulation = createSimulation({ seed: `${seed}/${turn}`, replication })
  const cluster = createCluster(simulation, {
    name: 'protocol',
    model,
    parameters,
    members: places.map((place) => ({ ...place, weight: 1 })),
    latency: run.latency(places),
  })
  const up = count - crashed
  places.forEach((_, node) => {
    if ((node + turn) % count >= up) cluster.network.takeDown(node)
  })
  return { simulation, cluster, places, up }
}

const undecided = (
  run: ProtocolRun,
  { simulation }: World,
  end: RunEnd,
  progress: string,
): Either<Undecided, never> => {
  const searched = { events: simulation.events(), time: simulation.now() }
  const longestDelay = longestDelayOf(run)
  return left({ progress, end, ...searched, limits: limitsOf(run), longestDelay })
}

/** The first block that gets final: which place proposed it, and when each replica had it. */
export type FirstDecision = { proposer: number; addTo: (samples: StageSamples) => void }

/**
 * Takes the delays of the first decision, from the proposal of its block to every replica that is
 * up. Blocks that were proposed before it and given up do not count.
 */
export function runFirstDecision(run: ProtocolRun): Either<Undecided, FirstDecision> {
  const world = createWorld(run)
  const { simulation, cluster, places, up } = world
  const { blocks } = cluster
  const tracks = new Map<BlockId, Track>()
  let decided: BlockId = -1
  let missing = up
  const note = (block: BlockId, stage: Stage, node: number): boolean => {
    const track = tracks.get(block)
    if (track === undefined || track[stage][node]! >= 0) return false
    track[stage][node] = simulation.now() - track.proposedAt
    return true
  }
  cluster.observe({
    proposed: (node, block) => {
      if (decided >= 0 || tracks.has(block)) return
      tracks.set(block, createTrack(places.length, simulation.now()))
      note(block, 'received', node)
    },
    received: (node, block) => void note(block, 'received', node),
    notarised: (node, block) => void note(block, 'notarised', node),
    finalised: (node, block) => {
      if (decided < 0) decided = blocks.ancestorAt(block, 1)
      if (!note(decided, 'finalised', node)) return
      missing--
      if (missing === 0) simulation.stop()
    },
  })
  const end = runPatiently(run, simulation, () => up - missing)
  if (missing > 0) {
    const progress = decided < 0 ? 'no decision' : `a decision that ${missing} of ${up} lack`
    return undecided(run, world, end, progress)
  }
  const track = tracks.get(decided)!
  return right({
    proposer: (blocks.proposer(decided) + run.turn) % places.length,
    addTo: (samples) => {
      for (const stage of stages) {
        track[stage].forEach((delay, node) => {
          if (delay >= 0) samples.add(stage, places[node]!.attributes.region, toMs(delay))
        })
      }
    },
  })
}

const stages = ['received', 'notarised', 'finalised'] as const
type Stage = (typeof stages)[number]
/** When a block was proposed and, by replica, how long after that it reached a stage; −1: not. */
type Track = { proposedAt: Time } & Record<Stage, Float64Array>

function createTrack(replicas: number, proposedAt: Time): Track {
  const column = (): Float64Array => new Float64Array(replicas).fill(-1)
  return { proposedAt, received: column(), notarised: column(), finalised: column() }
}

/** Lets a chain of decisions be taken. */
export function runDecisions(run: ProtocolRun): Either<Undecided, Decisions> {
  const { model, decisions = 10, places } = run
  const world = createWorld(run)
  const { simulation, cluster } = world
  const { blocks, network } = cluster
  const needed = places.length - model.faultLimit(places.length)
  const heights = new Int32Array(places.length)
  /** By decision, from 1: how many replicas have taken it, and the state when enough had. */
  const takers = new Int32Array(decisions + 1)
  const marks: { time: Time; round: number; messages: number; bytes: number }[] = []
  /** What had been sent when a block was proposed; looked at for the first final one. */
  const before = new Map<BlockId, { messages: number; bytes: number }>()
  let decided = 0
  let firstBlock: BlockId = -1
  const measure = (round: number): void => {
    const { sent, bytes } = network.counters()
    marks.push({ time: simulation.now(), round, messages: sent, bytes })
    if (marks.length === decisions) simulation.stop()
  }
  // When everything of the instant has happened, so that what it sends is counted in full.
  const measureKind = simulation.define('protocol/measure', measure, priorities.measure)
  // A member alone, or members that no time lies between, go on for ever within an instant.
  const isTimeless = longestDelayOf(run) === 0
  cluster.observe({
    proposed: (_node, block) => {
      const { sent, bytes } = network.counters()
      if (marks.length === 0) before.set(block, { messages: sent, bytes })
    },
    finalised: (node, block) => {
      const top = Math.min(blocks.height(block), decisions)
      while (heights[node]! < top) {
        const height = heights[node]! + 1
        heights[node] = height
        takers[height] = takers[height]! + 1
        if (takers[height] !== needed) continue
        decided = height
        const taken = blocks.ancestorAt(block, height)
        if (height === 1) firstBlock = taken
        const round = blocks.round(taken)
        if (!isTimeless) simulation.after(0, measureKind, round)
        else if (marks.length < decisions) measure(round)
      }
    },
  })
  const end = runPatiently(run, simulation, () => decided)
  if (marks.length < decisions) {
    const progress = decided === 0 ? 'no decision' : `${decided} of ${decisions} decisions`
    return undecided(run, world, end, progress)
  }
  const [first, last] = [marks[0]!, marks[decisions - 1]!]
  // What the views before the first proposal that held have cost.
  const failed = first.round === 1 ? { messages: 0, bytes: 0 } : before.get(firstBlock)!
  const each = (what: 'messages' | 'bytes'): number => {
    if (decisions === 1) return last[what]
    // From the first decision to the last one, so that what is under way at either end cancels
    // out; the first one costs what most others do.
    const steps = marks.slice(1).map((mark, index) => mark[what] - marks[index]![what])
    const usual = quantile(Float64Array.from(steps).sort(), 0.5)
    return (failed[what] + usual + last[what] - first[what]) / decisions
  }
  return right({
    timeMs: toMs(last.time) / decisions,
    views: last.round / decisions,
    messages: each('messages'),
    bytes: each('bytes'),
  })
}
