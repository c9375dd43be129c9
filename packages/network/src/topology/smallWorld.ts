import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import { connectLinks } from './connect.ts'
import { checkCount, type Graph, graphOf } from './links.ts'
import { createOpenings } from './openings.ts'

export type SmallWorldTopologyOptions = {
  size: number
  /** Links of a node in the ring: an even number, half of them to each side. */
  degree: number
  /** Probability that a link of the ring goes to a random node instead. */
  rewiring: number
  stream: Stream
}

/**
 * Watts and Strogatz, "Collective dynamics of 'small-world' networks" (1998): a ring in which each
 * node knows its nearest, and some links lead anywhere; connected. Lap by lap, each node keeps
 * its end of a link and with the given probability draws the other anew.
 *
 * @throws TopologyError where the ring cannot exist.
 */
export function smallWorldTopology(options: SmallWorldTopologyOptions): Graph {
  const { size, degree, rewiring, stream } = options
  checkCount('size', size, 3)
  checkCount('degree', degree, 2)
  if (degree % 2 !== 0 || degree > size - 1) {
    throw new TopologyError(`A ring of ${size} nodes cannot have the degree ${degree}.`, {
      metaMessages: [
        'Half of the links go to each side, so that the degree is even and below the size.',
        `Expected: an even degree of at most ${size - 1 - ((size - 1) % 2)}.`,
      ],
    })
  }
  if (!(rewiring >= 0 && rewiring <= 1)) {
    throw new TopologyError('The probability of rewiring must be from 0 to 1.', {
      metaMessages: [`Found: ${rewiring}`],
    })
  }
  const half = degree / 2
  const openings = createOpenings(new Int32Array(size).fill(half))
  const degrees = new Int32Array(size).fill(degree)
  for (let node = 0; node < size; node++) {
    for (let step = 1; step <= half; step++) openings.open(node, (node + step) % size)
  }
  for (let step = 1; step <= half; step++) {
    for (let node = 0; node < size; node++) {
      if (!stream.chance(rewiring) || degrees[node] === size - 1) continue
      let other = stream.below(size)
      while (other === node || openings.areLinked(node, other)) other = stream.below(size)
      const before = openings.end(node, step - 1)
      openings.redirect(node, step - 1, other)
      degrees[before] = degrees[before]! - 1
      degrees[other] = degrees[other]! + 1
    }
  }
  const links = openings.toLinks()
  connectLinks(size, links)
  return graphOf(size, links)
}
