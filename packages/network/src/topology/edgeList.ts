import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import { createComponents } from './connect.ts'
import { checkCount, createLinkList, type Graph, graphOf, linksOf, type Topology } from './links.ts'

export type EdgeTopologyOptions = {
  size: number
  /** Pairs of nodes; a pair may be there more than once or in both directions. */
  edges: Iterable<readonly [NodeId, NodeId]>
  /** Whether parts may be unreachable from each other; an error if nothing is said. */
  mayBeDisconnected?: boolean | undefined
}

/**
 * A topology of given links.
 *
 * @throws TopologyError where a link is impossible, or nodes cannot reach each other.
 */
export function edgeTopology(options: EdgeTopologyOptions): Graph {
  const { size, edges, mayBeDisconnected = false } = options
  checkCount('size', size, 1)
  const list = createLinkList()
  let number = 0
  for (const [one, other] of edges) {
    number++
    const problem = problemOf(one, other, size)
    if (problem !== undefined) {
      throw new TopologyError(`Link ${number} cannot be: ${problem}.`, {
        metaMessages: [`Found: ${one}, ${other}`],
      })
    }
    list.add(one, other)
  }
  return connectedGraph(size, list, mayBeDisconnected)
}

export type ReadTopologyOptions = {
  /** The number of nodes; by default one more than the largest number in the text. */
  size?: number | undefined
  /** Names of the nodes in their order, where the text names them instead of numbering them. */
  names?: readonly string[] | undefined
  /** Whether parts may be unreachable from each other; an error if nothing is said. */
  mayBeDisconnected?: boolean | undefined
}

/**
 * Reads a list of links: one per line, two nodes apart by a comma, a semicolon, blanks or a tab;
 * further columns are passed over. Nodes are numbers from 0, or names where `names` are given.
 * Empty lines, lines that begin with `#` and a heading in the first line (where nodes are numbers:
 * any that does not begin with a digit) say nothing.
 *
 * @throws TopologyError with the line where something is wrong.
 */
export function readTopology(text: string, options: ReadTopologyOptions = {}): Graph {
  const { names, mayBeDisconnected = false } = options
  const known = options.size ?? names?.length
  const numbers = names && new Map(names.map((name, node) => [name, node]))
  const list = createLinkList()
  let largest = -1
  let isFirst = true
  text.split('\n').forEach((line, index) => {
    const content = line.trim()
    if (content === '' || content.startsWith('#')) return
    const cells = content.split(numbers === undefined ? /\s*[,;]\s*|\s+/ : /\s*[,;\t]\s*/)
    const isHeading = isFirst && isHeadingOf(cells, numbers)
    isFirst = false
    if (isHeading) return
    const nodes = cells.slice(0, 2).map((cell) => nodeOf(cell, numbers))
    const [one = Number.NaN, other = Number.NaN] = nodes
    const size = known ?? Number.MAX_SAFE_INTEGER
    const problem = problemOf(one, other, size)
    if (problem !== undefined) {
      throw new TopologyError(`Line ${index + 1} of the topology is no link: ${problem}.`, {
        metaMessages: [`Found: ${content}`],
      })
    }
    largest = Math.max(largest, one, other)
    list.add(one, other)
  })
  const size = known ?? largest + 1
  checkCount('size', size, 1, 'The text has no link.')
  return connectedGraph(size, list, mayBeDisconnected)
}

/** Writes a topology as a list of links that `readTopology` reads. */
export function formatTopology(topology: Topology): string {
  const { from, to } = linksOf(topology)
  const lines = Array.from(from, (node, link) => `${node},${to[link]}`)
  return ['from,to', ...lines, ''].join('\n')
}

const isHeadingOf = (cells: readonly string[], names?: Map<string, NodeId>): boolean =>
  names === undefined ? !/^[-+\d]/.test(cells[0]!) : !cells.slice(0, 2).some((c) => names.has(c))

const nodeOf = (cell: string, names?: Map<string, NodeId>): NodeId => {
  if (names !== undefined) return names.get(cell) ?? Number.NaN
  return /^\d+$/.test(cell) ? Number(cell) : Number.NaN
}

function problemOf(one: NodeId, other: NodeId, size: number): string | undefined {
  const isNode = (node: NodeId): boolean => Number.isSafeInteger(node) && node >= 0 && node < size
  if (!isNode(one) || !isNode(other)) {
    const which = isNode(one) ? 'second' : 'first'
    const range = size === Number.MAX_SAFE_INTEGER ? 'from 0' : `from 0 to ${size - 1}`
    return `the ${which} is no known node (expected numbers ${range}, or given names)`
  }
  return one === other ? 'a node is not linked to itself' : undefined
}

function connectedGraph(
  size: number,
  list: ReturnType<typeof createLinkList>,
  mayBeDisconnected: boolean,
): Graph {
  const links = list.toLinks()
  const components = createComponents(size)
  links.from.forEach((node, link) => components.union(node, links.to[link]!))
  if (components.count === 1 || mayBeDisconnected) return graphOf(size, links)
  const apart = Array.from({ length: size }, (_, node) => node).find(
    (node) => components.find(node) !== 0,
  )
  throw new TopologyError(`The topology falls into ${components.count} parts.`, {
    metaMessages: [
      `Nodes 0 and ${apart} cannot reach each other.`,
      'Add links, or say that it may be disconnected.',
    ],
  })
}
