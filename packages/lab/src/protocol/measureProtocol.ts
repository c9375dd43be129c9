import type { ConsensusModel } from '@counterpoise/consensus'
import type { Latency, Place } from '@counterpoise/network'
import { estimateOf } from '../statistics.ts'
import { type Decisions, runDecisions, runFirstDecision } from './protocolRun.ts'
import { createStageSamples, type StageStatistics } from './stageSamples.ts'

export type ProtocolOptions = {
  model: ConsensusModel
  parameters: unknown
  /** One member with one vote for each; none of them takes time to work, send or receive. */
  places: readonly Place[]
  latency: (places: readonly Place[]) => Latency
  /**
   * How many members never take part; those of the last places. Their seats move on from run to
   * run as all do, so that a rotation of leaders meets them at any point. Default: 0.
   */
  crashed?: number | undefined
  /** Decisions of a run. Default: 10. */
  decisions?: number | undefined
  /** Default: 10. */
  replications?: number | undefined
  seed?: string | undefined
  /** Called after each run, with how many of all there will be are done; it can only watch. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** What a protocol does over a network, where nothing but messages takes time. */
export type ProtocolFigures = {
  protocol: string
  /** Members, the crashed ones included. */
  n: number
  /**
   * From the proposal of a block until a replica has it, sees it certified, and holds it for
   * final: over all replicas that are up, the proposer included, and every one of them proposing.
   */
  stages: Record<string, StageStatistics>
  /** Time per decision: of a chain of decisions, each of which n − f replicas must have taken. */
  decision_ms: { mean: number; ci95: number }
  /** Views that were begun per decision: 1 where no leader fails. */
  views_per_decision: number
  messages_per_decision: number
  bytes_per_decision: number
}

/**
 * Measures a protocol over a network. The seats of the committee rotate over the places: stages
 * come from the first block of runs in which each place proposes it in turn, decisions from runs
 * that go on.
 *
 * @throws ProtocolStalledError where the members that are up decide nothing.
 */
export function measureProtocol(options: ProtocolOptions): ProtocolFigures {
  const { model, places, replications = 10, onProgress } = options
  const total = replications * (places.length + 1)
  let done = 0
  const samples = createStageSamples()
  const runs: Decisions[] = []
  for (let replication = 0; replication < replications; replication++) {
    const measured = new Set<number>()
    for (let turn = 0; turn < places.length; turn++) {
      const first = runFirstDecision({ ...options, replication, turn })
      onProgress?.(++done, total)
      // Where a leader is down or gives up another one is the first, who has a turn of its own.
      if (measured.has(first.proposer)) continue
      measured.add(first.proposer)
      first.addTo(samples)
    }
    const turn = Math.floor((replication * places.length) / replications)
    runs.push(runDecisions({ ...options, replication, turn }))
    onProgress?.(++done, total)
  }
  const meanOf = (figure: (run: Decisions) => number): number => estimateOf(runs.map(figure)).mean
  return {
    protocol: model.name,
    n: places.length,
    stages: samples.statistics(),
    decision_ms: estimateOf(runs.map(({ timeMs }) => timeMs)),
    views_per_decision: meanOf(({ views }) => views),
    messages_per_decision: meanOf(({ messages }) => messages),
    bytes_per_decision: meanOf(({ bytes }) => bytes),
  }
}
