import { ms, priorities, type Simulation, type Time } from '@counterpoise/engine'
import { createLinkFaults, type LinkFault } from '@counterpoise/network'
import type { BeaconBlock } from './blocks.ts'
import type { BeaconNetworkOptions, BeaconNode } from './beaconOptions.ts'
import type { Bundle } from './bundles.ts'
import type { BeaconChain } from './chain.ts'
import { lastFinite, type Mesh } from './mesh.ts'
import type { Payload } from './payloads.ts'
import type { PayloadVotes } from './payloadVotes.ts'
import { sidesOf } from './sides.ts'
import type { Views } from './views.ts'

/** How long a node that comes back needs to fetch what it lacks. Assumed. */
const syncTime = ms(2_000)

const never = Number.POSITIVE_INFINITY

/** Brings blocks and votes to the nodes: who has what when. */
export type Delivery = {
  /** Nodes go down and come back, a partition begins and ends, as the options say. */
  beginSlot: (slot: number) => void
  /** What was under way to a node that goes down is lost; coming back, it fetches what it lacks. */
  setUp: (node: number, isUp: boolean) => void
  /** Makes links faulty until the function that it returns is called. */
  addLinkFault: (fault: LinkFault) => () => void
  /** Spreads from a node; the times are absolute. */
  spread: (source: number, bytes: number, now: Time) => Float64Array
  /** Nothing for anybody but the adversary, who has it at once. */
  hidden: (now: Time) => Float64Array
  addBlock: (block: BeaconBlock) => void
  addBundle: (bundle: Bundle) => void
  /** A payload is shown: when the nodes have it. */
  addPayload: (payload: Payload, seen: Float64Array) => void
  addPayloadVotes: (votes: Omit<PayloadVotes, 'id' | 'settled' | 'partial'>) => void
  /** Replaces when the nodes have something that was kept back, a block with its payload. */
  reveal: (item: BeaconBlock | Bundle, seen: Float64Array) => void
  /** Blocks and votes below a final block need no times any more. */
  forget: (finalised: number) => void
  /** The side of each node where links are cut: those of other sides it cannot reach. */
  sides: () => Int32Array | undefined
  /** 32 bits over everything that was brought to anybody so far, for the run's digest. */
  mark: () => number
}

export type DeliveryOptions = {
  simulation: Simulation
  name: string
  chain: BeaconChain
  mesh: Mesh
  views: Views
  up: Uint8Array
  partition: BeaconNetworkOptions['partition']
  nodes: readonly BeaconNode[]
  /** Told whenever it is known when nodes have a block. */
  onBlock: (block: BeaconBlock) => void
  /** The same of payloads. */
  onPayload: (payload: Payload) => void
}

/** What is brought to nodes. */
type Item = BeaconBlock | Bundle | Payload | PayloadVotes

export function createDelivery(options: DeliveryOptions): Delivery {
  const { simulation, chain, mesh, views, up, partition, nodes } = options
  const size = mesh.size
  const everybody = new Float64Array(size)
  const faults = createLinkFaults(size, () => (sides = undefined))
  /** Made when it is asked for. */
  let sides: Int32Array | undefined
  let endPartition: (() => void) | undefined
  /** Nodes that may lack something which they can reach now. */
  const returned = new Set<number>()
  /** Times of what the adversary keeps back: nobody can fetch that. */
  const secret = new WeakSet<Float64Array>()
  let openBlock = 0
  let openBundle = 0
  let openVotes = 0
  let mark = 0x811c9dc5 | 0

  /** Takes the times of an item into the mark. */
  const note = (item: Item): void => {
    const what =
      'voters' in item
        ? item.head ^ item.ether
        : 'parent' in item
          ? item.parent ^ item.bundles.length
          : 'timely' in item
            ? item.block ^ item.timely
            : item.payloadOf ^ item.work
    mark = Math.imul(mark ^ what, 0x01000193)
    for (const time of item.seen) {
      const bits = time === never ? -1 : time % 4_294_967_296 | 0
      mark = Math.imul(mark ^ bits, 0x01000193)
    }
  }

  const announce = (item: Item): void => {
    if ('voters' in item) return views.add({ bundle: item.id })
    if ('timely' in item) return views.add({ payloadVotes: item.id })
    if ('payloadOf' in item) {
      views.add({ payloadOf: item.payloadOf })
      return options.onPayload(item)
    }
    views.add({ block: item.id })
    options.onBlock(item)
  }

  const settle = (item: Item): void => {
    note(item)
    item.settled = lastFinite(item.seen)
    item.partial = false
    for (let node = 0; node < size; node++) {
      if (up[node] === 1 && item.seen[node] === never) item.partial = true
    }
  }

  const currentSides = (): Int32Array | undefined => {
    if (!faults.isActive) return undefined
    sides ??= sidesOf(size, (from, to) => faults.cut(from, to) === undefined)
    return sides
  }

  /** Who lacks something, and can reach a node that has it, has it after a while. */
  const synchronise = (): void => {
    const now = simulation.now()
    const side = currentSides()
    const sideAt = (node: number): number => (side === undefined ? 0 : side[node]!)
    const mend = (item: Item): void => {
      if (item.seen === everybody || secret.has(item.seen)) return
      let lacking = false
      for (const node of returned) lacking ||= up[node] === 1 && item.seen[node] === never
      if (!lacking) return
      const holding = new Set<number>()
      for (let node = 0; node < size; node++) {
        if (up[node] === 1 && item.seen[node]! <= now) holding.add(sideAt(node))
      }
      for (const node of returned) {
        if (up[node] === 0 || item.seen[node] !== never || !holding.has(sideAt(node))) continue
        item.seen[node] = now + syncTime
      }
      settle(item)
      announce(item)
    }
    for (let id = openBlock; id < chain.blocks.length; id++) {
      mend(chain.blocks[id]!)
      if (chain.blocks[id]!.payload !== undefined) mend(chain.blocks[id]!.payload!)
    }
    for (let id = openBundle; id < chain.bundles.length; id++) mend(chain.bundles[id]!)
    returned.clear()
  }
  const synchroniseKind = simulation.define(
    `${options.name}/synchronise`,
    synchronise,
    priorities.timer,
  )
  /** Once for all that come back in an instant. */
  const fetchFor = (node: number): void => {
    if (returned.size === 0) simulation.after(0, synchroniseKind)
    returned.add(node)
  }

  const setUp: Delivery['setUp'] = (node, isUp) => {
    if (isUp === (up[node] === 1)) return
    up[node] = isUp ? 1 : 0
    if (isUp) return fetchFor(node)
    const now = simulation.now()
    const lose = (item: Item | undefined): void => {
      if (item === undefined || !(item.seen[node]! > now) || item.seen[node] === never) return
      item.seen[node] = never
      item.partial = true
      announce(item)
    }
    for (let id = chain.blocks.length - 1; id >= openBlock; id--) {
      lose(chain.blocks[id]!)
      lose(chain.blocks[id]!.payload)
    }
    for (let id = chain.bundles.length - 1; id >= openBundle; id--) lose(chain.bundles[id]!)
  }

  const addLinkFault: Delivery['addLinkFault'] = (fault) => {
    const end = faults.add(fault)
    return () => {
      end()
      for (let node = 0; node < size; node++) fetchFor(node)
    }
  }

  /** Nodes that are up but not linked with the source by way of others find it in a while. */
  const reconnect = (times: Float64Array, source: number): void => {
    const side = currentSides()
    let later = -1
    for (let node = 0; node < size; node++) {
      if (times[node] !== never || up[node] === 0) continue
      if (side !== undefined && side[node] !== side[source]) continue
      if (later < 0) later = lastFinite(times) + syncTime
      times[node] = later
    }
  }

  const beginSlot: Delivery['beginSlot'] = (slot) => {
    nodes.forEach(({ down }, node) => {
      if (down === undefined) return
      setUp(node, !down.some(([from, until]) => slot >= from && slot < until))
    })
    if (partition === undefined) return
    const isParted = slot >= partition.from && slot < partition.until
    if (isParted && endPartition === undefined) {
      const groups: number[][] = []
      for (let node = 0; node < size; node++) (groups[partition.side(node)] ??= []).push(node)
      endPartition = addLinkFault({ between: groups.filter(Boolean), cut: 'drop' })
    } else if (!isParted && endPartition !== undefined) {
      endPartition()
      endPartition = undefined
    }
  }

  const bring = (item: Item, seen: Float64Array): void => {
    item.seen = seen
    settle(item)
    announce(item)
  }

  return {
    beginSlot,
    setUp,
    addLinkFault,
    sides: currentSides,
    mark: () => mark,
    spread: (source, bytes, now) => {
      const times = mesh.spread(source, bytes, up, faults)
      reconnect(times, source)
      for (let node = 0; node < size; node++) times[node] = times[node]! + now
      return times
    },
    hidden: (now) => {
      const times = Float64Array.from({ length: size }, (_, node) =>
        nodes[node]!.adversary === true ? now : never,
      )
      secret.add(times)
      return times
    },
    addBlock: (block) => {
      settle(block)
      chain.blocks.push(block)
      chain.derive(block)
      announce(block)
    },
    addBundle: (bundle) => {
      settle(bundle)
      chain.bundles.push(bundle)
      announce(bundle)
    },
    addPayload: bring,
    addPayloadVotes: (votes) => {
      const id = chain.payloadVotes.length
      const item: PayloadVotes = { ...votes, id, settled: 0, partial: false }
      chain.payloadVotes.push(item)
      bring(item, votes.seen)
    },
    reveal: (item, seen) => {
      bring(item, seen)
      if ('payload' in item && item.payload !== undefined) bring(item.payload, seen)
    },
    forget: (finalised) => {
      const { slot } = chain.blocks[finalised]!
      for (; openBlock < finalised; openBlock++) {
        const block = chain.blocks[openBlock]!
        block.seen = everybody
        if (block.payload !== undefined) block.payload.seen = everybody
        block.builders = undefined
      }
      // Only those of the last slot are ever asked for.
      for (; openVotes < chain.payloadVotes.length; openVotes++) {
        if (chain.payloadVotes[openVotes]!.slot >= slot) break
        chain.payloadVotes[openVotes]!.seen = everybody
      }
      for (; openBundle < chain.bundles.length; openBundle++) {
        const bundle = chain.bundles[openBundle]!
        if (bundle.slot >= slot - 64) break
        bundle.seen = everybody
        bundle.partial = false
        bundle.voters = noVoters
        bundle.members = noVoters
      }
    },
  }
}

const noVoters = new Int32Array(0)
