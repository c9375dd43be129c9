/**
 * A set of nodes: bit `n % 32` of word `n / 32` stands for node n. Sets of one run have the same
 * number of words.
 */
export type NodeSet = Uint32Array

export function emptyNodeSet(size: number): NodeSet {
  return new Uint32Array((size + 31) >>> 5)
}

export function nodeSetOf(size: number, node: number): NodeSet {
  const set = emptyNodeSet(size)
  addNode(set, node)
  return set
}

export function addNode(set: NodeSet, node: number): void {
  set[node >>> 5] = set[node >>> 5]! | (1 << (node & 31))
}

export function hasNode(set: NodeSet, node: number): boolean {
  return ((set[node >>> 5]! >>> (node & 31)) & 1) === 1
}

/** True where `set` has a node that `other` lacks. */
export function exceeds(set: NodeSet, other: NodeSet): boolean {
  for (let word = 0; word < set.length; word++) if ((set[word]! & ~other[word]!) !== 0) return true
  return false
}

/** Adds all nodes of `other` to `set`. */
export function unite(set: NodeSet, other: NodeSet): void {
  for (let word = 0; word < set.length; word++) set[word] = set[word]! | other[word]!
}

/** The nodes of `set` that are not in `other`, as a new set; without `other`, a copy. */
export function without(set: NodeSet, other: NodeSet | undefined): NodeSet {
  const rest = set.slice()
  if (other === undefined) return rest
  for (let word = 0; word < rest.length; word++) rest[word] = rest[word]! & ~other[word]!
  return rest
}

export function isEmpty(set: NodeSet): boolean {
  for (let word = 0; word < set.length; word++) if (set[word] !== 0) return false
  return true
}

/** Sum of the nodes' weights. */
export function weightOf(set: NodeSet, weights: Float64Array): number {
  let sum = 0
  for (let word = 0; word < set.length; word++) {
    for (let rest = set[word]!; rest !== 0; rest &= rest - 1) {
      sum += weights[(word << 5) + lowestBit(rest)]!
    }
  }
  return sum
}

/** Number of the lowest bit that is set in a word other than 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}
