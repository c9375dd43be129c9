import type { BeaconNode } from './beaconOptions.ts'

/**
 * The nodes in two halves with as much honest stake each as can be, 0 and 1: what an adversary
 * plays against each other. From the heaviest to the lightest each goes to the lighter half, and
 * where both are about even to the one that did not get the last one.
 *
 * @param effective Effective balance of each node's validators, ETH.
 */
export function halvesOf(nodes: readonly BeaconNode[], effective: Float64Array): Uint8Array {
  const etherOf = (node: number): number =>
    nodes[node]!.adversary === true ? 0 : nodes[node]!.validators * effective[node]!
  const halves = new Uint8Array(nodes.length)
  const sums = [0, 0]
  const most = nodes.reduce((sum, _, node) => Math.max(sum, etherOf(node)), 1)
  // Those of about the same stake stay in their order.
  const rankOf = (node: number): number => Math.round((4 * etherOf(node)) / most)
  const order = nodes.map((_, node) => node).sort((a, b) => rankOf(b) - rankOf(a) || a - b)
  let half = 1
  for (const node of order) {
    const ether = etherOf(node)
    const lead = sums[0]! - sums[1]!
    if (4 * Math.abs(lead) <= ether) half = 1 - half
    else half = lead > 0 ? 1 : 0
    halves[node] = half
    sums[half] = sums[half]! + ether
  }
  return halves
}
