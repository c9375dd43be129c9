import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { withOutgoing } from '../behaviours/wrap.ts'
import type { Behaviour } from '../cluster.ts'

/** What a protocol's rules are judged by, at the end of a run. */
export type Evidence = {
  blocks: BlockStore
  /** Members whose word counts for nothing; they may have signed anything. */
  lying: ReadonlySet<NodeId>
  /** Blocks that the others have reported as final, each once. */
  finals: readonly BlockId[]
}

/** Hears every message as it leaves its member, and knows the rules of a protocol. */
export type RuleBook = {
  hear: (from: NodeId, message: any) => void
  /** Rules that members have broken who do not lie, in words. */
  violations: (evidence: Evidence) => string[]
}

/** A member whose every message is heard, as it leaves. */
export const overheard =
  (rules: RuleBook, node: NodeId): Behaviour =>
  (honest, context) =>
    honest(
      withOutgoing(context, (item, post) => {
        rules.hear(node, item.message)
        post(item)
      }),
    )

/** All but those that may be faulty, fewer than a third: not the code that is being judged. */
export const quorumAmong = (weights: readonly number[]): number => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return total - Math.floor((total - 1) / 3)
}

/** Who has voted for what, by the place of the vote: a view, or a round of a height. */
export type Ballots = {
  add: (place: string | number, node: NodeId, block: BlockId) => void
  has: (place: string | number, node: NodeId, block?: BlockId) => boolean
  /** Whether so much weight stands behind a block in any round of its height (`height/round`). */
  isDecided: (
    height: number,
    block: BlockId,
    quorum: number,
    lying: ReadonlySet<NodeId>,
  ) => boolean
  /** The first block that a member has voted for there. */
  first: (place: string | number, node: NodeId) => BlockId | undefined
  all: () => Iterable<[place: string | number, node: NodeId, block: BlockId]>
  /** The weight of those who have voted for a block there, and of those who lie. */
  behind: (place: string | number, block: BlockId, lying: ReadonlySet<NodeId>) => number
  /** Members besides those who lie that voted for two blocks at one place. */
  contradictions: (word: string, lying: ReadonlySet<NodeId>) => string[]
}

export function createBallots(weights: readonly number[]): Ballots {
  const votes = new Map<string | number, Map<NodeId, BlockId | BlockId[]>>()
  const isFor = (voted: BlockId | BlockId[] | undefined, block: BlockId): boolean =>
    typeof voted === 'number' ? voted === block : (voted?.includes(block) ?? false)
  const behind: Ballots['behind'] = (place, block, lying) => {
    const known = votes.get(place)
    let weight = 0
    weights.forEach((share, node) => {
      if (lying.has(node) || isFor(known?.get(node), block)) weight += share
    })
    return weight
  }
  return {
    add: (place, node, block) => {
      const known = votes.get(place) ?? new Map<NodeId, BlockId | BlockId[]>()
      votes.set(place, known)
      const earlier = known.get(node)
      if (earlier === undefined) known.set(node, block)
      else if (!isFor(earlier, block)) known.set(node, [earlier, block].flat())
    },
    has: (place, node, block) => {
      const voted = votes.get(place)?.get(node)
      return block === undefined ? voted !== undefined : isFor(voted, block)
    },
    isDecided: (height, block, quorum, lying) =>
      [...votes.keys()].some(
        (place) => `${place}`.startsWith(`${height}/`) && behind(place, block, lying) >= quorum,
      ),
    first: (place, node) => [votes.get(place)?.get(node) ?? []].flat()[0],
    all: () =>
      [...votes].flatMap(([place, known]) =>
        [...known].flatMap(([node, voted]) =>
          [voted].flat().map((block): [string | number, NodeId, BlockId] => [place, node, block]),
        ),
      ),
    behind,
    contradictions: (word, lying) =>
      [...votes].flatMap(([place, known]) =>
        [...known].flatMap(([node, voted]) =>
          typeof voted === 'number' || lying.has(node)
            ? []
            : `${place}: member ${node} ${word} blocks ${voted.join(' and ')}`,
        ),
      ),
  }
}
