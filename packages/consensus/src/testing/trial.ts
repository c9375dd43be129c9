import { createSimulation, formatDuration, type Simulation, type Time } from '@counterpoise/engine'
import { type BlockId, createBlockStore, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { monitorAgreement, type AgreementMonitor } from '../agreement.ts'
import {
  type Behaviour,
  type Cluster,
  createCluster,
  type Member,
} from '../cluster.ts'
import { emptyBlocks } from '../emptyBlocks.ts'
import { both } from '../behaviours/behaviours.ts'
import { ConformanceError } from './errors.ts'
import { applyFaults, delayed, type FaultPlan, noFaults } from './faultPlan.ts'
import { createFrozenMessages } from './frozenMessages.ts'
import { overheard, type RuleBook } from './ruleBook.ts'
import type { Setting } from './setting.ts'

/** What a member reported, and when. */
export type Entry = {
  time: Time
  node: NodeId
  word: 'proposed' | 'notarised' | 'finalised' | 'headChanged'
  block: BlockId
}

/** One run of a model under a fault plan, with everything that a check looks at. */
export type Trial = {
  simulation: Simulation
  cluster: Cluster
  agreement: AgreementMonitor
  journal: readonly Entry[]
  /** Messages that were altered after they had been sent. */
  altered: () => readonly string[]
  runUntil: (time: Time) => void
  /**
   * Runs until something holds, looked at four times per `progressWithin`, and for as long again
   * as between two looks, so that what goes wrong because of it can show; until a time at the
   * latest.
   */
  runWhileNot: (holds: () => boolean, until: Time) => void
  /** How far a member has come: the height of its final block, or of its head. */
  progress: (node: NodeId) => number
  /** The block that `progress` is about. */
  tip: (node: NodeId) => BlockId
}

export type TrialOptions = {
  seed?: string | undefined
  plan?: FaultPlan | undefined
  /** Members that depart from the protocol. */
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
  /** Whether to watch that nobody alters what has been said. Default: true. */
  watched?: boolean | undefined
  /** Hears all messages, lies included. */
  rules?: RuleBook | undefined
}

export function createTrial(
  setting: Setting<any, any>,
  options: TrialOptions = {},
): Trial {
  const { seed = 'conformance', plan = noFaults, behaviours, rules, watched = true } = options
  const { model, weights, validationTime } = setting
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  const frozen = createFrozenMessages()
  const conductOf = (node: NodeId): [NodeId, Behaviour][] | undefined => {
    const conduct = behaviours?.get(node) ?? (watched ? frozen.behaviour : undefined)
    if (rules === undefined) return conduct && [[node, conduct]]
    const heard = overheard(rules, node)
    return [[node, conduct === undefined ? heard : both(heard, conduct)]]
  }
  const cluster = createCluster(simulation, {
    name: 'trial',
    model,
    parameters: setting.parameters,
    members: weights.map(toMember),
    latency: delayed(setting.latency, plan, simulation.now),
    topology: setting.topology?.(weights.length),
    fifo: setting.fifo,
    blocks,
    executor: { ...emptyBlocks(blocks), validate: () => validationTime },
    behaviours: new Map(weights.flatMap((_, node) => conductOf(node) ?? [])),
  })
  const agreement = monitorAgreement(cluster)
  const journal: Entry[] = []
  const note = (word: Entry['word']) => (node: NodeId, block: BlockId) => {
    journal.push({ time: simulation.now(), node, word, block })
  }
  cluster.observe({
    proposed: note('proposed'),
    notarised: note('notarised'),
    finalised: note('finalised'),
    headChanged: note('headChanged'),
  })
  applyFaults(simulation, cluster, plan)

  const isFinal = model.finality !== 'probabilistic'
  const tip = (node: NodeId): BlockId => (isFinal ? cluster.finalised(node) : cluster.head(node))
  const runUntil = (time: Time): void => {
    const eventsMax = setting.eventsMax - simulation.events()
    if (simulation.run({ until: time, eventsMax }) !== 'events') return
    throw new ConformanceError(`'${model.name}' makes more events than the run allows.`, [
      `Events: ${simulation.events()} by ${formatDuration(simulation.now())}`,
    ])
  }
  return {
    simulation,
    cluster,
    agreement,
    journal,
    altered: frozen.altered,
    runUntil,
    runWhileNot: (holds, until) => {
      const step = (): void =>
        runUntil(Math.min(until, simulation.now() + Math.ceil(setting.progressWithin / 4)))
      while (!holds() && simulation.now() < until) step()
      step()
    },
    progress: (node) => blocks.height(tip(node)),
    tip,
  }
}

function toMember(weight: number, node: number): Member {
  const attributes = { region: 'lab', operator: `operator-${node}` }
  return { name: `member-${node}`, attributes, weight }
}

/** The numbers of a trial's members. */
export function membersOf(trial: Trial): NodeId[] {
  return trial.cluster.members.map((_, node) => node)
}

/** How far everybody has come, for messages. */
export function standings(trial: Trial): string {
  return membersOf(trial)
    .map((node) => `member ${node} at height ${trial.progress(node)}`)
    .join(', ')
}

/** A chain without block numbers, which depend on who else builds: round, proposer, time. */
export function contentOf(trial: Trial, tip: BlockId): string[] {
  const { blocks } = trial.cluster
  const content: string[] = []
  for (let block = tip; block !== genesis; block = blocks.parent(block)) {
    content.push(`${blocks.round(block)}/${blocks.proposer(block)}/${blocks.time(block)}`)
  }
  return content.reverse()
}
