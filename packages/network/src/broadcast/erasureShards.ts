import type { Simulation } from '@counterpoise/engine'
import type { NetworkOptions } from '../network.ts'
import { expectParameter } from '../networkChecks.ts'
import type { NodeId } from '../places.ts'
import { createItems, type Item, type Items } from './items.ts'
import type { BroadcastNetwork, BroadcastProtocol } from './protocol.ts'

export type ErasureShardsParameters = {
  /**
   * The part of the shards from which the content can be rebuilt, above 0 and at most 1: with 1/3,
   * a third of the shards suffices, and all together have three times its bytes. Default 1/3.
   */
  rebuildShare?: number | undefined
  /** Bytes by which a shard proves that it belongs to the content. Default 0. */
  proofBytes?: number | undefined
}

type Sharded<content> = Item<content> & { counts?: Uint16Array }
type Packet<content> = {
  kind: 'own' | 'passed'
  item: Sharded<content>
  /** Whose shard it is. */
  owner: NodeId
}

/**
 * The origin encodes the content into one shard for each other node; each passes its shard on to
 * all others, and rebuilds the content as soon as it has enough. The origin sends little more than
 * the content's bytes / `rebuildShare` instead of n times as much.
 *
 * @throws NetworkError where a parameter is impossible.
 */
export const erasureShards = (parameters: ErasureShardsParameters = {}): BroadcastProtocol => {
  const { rebuildShare = 1 / 3, proofBytes = 0 } = parameters
  const share = { from: Number.EPSILON, to: 1, whole: false }
  expectParameter('erasureShards', 'rebuildShare', rebuildShare, share)
  expectParameter('erasureShards', 'proofBytes', proofBytes, { from: 0 })
  const complete = { rebuildShare, proofBytes }
  return {
    name: 'erasureShards',
    open: (simulation, options) => openErasureShards(simulation, options, complete),
  }
}

function openErasureShards<content>(
  simulation: Simulation,
  options: NetworkOptions<content>,
  parameters: Record<keyof ErasureShardsParameters, number>,
): BroadcastNetwork<content> {
  const { rebuildShare, proofBytes } = parameters
  const shards = options.places.length - 1
  const enough = Math.min(Math.max(1, Math.ceil(rebuildShare * shards - 1e-9)), shards)
  const shardBytes = (bytes: number): number => Math.ceil(bytes / enough) + proofBytes

  const othersOf = (owner: NodeId, origin: NodeId): Int32Array =>
    network.neighbours(owner).filter((other) => other !== origin)

  const count = (to: NodeId, from: NodeId, item: Sharded<content>): void => {
    const counts = (item.counts ??= new Uint16Array(network.size))
    if (item.marks[to] !== 0) {
      items.counters.duplicates++
      return
    }
    counts[to] = counts[to]! + 1
    if (counts[to] === enough) items.take(to, from, item)
  }

  const items: Items<content, Packet<content>> = createItems(
    simulation,
    options,
    {
      receive: (to, from, { kind, item, owner }: Packet<content>) => {
        if (kind === 'own') {
          const packet = { kind: 'passed', item, owner } as const
          items.sendContent(to, othersOf(to, item.origin), packet, shardBytes(item.bytes))
        }
        count(to, from, item)
      },
      pass: (node, from, item: Sharded<content>) => {
        if (from !== -1) return
        for (const owner of network.neighbours(node)) {
          items.sendContent(node, [owner], { kind: 'own', item, owner }, shardBytes(item.bytes))
        }
      },
    },
  )
  const { network } = items
  return items.broadcastNetwork
}
