import {
  type AgreementMonitor,
  type Behaviour,
  type Cluster,
  createCluster,
  type Executor,
  monitorAgreement,
  type ReplicaContext,
} from '@counterpoise/consensus'
import { createSimulation, ms, type Simulation, type Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import { constantLatency, type Latency, type NodeId } from '@counterpoise/network'
import { type CeremonyOutcome, ceremonyOutcomeOf, epochOfView } from './epochs.ts'
import type { SimplexMessage } from './messages.ts'
import { simplexParameters } from './parameters.ts'
import { simplex } from './simplex.ts'
import { createWitness, type Witness } from './witness.ts'

export type TrialOptions = {
  seed?: string | undefined
  /** Members with one vote each, or the weights of all members. */
  voters: number | readonly number[]
  followers?: number | undefined
  latency?: Latency | undefined
  /** Uplink of every member; without one, no limit. */
  uplinkBytesPerSecond?: number | undefined
  parameters?: Record<string, unknown> | undefined
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
  executor?: ((blocks: BlockStore, now: () => Time) => Executor) | undefined
  blocks?: BlockStore | undefined
}

/** What one member reported of one block, and when. */
export type Entry = { time: Time; node: NodeId; block: BlockId }

/** A cluster under observation: all that its members say and report is written down. */
export type Trial = {
  simulation: Simulation
  cluster: Cluster
  agreement: AgreementMonitor
  witness: Witness
  proposed: Entry[]
  received: Entry[]
  notarised: Entry[]
  finalised: Entry[]
  heads: Entry[]
  equivocated: { node: NodeId; offender: NodeId }[]
  run: (until: Time) => void
  /** The times of a block's reports, one for each member that reported it. */
  timesOf: (entries: readonly Entry[], block: BlockId) => Time[]
}

/** Delay of every link unless a trial says otherwise. */
export const hop = ms(40)

export function createTrial(options: TrialOptions): Trial {
  const { seed = 'trial', followers = 0, latency = constantLatency(hop), blocks } = options
  const { voters, uplinkBytesPerSecond } = options
  const simulation = createSimulation({ seed })
  const weights = typeof voters === 'number' ? Array.from({ length: voters }, () => 1) : voters
  const unweighted = Array.from({ length: followers }, () => 0)
  const members = [...weights, ...unweighted].map((weight, index) => ({
    name: `member ${index}`,
    attributes: { region: 'here', operator: `operator ${index}` },
    weight,
    ...(uplinkBytesPerSecond === undefined ? {} : { uplinkBytesPerSecond }),
  }))
  const parameters = simplexParameters.parse(options.parameters ?? {})
  const { optimisticViews, termViews } = parameters
  const witness = createWitness(weights, termViews, optimisticViews > 0)
  const watched = members.map((_, node): [NodeId, Behaviour] => [
    node,
    witnessed(witness, node, options.behaviours?.get(node)),
  ])
  const cluster = createCluster(simulation, {
    name: 'simplex',
    model: simplex,
    parameters,
    members,
    latency,
    behaviours: new Map(watched),
    ...(blocks === undefined ? {} : { blocks }),
    ...(blocks === undefined || options.executor === undefined
      ? {}
      : { executor: options.executor(blocks, simulation.now) }),
  })
  const proposed: Entry[] = []
  const received: Entry[] = []
  const notarised: Entry[] = []
  const finalised: Entry[] = []
  const heads: Entry[] = []
  const equivocated: Trial['equivocated'] = []
  const writeTo = (entries: Entry[]) => (node: NodeId, block: BlockId) => {
    entries.push({ time: simulation.now(), node, block })
  }
  cluster.observe({
    proposed: writeTo(proposed),
    received: writeTo(received),
    notarised: writeTo(notarised),
    finalised: writeTo(finalised),
    headChanged: writeTo(heads),
    equivocated: (node, offender) => equivocated.push({ node, offender }),
  })
  return {
    simulation,
    cluster,
    agreement: monitorAgreement(cluster),
    witness,
    proposed,
    received,
    notarised,
    finalised,
    heads,
    equivocated,
    run: (until) => {
      simulation.run({ until, eventsMax: 20_000_000 })
    },
    timesOf: (entries, block) =>
      entries.filter((entry) => entry.block === block).map(({ time }) => time),
  }
}

/** A member that is honest but for what the change makes of its context. */
export function altered(
  change: (context: ReplicaContext<SimplexMessage>) => Partial<ReplicaContext<SimplexMessage>>,
): Behaviour {
  return (honest, context) => {
    // A behaviour is made for any protocol; this one is used on replicas of Simplex only.
    const own = context as unknown as ReplicaContext<SimplexMessage>
    return honest({ ...own, ...change(own) } as unknown as typeof context)
  }
}

/** Freezes and writes down all that a member sends, whatever its behaviour. */
function witnessed(witness: Witness, node: NodeId, inner: Behaviour | undefined): Behaviour {
  const watched = altered((context) => ({
    send: (to, message, bytes) => {
      witness.hear(node, Object.freeze(message))
      context.send(to, message, bytes)
    },
    broadcast: (message, bytes) => {
      witness.hear(node, Object.freeze(message))
      context.broadcast(message, bytes)
    },
  }))
  if (inner === undefined) return watched
  return (honest, context) => watched((watching) => inner(honest, watching), context)
}

/** Outcomes of the ceremonies of all epochs that are over for a member, in their order. */
export function outcomesOf(trial: Trial, node = 0): CeremonyOutcome[] {
  const { blocks, finalised } = trial.cluster
  const found: CeremonyOutcome[] = []
  for (let block = finalised(node); block > 0; block = blocks.parent(block)) {
    const outcome = ceremonyOutcomeOf(blocks, block)
    if (outcome !== undefined) found.push(outcome)
  }
  return found.reverse()
}

/** Members that have voted in each epoch. */
export function votersByEpoch(trial: Trial): number[][] {
  const found: Set<number>[] = []
  for (const [view, { notarise }] of trial.witness.views()) {
    const voters = (found[epochOfView(view)] ??= new Set())
    for (const node of notarise.keys()) voters.add(node)
  }
  return found.map((voters) => [...voters].sort((one, other) => one - other))
}

/** What is wrong with what all members have said and reported, in words. */
export function problemsOf({ agreement, cluster, witness }: Trial): string[] {
  const conflicts = agreement
    .conflicts()
    .map(({ block, conflictsWith }) => `${block} and ${conflictsWith} are both final`)
  return [...conflicts, ...witness.violations(cluster.blocks)]
}
