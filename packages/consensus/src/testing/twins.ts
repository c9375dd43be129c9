import { createSimulation, ms, type Time } from '@counterpoise/engine'
import { constantLatency, type NodeId } from '@counterpoise/network'
import { twin } from '../behaviours/behaviours.ts'
import { type Behaviour, createCluster } from '../cluster.ts'
import type { ConsensusModel } from '../contract.ts'
import { faultOf } from './byzantineChecks.ts'
import type { Entry } from './trial.ts'
import { labMembers } from './labMembers.ts'

export type AttackOptions = {
  model: ConsensusModel
  /** Parameters as the model's schema reads them; its defaults without them. */
  parameters?: object | undefined
  /** Members with one vote each, 40 ms from one another. */
  members: number
  behaviours: ReadonlyMap<NodeId, Behaviour>
  /** Links on which nothing gets through, each from the first member to the second. */
  cuts: readonly (readonly [from: NodeId, to: NodeId])[]
  /** When they are over; else never. */
  cutUntil?: Time | undefined
  until: Time
}

/** What came of a constructed plan. */
export type AttackResult = {
  /** How the honest members contradict each other, in words; `undefined` where they agree. */
  conflict: string | undefined
  /** How often honest members reported a final block. */
  finals: number
}

/**
 * Lets liars follow a plan and looks at what the honest members hold for final. With more liars
 * than a model promises to survive, a plan must be able to break it: else nothing is checked.
 */
export function runAttack(options: AttackOptions): AttackResult {
  const { model, parameters = {}, members, behaviours, cuts, cutUntil, until } = options
  const simulation = createSimulation({ seed: 'attack' })
  const cluster = createCluster(simulation, {
    name: 'attack',
    model,
    parameters: model.parameters.parse(parameters),
    members: labMembers(members),
    latency: constantLatency(ms(40)),
    behaviours,
  })
  const mend = cuts.map(([from, to]) =>
    cluster.network.addLinkFault({ from: [from], to: [to], cut: 'drop' }),
  )
  if (cutUntil !== undefined) {
    const kind = simulation.define('attack/mend', () => mend.forEach((end) => end()))
    simulation.at(cutUntil, kind)
  }
  const journal: Entry[] = []
  cluster.observe({
    finalised: (node, block) => {
      if (behaviours.has(node)) return
      journal.push({ time: simulation.now(), node, word: 'finalised', block })
    },
  })
  simulation.run({ until })
  const conflict = faultOf({}, { cluster, journal }, new Set(behaviours.keys()))
  return { conflict, finals: journal.length }
}

/**
 * The plan of twins for n = 3f + 1 = 4: members 0 … liars − 1 have a twin each, one of which talks
 * with member 2 and the other with member 3; the links between members 2 and 3 are cut.
 */
export function runTwins(
  model: ConsensusModel,
  { liars, parameters, until }: { liars: 1 | 2; until: Time; parameters?: object | undefined },
): AttackResult {
  const behaviour = twin([0, 1, 2], [0, 1, 3])
  return runAttack({
    model,
    parameters,
    members: 4,
    behaviours: new Map(Array.from({ length: liars }, (_, node) => [node, behaviour])),
    cuts: [
      [2, 3],
      [3, 2],
    ],
    until,
  })
}
