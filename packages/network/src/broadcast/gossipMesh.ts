import { ms, type Simulation, type Time } from '@counterpoise/engine'
import type { NetworkOptions } from '../network.ts'
import { expectParameter } from '../networkChecks.ts'
import type { NodeId } from '../places.ts'
import { createItems, type Item, type Items } from './items.ts'
import { createMesh, linksMax } from './mesh.ts'
import type { BroadcastNetwork, BroadcastProtocol } from './protocol.ts'
import { createRecentMarks, type Signs } from './recentMarks.ts'

/**
 * Defaults are those of Ethereum's consensus layer.
 *
 * Sources: libp2p specs, gossipsub v1.1 (gossip factor); ethereum/consensus-specs,
 * phase0/p2p-interface.md (all others); the length of an id is its 20-byte message-id.
 */
export type GossipMeshParameters = {
  /** Mesh neighbours a node aims for (D). Default 8. */
  degree?: number | undefined
  /** With fewer it looks for more at its heartbeat (D_low). Default 6, at most `degree`. */
  degreeMin?: number | undefined
  /** It takes on no more (D_high). Default 12, or 1.5 times the `degree`. */
  degreeMax?: number | undefined
  /** To how many others it announces at least (D_lazy). Default 6. */
  lazyDegree?: number | undefined
  /** To which part of the others it announces, where that is more. Default 0.25. */
  gossipFactor?: number | undefined
  /** Time between heartbeats, µs. Default 700 ms. */
  heartbeat?: Time | undefined
  /** For how many heartbeats a node can still hand out what it got (mcache_len). Default 6. */
  historyLength?: number | undefined
  /** At how many of these it announces it (mcache_gossip). Default 3, or all where fewer. */
  historyGossip?: number | undefined
  /** Bytes of an id in an announcement or a request. Default 20. */
  idBytes?: number | undefined
}

type Complete = Record<keyof GossipMeshParameters, number>

/** What is left out filled in. @throws NetworkError where they are impossible. */
function completed(given: GossipMeshParameters): Complete {
  const { degree = 8, lazyDegree = 6, gossipFactor = 0.25, heartbeat = ms(700) } = given
  const { historyLength = 6, idBytes = 20 } = given
  const { historyGossip = Math.min(3, historyLength) } = given
  const { degreeMin = Math.min(6, degree) } = given
  const { degreeMax = Math.max(12, Math.ceil(1.5 * degree)) } = given
  const counts = { lazyDegree, historyLength, idBytes }
  for (const [key, value] of Object.entries(counts)) {
    expectParameter('gossipMesh', key, value, { from: 0 })
  }
  // Nobody tells of what it no longer hands out.
  expectParameter('gossipMesh', 'historyGossip', historyGossip, { from: 0, to: historyLength })
  expectParameter('gossipMesh', 'degree', degree, { from: 0, to: linksMax })
  expectParameter('gossipMesh', 'degreeMin', degreeMin, { from: 0, to: degree })
  expectParameter('gossipMesh', 'degreeMax', degreeMax, { from: degree, to: linksMax })
  expectParameter('gossipMesh', 'gossipFactor', gossipFactor, { from: 0, to: 1, whole: false })
  expectParameter('gossipMesh', 'heartbeat', heartbeat, { from: 1, to: 2_147_483_648 })
  return { ...counts, historyGossip, degree, degreeMin, degreeMax, gossipFactor, heartbeat }
}

type Packet<content> =
  | Item<content>
  | {
      kind: 'have' | 'want'
      items: readonly Item<content>[]
      signs: Signs | undefined
    }

/**
 * Eager push over a mesh, lazy push beside it: a node sends what is new at once to its mesh
 * neighbours, and at its next heartbeats tells some others that it has it; who lacks it asks.
 *
 * Nodes know at once whether a neighbour is up, as over a connection. Grafting and pruning cost
 * nothing. A node with nothing to tell and no link to mend skips its heartbeats, so silence is
 * free and a run can end.
 *
 * @throws NetworkError where parameters are impossible or contradict each other.
 */
export const gossipMesh = (parameters: GossipMeshParameters = {}): BroadcastProtocol => {
  const complete = completed(parameters)
  return {
    name: 'gossipMesh',
    open: (simulation, options) => openGossipMesh(simulation, options, complete),
  }
}

function openGossipMesh<content>(
  simulation: Simulation,
  options: NetworkOptions<content>,
  parameters: Complete,
): BroadcastNetwork<content> {
  const { degree, degreeMin, degreeMax, lazyDegree, gossipFactor } = parameters
  const { heartbeat, historyLength, historyGossip, idBytes } = parameters
  const { name, places, topology } = options
  const size = places.length
  const stream = simulation.stream(`${name}/gossip`)
  const phases = Int32Array.from(places, () => stream.below(heartbeat))
  const isAwake = new Uint8Array(size)
  /** What some node may still announce or hand out. */
  let recent: Item<content>[] = []

  /** Whom a node sends to; used again and again. */
  const targets: NodeId[] = []
  const keptFor = (historyLength + 1) * heartbeat
  const tellFor = historyGossip * heartbeat
  const marks = createRecentMarks(size)
  const remember = (origin: NodeId, item: Item<content>): void => {
    item.number = marks.open()
    marks.mark(origin, item.number)
    const now = simulation.now()
    recent = recent.filter(({ lastAt }) => now - lastAt <= keptFor)
    recent.push(item)
  }

  /** The number of a node's next heartbeat, from 1 on: the mark of what comes to it now. */
  const beatOf = (node: NodeId): number =>
    Math.floor((simulation.now() - phases[node]!) / heartbeat) + 2
  const wake = (node: NodeId): void => {
    if (isAwake[node] === 1) return
    isAwake[node] = 1
    simulation.at(phases[node]! + (beatOf(node) - 1) * heartbeat, beatKind, node)
  }

  const items: Items<content, Packet<content>> = createItems(simulation, options, {
    mark: beatOf,
    isKnown: (to, packet) => packet.kind === 'content' && packet.marks[to] !== 0,
    receive: (to, from, packet) => {
      if (packet.kind === 'content') {
        // Most copies are of what the node has: its word says so, and is at hand.
        if (marks.has(to, packet.number)) items.counters.duplicates++
        else if (items.take(to, from, packet)) marks.mark(to, packet.number)
      } else if (packet.kind === 'have') {
        if (packet.signs !== undefined && marks.hasAll(to, packet.signs)) return
        const lacking = packet.items.filter((item) => item.marks[to] === 0)
        if (lacking.length === 0) return
        const request = { kind: 'want', items: lacking, signs: undefined } as const
        items.sendWord(to, [from], request, idBytes * lacking.length)
      } else {
        for (const item of packet.items) {
          const mark = item.marks[to]!
          const isKept = mark > 0 && beatOf(to) - mark <= historyLength
          if (isKept) items.sendItem(to, [from], item)
        }
      }
    },
    pass: (node, from, item) => {
      if (from === -1) remember(node, item)
      targets.length = 0
      const count = mesh.count(node)
      for (let index = 0; index < count; index++) {
        const other = mesh.link(node, index)
        if (other !== from && other !== item.origin) targets.push(other)
      }
      items.sendItem(node, targets, item)
      wake(node)
    },
    onChange: (node, up) => {
      // A node that is back looks for links; those of one that is gone look for others.
      if (up) wake(node)
      else for (const other of mesh.of(node)) wake(other)
    },
  })
  const { network } = items

  const mesh = createMesh({
    size,
    degree: Math.min(degree, size - 1),
    degreeMax,
    connected: topology?.neighbours,
    isUp: network.isUp,
    stream,
  })
  for (let node = 0; node < size; node++) mesh.fill(node)

  const mend = (node: NodeId): void => {
    let isWhole = true
    for (let index = 0; index < mesh.count(node); index++) {
      if (!network.isUp(mesh.link(node, index))) isWhole = false
    }
    if (!isWhole) {
      for (const other of [...mesh.of(node)]) if (!network.isUp(other)) mesh.unlink(node, other)
    }
    if (mesh.count(node) < Math.min(degreeMin, size - 1)) mesh.fill(node)
  }

  /** Random connected others outside the mesh; without a topology everybody is connected. */
  const isOutside = (node: NodeId, other: NodeId): boolean =>
    other !== node && network.isUp(other) && !mesh.has(node, other)
  let others = new Int32Array(64)
  const lazyTargets = (node: NodeId): readonly NodeId[] => {
    targets.length = 0
    if (topology === undefined) {
      for (let tries = 0; tries < 4 * lazyDegree && targets.length < lazyDegree; tries++) {
        const other = stream.below(size)
        if (isOutside(node, other) && !targets.includes(other)) targets.push(other)
      }
      return targets
    }
    const connected = topology.neighbours(node)
    const { length } = connected
    if (others.length < length) others = new Int32Array(length)
    others.set(connected)
    const outside = length - mesh.count(node)
    const count = Math.max(lazyDegree, Math.floor(gossipFactor * outside))
    // A shuffle that ends when it has found enough.
    for (let index = 0; index < length && targets.length < count; index++) {
      const at = index + stream.below(length - index)
      const other = others[at]!
      others[at] = others[index]!
      if (isOutside(node, other)) targets.push(other)
    }
    return targets
  }

  const beatKind = simulation.define(`${name}/heartbeat`, (node) => {
    isAwake[node] = 0
    if (!network.isUp(node)) return
    mend(node)
    const beat = beatOf(node)
    const told: Item<content>[] = []
    let isOver = true
    const now = simulation.now()
    for (const item of recent) {
      // Nobody got it late enough to tell of it still.
      if (now - item.lastAt > tellFor) continue
      const mark = item.marks[node]!
      if (mark <= 0) continue
      const age = beat - mark
      if (age >= 1 && age <= historyGossip) told.push(item)
      if (age < historyGossip) isOver = false
    }
    if (told.length > 0) {
      const signs = marks.signsOf(told.map(({ number }) => number))
      const packet = { kind: 'have', items: told, signs } as const
      items.sendWord(node, lazyTargets(node), packet, idBytes * told.length)
    }
    if (!isOver) wake(node)
  })
  return items.broadcastNetwork
}
