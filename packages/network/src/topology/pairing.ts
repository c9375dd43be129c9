import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import { createLinkList, type Links } from './links.ts'

/**
 * The stubs of a graph with given degrees and which stub each is paired with. A node's stubs are
 * those from `starts[node]` up to but without `starts[node + 1]`.
 */
type Pairing = {
  starts: Int32Array
  /** The node that a stub belongs to. */
  owner: Int32Array
  mate: Int32Array
}

/**
 * Draws links at random such that node k has `degrees[k]` of them: stubs are paired at random, and
 * what is a loop or a repetition exchanges ends with a random link until none is left. The result
 * is close to uniform over the graphs with these degrees, and exactly of these degrees.
 *
 * @throws TopologyError where no graph has these degrees.
 */
export function pairAtRandom(degrees: Int32Array, stream: Stream): Links {
  checkGraphical(degrees)
  const pairing = createPairing(degrees)
  const { mate } = pairing
  shufflePairs(mate, stream)
  if (!repair(pairing, stream)) {
    pairGreedily(pairing, degrees)
    exchangeAtRandom(pairing, stream)
  }
  const links = createLinkList(mate.length / 2)
  for (let stub = 0; stub < mate.length; stub++) {
    const other = mate[stub]!
    if (stub < other) links.add(pairing.owner[stub]!, pairing.owner[other]!)
  }
  return links.toLinks()
}

/**
 * Whether a graph without loops and repetitions has these degrees (Erdős and Gallai, 1960).
 *
 * @throws TopologyError where none has.
 */
export function checkGraphical(degrees: Int32Array): void {
  const size = degrees.length
  const most = degrees.findIndex((degree) => !(degree >= 0 && degree <= size - 1))
  if (most >= 0) {
    const has = `Node ${most} cannot have ${degrees[most]} of ${size - 1} neighbours`
    throw new TopologyError(`${has}.`, {
      metaMessages: [`Lower its degree to at most ${size - 1}, or add nodes.`],
    })
  }
  const total = degrees.reduce((sum, degree) => sum + degree, 0)
  if (total % 2 !== 0) {
    throw new TopologyError(`The degrees add up to ${total}, but every link has two ends.`, {
      metaMessages: ['Make one odd degree even, so that their sum is even.'],
    })
  }
  const sorted = degrees.toSorted((a, b) => b - a)
  // Of the k largest, each link goes to another of them or to one of the rest.
  const suffix = new Float64Array(size + 1)
  for (let node = size - 1; node >= 0; node--) suffix[node] = suffix[node + 1]! + sorted[node]!
  let above = size
  for (let k = 1; k <= size && sorted[k - 1]! >= k; k++) {
    while (above > 0 && sorted[above - 1]! < k) above--
    const split = Math.max(above, k)
    const rest = (split - k) * k + suffix[split]!
    if (total - suffix[k]! <= k * (k - 1) + rest) continue
    throw new TopologyError(`The ${k} largest degrees ask for more links than can exist.`, {
      metaMessages: [`Lower the largest degree (${sorted[0]}), or raise the small ones.`],
    })
  }
}

function createPairing(degrees: Int32Array): Pairing {
  const starts = new Int32Array(degrees.length + 1)
  degrees.forEach((degree, node) => {
    starts[node + 1] = starts[node]! + degree
  })
  const owner = new Int32Array(starts.at(-1)!)
  degrees.forEach((_, node) => owner.fill(node, starts[node]!, starts[node + 1]!))
  return { starts, owner, mate: new Int32Array(owner.length) }
}

function shufflePairs(mate: Int32Array, stream: Stream): void {
  const order = Int32Array.from(mate, (_, stub) => stub)
  shuffle(order, stream)
  for (let index = 0; index < order.length; index += 2) join(mate, order[index]!, order[index + 1]!)
}

/** Puts numbers into random order (Fisher and Yates). */
export function shuffle(values: Int32Array, stream: Stream): void {
  for (let index = values.length - 1; index > 0; index--) {
    const other = stream.below(index + 1)
    const value = values[index]!
    values[index] = values[other]!
    values[other] = value
  }
}

/** Rids the pairing of loops and repetitions; false where chance does not find the way. */
function repair(pairing: Pairing, stream: Stream): boolean {
  const { owner, mate } = pairing
  const bad: number[] = []
  for (let stub = 0; stub < mate.length; stub++) {
    if (stub < mate[stub]! && isBad(pairing, stub)) bad.push(stub)
  }
  let attempts = 1_000 + 200 * bad.length
  for (let stub = bad.pop(); stub !== undefined; stub = bad.pop()) {
    while (isBad(pairing, stub)) {
      if (attempts-- === 0) return false
      exchange(pairing, stub, stream.below(owner.length))
    }
  }
  return true
}

/** Exchanges the ends of two links, `s–s'` and `t–t'` to `s–t'` and `t–s'`, if both are new. */
function exchange(pairing: Pairing, s: number, t: number): void {
  const { owner, mate } = pairing
  const [a, b, c, d] = [owner[s]!, owner[mate[s]!]!, owner[t]!, owner[mate[t]!]!]
  // Neither a loop, nor the same pair of nodes twice, nor a link that is there already.
  if (a === d || c === b || (a === c && b === d) || (a === b && c === d)) return
  if (countBetween(pairing, a, d) > 0 || countBetween(pairing, c, b) > 0) return
  const [sMate, tMate] = [mate[s]!, mate[t]!]
  join(mate, s, tMate)
  join(mate, t, sMate)
}

function join(mate: Int32Array, one: number, other: number): void {
  mate[one] = other
  mate[other] = one
}

function isBad(pairing: Pairing, stub: number): boolean {
  const [one, other] = [pairing.owner[stub]!, pairing.owner[pairing.mate[stub]!]!]
  return one === other || countBetween(pairing, one, other) > 1
}

/** How many links there are between two nodes; looks through the shorter of their rows. */
function countBetween({ starts, owner, mate }: Pairing, one: NodeId, other: NodeId): number {
  const degreeOf = (node: NodeId): number => starts[node + 1]! - starts[node]!
  const [near, far] = degreeOf(one) <= degreeOf(other) ? [one, other] : [other, one]
  let count = 0
  for (let stub = starts[near]!; stub < starts[near + 1]!; stub++) {
    if (owner[mate[stub]!] === far) count++
  }
  return count
}

/**
 * Pairs the node with the most free stubs with the next ones in order until none is left, which
 * succeeds whenever a graph exists (Havel, 1955; Hakimi, 1962).
 */
function pairGreedily({ starts, mate }: Pairing, degrees: Int32Array): void {
  const free = degrees.slice()
  const largest = Math.max(0, ...new Set(degrees))
  const levels: NodeId[][] = Array.from({ length: largest + 1 }, () => [])
  degrees.forEach((degree, node) => levels[degree]!.push(node))
  const take = (node: NodeId): number => {
    const left = free[node]! - 1
    free[node] = left
    return starts[node]! + left
  }
  for (let top = largest; top > 0; ) {
    const node = levels[top]!.pop()
    if (node === undefined) {
      top--
      continue
    }
    const chosen: NodeId[] = []
    for (let level = top; chosen.length < free[node]!; ) {
      const other = levels[level]!.pop()
      if (other === undefined) level--
      else chosen.push(other)
    }
    for (const other of chosen) {
      join(mate, take(node), take(other))
    }
    for (const other of chosen) levels[free[other]!]!.push(other)
  }
}

/** Forgets how a pairing was made: ten attempts per link. */
function exchangeAtRandom(pairing: Pairing, stream: Stream): void {
  const stubs = pairing.owner.length
  for (let attempt = 0; attempt < 5 * stubs; attempt++) {
    exchange(pairing, stream.below(stubs), stream.below(stubs))
  }
}
