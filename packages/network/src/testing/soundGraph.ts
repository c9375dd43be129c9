import { createStream, type Stream } from '@counterpoise/engine'
import type { Graph } from '../topology/links.ts'
import { topologyStatistics } from '../topology/statistics.ts'

/** The stream that a test draws its links from. */
export const linkStream = (seed: string): Stream =>
  createStream({ seed, replication: 0, purpose: 'links' })

/** How many neighbours each node has. */
export const degreesIn = ({ size, neighbours }: Graph): number[] =>
  Array.from({ length: size }, (_, node) => neighbours(node).length)

/** What is wrong with a graph that should be sound and in one piece. */
export function unsound(graph: Graph): string[] {
  const { size, neighbours, offsets, targets } = graph
  const wrong: string[] = []
  if (offsets.length !== size + 1 || targets.length !== offsets[size]) wrong.push('columns')
  for (let node = 0; node < size; node++) {
    const row = neighbours(node)
    row.forEach((other, index) => {
      if (other === node) wrong.push(`${node} is its own neighbour`)
      if (other <= row[index - 1]!) wrong.push(`the row of ${node} does not ascend`)
      if (!neighbours(other).includes(node)) wrong.push(`${node} to ${other}, but not back`)
    })
  }
  const { components } = topologyStatistics(graph)
  if (components.length > 1) wrong.push(`${components.length} pieces`)
  return wrong
}
