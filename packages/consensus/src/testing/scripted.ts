import { createSimulation, ms, type Simulation } from '@counterpoise/engine'
import { type BroadcastProtocol, constantLatency, type Topology } from '@counterpoise/network'
import * as z from 'zod'
import { createCluster, type Behaviour, type Cluster, type Member } from '../cluster.ts'
import { defineConsensus, type Replica, type ReplicaContext } from '../contract.ts'

export type Say = { text: string }
export type Script = (
  context: ReplicaContext<Say>,
  log: (text: string) => void,
) => Partial<Replica<Say>>

export type ScriptedOptions = {
  size?: number
  latencyMs?: number
  behaviours?: Map<number, Behaviour>
  /** With one, the model gossips over it. */
  topology?: Topology
  broadcast?: BroadcastProtocol
}

/** A cluster whose replicas do what a script says; `log` lines carry time, member and text. */
export function scripted(
  script: Script,
  options: ScriptedOptions = {},
): { simulation: Simulation; cluster: Cluster; lines: string[] } {
  const { size = 2, latencyMs = 10, behaviours, topology, broadcast } = options
  const simulation = createSimulation({ seed: 'cluster' })
  const lines: string[] = []
  const idle: Replica<Say> = {
    start: () => {},
    receive: () => {},
    expire: () => {},
    recover: () => {},
  }
  const cluster = createCluster(simulation, {
    name: 'test',
    model: defineConsensus<Record<string, never>, Say>({
      name: 'scripted',
      parameters: z.strictObject({}),
      finality: 'deterministic',
      dissemination: topology === undefined ? 'direct' : 'gossip',
      faultLimit: () => 0,
      createReplica: (_, context) => {
        const log = (text: string): void => {
          lines.push(`${simulation.now() / 1_000} #${context.self} ${text}`)
        }
        return { ...idle, ...script(context, log) }
      },
    }),
    parameters: {},
    members: Array.from({ length: size }, (_, node) => member(node)),
    latency: constantLatency(ms(latencyMs)),
    ...{ behaviours, topology, broadcast },
  })
  return { simulation, cluster, lines }
}

function member(node: number): Member {
  return { name: `m${node}`, weight: 1, attributes: { region: 'lab', operator: `o${node}` } }
}

/** Does something to the cluster at a time. */
export function doAt(simulation: Simulation, time: number, action: () => void): void {
  simulation.at(time, simulation.define(`action at ${time}`, action))
}
