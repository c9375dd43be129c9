import type {
  AttackedChain,
  Behaviour,
  ConsensusObserver,
  KnownAttackFigures,
} from '@counterpoise/consensus'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { NakamotoParameters } from '../parameters.ts'

/** What one attack of a scenario makes of the members. */
export type PlannedPart = {
  /** Whose blocks are the attack's. */
  miners: readonly NodeId[]
  behaviours: readonly (readonly [NodeId, Behaviour])[]
  observer?: ConsensusObserver | undefined
  /** What is told besides the shares of its miners. */
  figures?: ((head: BlockId) => KnownAttackFigures) | undefined
}

/** What an attack is planned in. */
export type Plan = { parameters: NakamotoParameters; chain: AttackedChain }

/** The blocks of the chain that ends in a block, from its end, the first of all left out. */
export function* chainOf({ blocks }: AttackedChain, head: BlockId): Generator<BlockId> {
  for (let block = head; blocks.height(block) > 0; block = blocks.parent(block)) yield block
}

/** Each of some nodes with a behaviour. */
export const each = (nodes: readonly NodeId[], behaviour: Behaviour): [NodeId, Behaviour][] =>
  nodes.map((node) => [node, behaviour])

/** A ratio, or 0 where there is nothing to divide by. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
