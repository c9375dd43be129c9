import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { RunningChain } from './whole.ts'

/** Two blocks that members hold for final although neither descends from the other. */
export type Conflict = { node: NodeId; block: BlockId; conflictsWith: BlockId }

/** Watches finality: what one member holds for final, no other member may contradict. */
export type AgreementMonitor = {
  conflicts: () => readonly Conflict[]
  /** The number of blocks that somebody holds for final, the genesis block left out. */
  finalisedCount: () => number
}

/**
 * Checks agreement among the members of a chain while the run goes on; what those who depart from
 * the protocol hold for final does not count.
 */
export function monitorAgreement(
  cluster: Pick<RunningChain, 'blocks' | 'observe'>,
  liars?: ReadonlyMap<NodeId, unknown> | undefined,
): AgreementMonitor {
  const { blocks } = cluster
  /** The final block at each height, as far as known. */
  const chain: BlockId[] = [0]
  const conflicts: Conflict[] = []
  cluster.observe({
    finalised: (node, block) => {
      if (liars?.has(node)) return
      const unknown: BlockId[] = []
      let current = block
      // Down to the first height that is known already; there the two chains must meet.
      while (blocks.height(current) >= chain.length) {
        unknown.push(current)
        current = blocks.parent(current)
      }
      const known = chain[blocks.height(current)]!
      if (known === current) chain.push(...unknown.reverse())
      else conflicts.push({ node, block: current, conflictsWith: known })
    },
  })
  return { conflicts: () => conflicts, finalisedCount: () => chain.length - 1 }
}
