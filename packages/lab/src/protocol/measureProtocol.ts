import type { ConsensusModel } from '@counterpoise/consensus'
import { toMs } from '@counterpoise/engine'
import type { Latency, Place } from '@counterpoise/network'
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { estimateOf } from '../interval.ts'
import type { Estimate } from '../results.ts'
import { type Decisions, type ProtocolRun, runDecisions, runFirstDecision } from './protocolRun.ts'
import { createStageSamples, type StageStatistics } from './stageSamples.ts'
import {
  leadersLacking,
  ProtocolUndecidedError,
  tryTimeouts,
  type Undecided,
} from './undecided.ts'
import { version } from '../version.ts'

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
  /**
   * The parameters with a timeout of so many ms. With it, a search that ends without a decision
   * finds out whether the timeout is what keeps it from one.
   */
  withTimeout?: ((timeoutMs: number) => unknown) | undefined
  /** Called after each run, with how many of all there will be are done; it can only watch. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** What a protocol does over a network, where nothing but messages takes time. */
export type ProtocolFigures = {
  protocol: string
  /** Members, the crashed ones included. */
  n: number
  /** Members that never took part. */
  crashed: number
  /** Decisions of a run. */
  decisions: number
  replications: number
  seed: string
  /** Of the simulator. */
  version: string
  /** All parameters of the protocol, with their defaults. */
  parameters: unknown
  /**
   * From the proposal of a block until a replica has it, sees it certified, and holds it for
   * final: over all replicas that are up, the proposer included, and every one of them proposing.
   */
  stages: Record<string, StageStatistics>
  /** Time per decision: of a chain of decisions, each of which n − f replicas must have taken. */
  decision_ms: Estimate
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
 * @throws ProtocolUndecidedError where the members that are up decide nothing, or not enough.
 */
export function measureProtocol(options: ProtocolOptions): ProtocolFigures {
  const { model, parameters, places, replications = 10, onProgress } = options
  const { crashed = 0, decisions = 10, seed = 'protocol' } = options
  const total = replications * (places.length + 1)
  let done = 0
  const samples = createStageSamples()
  const runs: Decisions[] = []
  for (let replication = 0; replication < replications; replication++) {
    const measured = new Set<number>()
    for (let turn = 0; turn < places.length; turn++) {
      const first = decided(runFirstDecision, { ...options, replication, turn })
      onProgress?.(++done, total)
      // Where a leader is down or gives up another one is the first, who has a turn of its own.
      if (measured.has(first.proposer)) continue
      measured.add(first.proposer)
      first.addTo(samples)
    }
    const turn = Math.floor((replication * places.length) / replications)
    runs.push(decided(runDecisions, { ...options, replication, turn }))
    onProgress?.(++done, total)
  }
  const meanOf = (figure: (run: Decisions) => number): number =>
    estimateOf(runs.map(figure)).mean
  return {
    protocol: model.name,
    n: places.length,
    ...{ crashed, decisions, replications, seed, version, parameters },
    stages: samples.statistics(),
    decision_ms: estimateOf(runs.map(({ timeMs }) => timeMs), 'time'),
    views_per_decision: meanOf(({ views }) => views),
    messages_per_decision: meanOf(({ messages }) => messages),
    bytes_per_decision: meanOf(({ bytes }) => bytes),
  }
}

/** What a search finds; where it finds no decision, the reasons are looked into. */
function decided<found>(
  search: (run: ProtocolRun) => Either<Undecided, found>,
  run: ProtocolRun,
): found {
  const result = search(run)
  if (isRight(result)) return result.right
  const { model, parameters, places, crashed = 0, withTimeout } = run
  const circumstances = { model, parameters, n: places.length, crashed }
  const isOpen = crashed <= model.faultLimit(places.length) && !leadersLacking(circumstances)
  const trials =
    withTimeout !== undefined && isOpen
      ? tryTimeouts(result.left.longestDelay, (timeout) =>
          isRight(search({ ...run, parameters: withTimeout(toMs(timeout)) })),
        )
      : undefined
  throw new ProtocolUndecidedError(result.left, { ...circumstances, trials })
}
