import type { DegreeHistogram } from '../topology/degrees.ts'

/**
 * Connections of Bitcoin's nodes in the simulator of Gervais et al., "On the Security and
 * Performance of Proof of Work Blockchains" (2016): 10 / 40 / 30 / 13 / 6 / 1 % of the nodes
 * between the bounds 1, 5, 10, 15, 20, 30 and 125.
 */
export const gervaisDegrees: DegreeHistogram = {
  edges: [1, 5, 10, 15, 20, 30, 125],
  weights: [10, 40, 30, 13, 6, 1],
}

/**
 * Connections that a node opens, per mille for 1, 2, … 20 of them, from the cumulative table of
 * SimBlock (Apache-2.0, Copyright (c) 2019 Distributed Systems Group) for Bitcoin in 2015.
 */
export const simBlockOutgoing: DegreeHistogram = {
  edges: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21],
  weights: [25, 25, 25, 25, 100, 100, 100, 100, 100, 100, 100, 50, 50, 50, 20, 0, 10, 10, 5, 5],
}
