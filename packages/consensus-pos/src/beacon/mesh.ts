import { exp, ms, normalQuantile, type Stream, type Time } from '@counterpoise/engine'
import type { LinkFaults } from '@counterpoise/network'

/** How what is gossiped gets from one node to the next. */
export type MeshOptions = {
  /** Connections of a node in the mesh (D of gossipsub). */
  degree: number
  /** Median and sigma of a link's one-way latency, ms, drawn once for each link. */
  linkMedianMs: number
  linkSigma: number
  /** Time that a node takes to receive something small, ms, and more for each kB. */
  receiveMs: number
  perKilobyteMs: number
  /**
   * What a TCP connection sends at once after a pause, kB (ten segments). More takes further round
   * trips, each with twice as much as the one before: `flightShare` of them, as some connections
   * are warm.
   */
  windowKilobytes: number
  flightShare: number
  /** Nodes are unequally quick: sigma of the lognormal by which those times differ, lastingly. */
  nodeSigma: number
  /** Sigma of the lognormal by which they differ from message to message. */
  messageSigma: number
  /** The power of those factors by which what the size takes differs, 0 to 1. */
  sizeSpread: number
  /** Peers that tell a node at their next heartbeat what they have (D_lazy); it asks them. */
  lazyDegree: number
  /** Probability that a link fails to carry one message; it then comes after a heartbeat. */
  lossProbability: number
  heartbeatMs: number
}

/** Heartbeats in which a message is offered again: mcache_gossip of gossipsub. */
const offersMax = 3

export type Mesh = {
  size: number
  /**
   * When each node has what the source publishes now, µs after that; infinite where it does not
   * come. Nodes that are down (`up` 0) neither get nor pass on anything; a cut link carries
   * nothing, and what a faulty one loses comes with a later heartbeat, if at all.
   */
  spread: (source: number, bytes: number, up: Uint8Array, faults?: LinkFaults) => Float64Array
}

export const tableBits = 12

/** Quantiles of a lognormal at the middles of equal steps, µs. */
export function lognormalTable(medianMs: number, sigma: number): Float64Array {
  const steps = 1 << tableBits
  return Float64Array.from({ length: steps }, (_, step) => {
    const quantile = normalQuantile((step + 0.5) / steps)
    return Math.round(ms(medianMs) * exp(sigma * quantile))
  })
}

/**
 * A random mesh of nodes and the paths through it: one pass of Dijkstra's algorithm per message in
 * place of one event per copy. A node takes a time of its own to receive each message.
 */
export function createMesh(size: number, options: MeshOptions, stream: Stream): Mesh {
  const { degree, heartbeatMs, lossProbability, receiveMs, perKilobyteMs } = options
  const { offsets, links } = connect(size, degree, stream)
  const latencies = lognormalTable(options.linkMedianMs, options.linkSigma)
  const { nodeSigma, messageSigma, sizeSpread } = options
  const slowness = lognormalTable(1, nodeSigma)
  const moods = lognormalTable(1, messageSigma)
  // The same quantiles to a power: a lognormal of so much the smaller sigma.
  const sizeSlowness = lognormalTable(1, nodeSigma * sizeSpread)
  const sizeMoods = lognormalTable(1, messageSigma * sizeSpread)
  const shift = 32 - tableBits
  /** How much slower than the median a node is, by itself and with what the size takes. */
  const factor = new Float64Array(size)
  const sizeFactor = new Float64Array(size)
  for (let node = 0; node < size; node++) {
    const place = stream.bits() >>> shift
    factor[node] = slowness[place]! / 1_000
    sizeFactor[node] = sizeSlowness[place]! / 1_000
  }
  const latency = new Float64Array(links.length)
  for (let node = 0; node < size; node++) {
    for (let link = offsets[node]!; link < offsets[node + 1]!; link++) {
      if (links[link]! > node) latency[link] = latencies[stream.bits() >>> shift]!
    }
  }
  mirror(offsets, links, latency)
  const heap = new Int32Array(size)
  const place = new Int32Array(size)
  /** What receiving this message takes each node, µs; −1 until it is asked for. */
  const receiving = new Float64Array(size)

  const own = (): Stream => stream

  /** Round trips, in one-way latencies, that a message of that size takes over a cold link. */
  const waysOf = (bytes: number): number => {
    let flights = 0
    for (let sent = options.windowKilobytes * 1_000; sent < bytes; flights++) {
      sent += options.windowKilobytes * 1_000 * (2 << flights)
    }
    return 1 + 2 * options.flightShare * flights
  }

  const receive = (node: number, bytes: number): Time => {
    const mood = stream.bits() >>> shift
    const bySize = (perKilobyteMs * bytes * sizeFactor[node]! * sizeMoods[mood]!) / 1_000
    return Math.round(receiveMs * factor[node]! * moods[mood]! + bySize)
  }

  /**
   * Lazy gossip: a node hears at others' next heartbeats what they have, and asks for what it
   * still lacks. Where that is quicker than the mesh it counts, for the node itself.
   */
  const pull = (times: Float64Array, at: Pull): void => {
    const { source, bytes, ways, up, faults } = at
    arrived.set(times)
    for (let node = 0; node < size; node++) {
      if (node === source || up[node] === 0) continue
      let told = Number.POSITIVE_INFINITY
      for (let peer = 0; peer < options.lazyDegree; peer++) {
        const from = stream.below(size)
        let due = arrived[from]! + ((stream.bits() >>> 8) / 16_777_216) * ms(heartbeatMs)
        if (due >= told || from === node) continue
        if (faults?.isActive === true) due += hindered(faults, from, node, bytes)
        told = Math.min(told, due)
      }
      const latency = latencies[stream.bits() >>> shift]!
      const due = Math.round(told + latency * (2 + ways)) + receive(node, bytes)
      if (due < times[node]!) times[node] = due
    }
  }
  const arrived = new Float64Array(size)

  /** What faults add to a message's way over a link, µs; infinite where it does not come. */
  const hindered = (faults: LinkFaults, from: number, to: number, bytes: number): Time => {
    if (faults.cut(from, to) !== undefined) return Number.POSITIVE_INFINITY
    let more = faults.delay(from, to, own)
    more += Math.round(ms((perKilobyteMs * bytes) / 1_000) * (1 / faults.share(from, to) - 1))
    for (let offers = 0; faults.isLost(from, to, own); offers++) {
      if (offers === offersMax) return Number.POSITIVE_INFINITY
      more += offers === 0 ? Math.floor(stream.uniform() * ms(heartbeatMs)) : ms(heartbeatMs)
    }
    return more
  }

  const spread: Mesh['spread'] = (source, bytes, up, faults) => {
    const times = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
    const ways = waysOf(bytes)
    place.fill(-1)
    receiving.fill(-1)
    let count = 0

    const rise = (node: number, from: number): void => {
      let at = from
      while (at > 0) {
        const above = (at - 1) >> 1
        const parent = heap[above]!
        if (times[parent]! <= times[node]!) break
        heap[at] = parent
        place[parent] = at
        at = above
      }
      heap[at] = node
      place[node] = at
    }
    const take = (): number => {
      const first = heap[0]!
      const last = heap[--count]!
      place[first] = -2
      if (count === 0) return first
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child >= count) break
        if (child + 1 < count && times[heap[child + 1]!]! < times[heap[child]!]!) child++
        const node = heap[child]!
        if (times[last]! <= times[node]!) break
        heap[at] = node
        place[node] = at
        at = child
      }
      heap[at] = last
      place[last] = at
      return first
    }

    times[source] = 0
    rise(source, count++)
    while (count > 0) {
      const node = take()
      const leaving = times[node]!
      for (let link = offsets[node]!; link < offsets[node + 1]!; link++) {
        const to = links[link]!
        if (place[to] === -2 || up[to] === 0) continue
        if (receiving[to]! < 0) {
          receiving[to] = receive(to, bytes)
        }
        let due = leaving + Math.round(ways * latency[link]!) + receiving[to]!
        if (due >= times[to]!) continue
        if (faults?.isActive === true) {
          due += hindered(faults, node, to, bytes)
          if (due >= times[to]!) continue
        }
        if (lossProbability > 0 && stream.uniform() < lossProbability) {
          due += Math.floor(stream.uniform() * ms(heartbeatMs)) + 2 * latency[link]!
          if (due >= times[to]!) continue
        }
        const isNew = place[to] === -1
        times[to] = due
        rise(to, isNew ? count++ : place[to]!)
      }
    }
    if (options.lazyDegree > 0) pull(times, { source, bytes, ways, up, faults })
    return times
  }
  return { size, spread }
}

/** What is pulled, from whom it came, and what hinders it. */
type Pull = {
  source: number
  bytes: number
  ways: number
  up: Uint8Array
  faults: LinkFaults | undefined
}

/** Each node asks `degree / 2` others, so that it has about `degree` connections. */
function connect(
  size: number,
  degree: number,
  stream: Stream,
): { offsets: Int32Array; links: Int32Array } {
  const neighbours = Array.from({ length: size }, () => new Set<number>())
  const wanted = Math.min(size - 1, Math.max(1, Math.ceil(degree / 2)))
  for (let node = 0; node < size; node++) {
    // A ring holds the mesh together whatever is drawn.
    if (size > 1) link(neighbours, node, (node + 1) % size)
    for (let tries = 1; tries < wanted && size > 2; tries++) {
      const other = stream.below(size)
      if (other !== node) link(neighbours, node, other)
    }
  }
  const offsets = new Int32Array(size + 1)
  neighbours.forEach((set, node) => {
    offsets[node + 1] = offsets[node]! + set.size
  })
  const links = new Int32Array(offsets[size]!)
  neighbours.forEach((set, node) => {
    links.set([...set].sort((a, b) => a - b), offsets[node]!)
  })
  return { offsets, links }
}

function link(neighbours: readonly Set<number>[], one: number, other: number): void {
  if (one === other) return
  neighbours[one]!.add(other)
  neighbours[other]!.add(one)
}

/** A link is as slow in one direction as in the other. */
function mirror(offsets: Int32Array, links: Int32Array, latency: Float64Array): void {
  for (let node = 0; node + 1 < offsets.length; node++) {
    for (let at = offsets[node]!; at < offsets[node + 1]!; at++) {
      const other = links[at]!
      if (other > node) continue
      const row = links.subarray(offsets[other]!, offsets[other + 1]!)
      latency[at] = latency[offsets[other]! + row.indexOf(node)]!
    }
  }
}

/** The longest time in a column that is finite, µs; −1 where there is none. */
export function lastFinite(times: Float64Array): Time {
  let last = -1
  for (const time of times) if (time > last && time < Number.POSITIVE_INFINITY) last = time
  return last
}
