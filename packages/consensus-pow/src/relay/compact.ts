import type { Simulation } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import type { RelayParameters } from './parameters.ts'
import { linkOf, type Rows } from './rows.ts'

/** What nodes know of compact blocks, and of whom they want them unasked (BIP 152). */
export type CompactBlocks = {
  /** Whether a block goes compact from one node to another. */
  isSpoken: (from: NodeId, to: NodeId) => boolean
  /**
   * By link, as the rows number them: 1 where the other end has asked for high bandwidth, which is
   * compact blocks unasked and unchecked.
   */
  isPushed: Uint8Array
  /** A node got a block first from a peer, and takes it among its high-bandwidth peers. */
  prefer: (node: NodeId, peer: NodeId) => void
  /** Whether a node has all transactions of the block of a number: always the same answer. */
  reconstructs: (node: NodeId, block: number) => boolean
  /** Size of a compact block, bytes. */
  bytes: (blockBytes: number) => number
  /** Size of the transactions that a node lacks where it lacks some, bytes. */
  missingBytes: (node: NodeId, block: number, blockBytes: number) => number
}

export function createCompactBlocks(
  simulation: Simulation,
  name: string,
  rows: Rows,
  parameters: RelayParameters,
): CompactBlocks {
  const { compact, transactionBytes, mode } = parameters
  const { highBandwidthPeers: peers, usage, unreliableShare } = compact
  const size = rows.offsets.length - 1
  const stream = simulation.stream(`${name}/compact blocks`)
  const [usageKey, unreliableKey, successKey, missingKey] = [1, 2, 3, 4].map(stream.bits)
  const speaks = new Uint8Array(size)
  const reconstruction = new Float64Array(size).fill(compact.reconstruction)
  if (mode === 'compact') {
    for (let node = 0; node < size; node++) {
      speaks[node] = uniformOf(usageKey!, node, 0) < usage ? 1 : 0
      if (uniformOf(unreliableKey!, node, 0) >= unreliableShare) continue
      reconstruction[node] = compact.unreliableReconstruction
    }
  }
  const missingLevels = Float64Array.from(compact.missingShare, ([level]) => level)
  const missingShares = Float64Array.from(compact.missingShare, ([, share]) => share)
  /** By node, those that delivered last first. */
  const preferred = new Int32Array(mode === 'compact' ? size * peers : 0).fill(-1)
  const isPushed = new Uint8Array(mode === 'compact' ? rows.targets.length : 0)
  const setPushed = (from: NodeId, to: NodeId, value: number): void => {
    if (from !== -1) isPushed[linkOf(rows, from, to)] = value
  }

  return {
    isSpoken: (from, to) => speaks[from]! + speaks[to]! === 2,
    isPushed,
    prefer: (node, peer) => {
      const first = node * peers
      if (peers === 0 || speaks[peer]! + speaks[node]! < 2 || preferred[first] === peer) return
      let at = first
      while (at < first + peers - 1 && preferred[at] !== peer) at++
      if (preferred[at] !== peer) {
        setPushed(preferred[at]!, node, 0)
        setPushed(peer, node, 1)
      }
      for (; at > first; at--) preferred[at] = preferred[at - 1]!
      preferred[first] = peer
    },
    reconstructs: (node, block) => uniformOf(successKey!, node, block) < reconstruction[node]!,
    bytes: (blockBytes) => {
      const { bytes, bytesFixed, bytesPerTransaction } = compact
      const whole = Math.ceil(bytesFixed + (blockBytes / transactionBytes) * bytesPerTransaction)
      // A block of few transactions is sent whole by those who know better.
      return Math.min(bytes ?? whole, Math.max(blockBytes, compact.bytesFixed))
    },
    missingBytes: (node, block, blockBytes) => {
      const level = uniformOf(missingKey!, node, block)
      return Math.ceil(blockBytes * interpolated(missingLevels, missingShares, level))
    },
  }
}

/**
 * A number from 0 to 1 that belongs to a node and a block, whoever else asks: a key and two
 * counters, mixed by the finaliser of MurmurHash3 (A. Appleby, public domain).
 */
function uniformOf(key: number, node: number, block: number): number {
  return (mixed(mixed(key ^ node) + block) + 0.5) * 2.3283064365386963e-10
}

function mixed(word: number): number {
  let hash = word | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The value of a quantile function that is given at some levels, with lines between. */
function interpolated(levels: Float64Array, values: Float64Array, level: number): number {
  let at = 0
  while (at < levels.length && level > levels[at]!) at++
  if (at === levels.length) return values[at - 1]!
  const low = at === 0 ? 0 : at - 1
  const width = levels[at]! - levels[low]!
  if (width === 0) return values[at]!
  return values[low]! + ((level - levels[low]!) / width) * (values[at]! - values[low]!)
}
