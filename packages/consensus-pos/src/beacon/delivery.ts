import { ms, type Time } from '@counterpoise/engine'
import type { BeaconBlock } from './blocks.ts'
import type { BeaconNetworkOptions, BeaconNode } from './beaconOptions.ts'
import type { Bundle } from './bundles.ts'
import type { BeaconChain } from './chain.ts'
import { lastFinite, type Mesh } from './mesh.ts'
import type { Views } from './views.ts'

/** How long a node that comes back needs to fetch what it lacks. Assumed. */
const syncTime = ms(2_000)

/** Brings blocks and votes to the nodes: who has what when. */
export type Delivery = {
  /** Nodes go down and come back, a partition begins and ends. */
  beginSlot: (slot: number, now: Time) => void
  /** Spreads from a node; the times are absolute. */
  spread: (source: number, bytes: number, now: Time) => Float64Array
  /** Nothing for anybody but the adversary, who has it at once. */
  hidden: (now: Time) => Float64Array
  addBlock: (block: BeaconBlock) => void
  addBundle: (bundle: Bundle) => void
  /** Replaces when the nodes have something that was kept back. */
  reveal: (item: BeaconBlock | Bundle, seen: Float64Array) => void
  /** Blocks and votes below a final block need no times any more. */
  forget: (finalised: number) => void
  sides: () => Uint8Array | undefined
  /** 32 bits over everything that was brought to anybody so far, for the run's digest. */
  mark: () => number
}

export function createDelivery(options: {
  chain: BeaconChain
  mesh: Mesh
  views: Views
  up: Uint8Array
  partition: BeaconNetworkOptions['partition']
  nodes: readonly BeaconNode[]
}): Delivery {
  const { chain, mesh, views, up, partition, nodes } = options
  const size = mesh.size
  const everybody = new Float64Array(size)
  let sides: Uint8Array | undefined
  let openBlock = 0
  let openBundle = 0

  let mark = 0x811c9dc5 | 0

  /** Takes the times of an item into the mark. */
  const note = (item: BeaconBlock | Bundle): void => {
    const what = 'voters' in item ? item.head ^ item.ether : item.parent ^ item.bundles.length
    mark = Math.imul(mark ^ what, 0x01000193)
    for (const time of item.seen) {
      const bits = time === Number.POSITIVE_INFINITY ? -1 : time % 4_294_967_296 | 0
      mark = Math.imul(mark ^ bits, 0x01000193)
    }
  }

  const settle = (item: BeaconBlock | Bundle): void => {
    note(item)
    item.settled = lastFinite(item.seen)
    item.partial = false
    for (let node = 0; node < size; node++) {
      if (up[node] === 1 && item.seen[node] === Number.POSITIVE_INFINITY) item.partial = true
    }
  }

  /** Who lacks something and can be reached now has it after a while. */
  const synchronise = (now: Time, who: (node: number) => boolean): void => {
    const mend = (item: BeaconBlock | Bundle, kind: 'block' | 'bundle'): void => {
      if (item.seen === everybody) return
      let isMended = false
      for (let node = 0; node < size; node++) {
        if (item.seen[node] !== Number.POSITIVE_INFINITY || !who(node)) continue
        item.seen[node] = now + syncTime
        isMended = true
      }
      if (!isMended) return
      settle(item)
      views.add(kind === 'block' ? { block: item.id } : { bundle: item.id })
    }
    for (let id = openBlock; id < chain.blocks.length; id++) mend(chain.blocks[id]!, 'block')
    for (let id = openBundle; id < chain.bundles.length; id++) mend(chain.bundles[id]!, 'bundle')
  }

  const beginSlot: Delivery['beginSlot'] = (slot, now) => {
    const returned = new Set<number>()
    nodes.forEach(({ down }, node) => {
      if (down === undefined) return
      const isDown = down.some(([from, until]) => slot >= from && slot < until)
      if (!isDown && up[node] === 0) returned.add(node)
      up[node] = isDown ? 0 : 1
    })
    if (returned.size > 0) synchronise(now, (node) => returned.has(node))
    if (partition === undefined) return
    const isParted = slot >= partition.from && slot < partition.until
    if (isParted && sides === undefined) {
      sides = Uint8Array.from({ length: size }, (_, node) => partition.side(node))
    } else if (!isParted && sides !== undefined) {
      sides = undefined
      synchronise(now, (node) => up[node] === 1)
    }
  }

  return {
    beginSlot,
    sides: () => sides,
    mark: () => mark,
    spread: (source, bytes, now) => {
      const times = mesh.spread(source, bytes, up, sides)
      for (let node = 0; node < size; node++) times[node] = times[node]! + now
      return times
    },
    hidden: (now) =>
      Float64Array.from({ length: size }, (_, node) =>
        nodes[node]!.adversary === true ? now : Number.POSITIVE_INFINITY,
      ),
    addBlock: (block) => {
      settle(block)
      chain.blocks.push(block)
      chain.derive(block)
      views.add({ block: block.id })
    },
    addBundle: (bundle) => {
      settle(bundle)
      chain.bundles.push(bundle)
      views.add({ bundle: bundle.id })
    },
    reveal: (item, seen) => {
      item.seen = seen
      settle(item)
      views.add('voters' in item ? { bundle: item.id } : { block: item.id })
    },
    forget: (finalised) => {
      const { slot } = chain.blocks[finalised]!
      for (; openBlock < finalised; openBlock++) chain.blocks[openBlock]!.seen = everybody
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
