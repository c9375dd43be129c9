import { type Attestation, sameVote } from './attestation.ts'
import { emptyNodeSet, exceeds, isEmpty, type NodeSet, unite, without } from './bits.ts'
import { type ChainState, type FinalityRules, isIncludable } from './finality.ts'

/** Equal votes of one slot that a node has seen. */
export type PooledVote = {
  vote: Attestation
  seen: NodeSet
  /** Those that somebody has published as an aggregate. */
  published: NodeSet
  /** Those that the fork choice has taken. */
  applied: NodeSet
  /** Does the vote agree with its head's chain? Unknown until that block is there. */
  isSound: boolean | undefined
}

/** The attestations of two epochs that one node has seen, merged by what they say. */
export type VotePool = {
  /** Merges an attestation in; the pooled vote where it brought something new. */
  add: (attestation: Attestation, published: boolean) => PooledVote | undefined
  votesOf: (slot: number) => readonly PooledVote[]
  /** What a block in `slot` on a chain may include and its chain does not hold yet. */
  includable: (state: ChainState, slot: number) => Attestation[]
  /** True where votes of the slot are known that no aggregate holds. */
  hasUnpublished: (slot: number) => boolean
  /** All votes of a slot as aggregates. */
  aggregates: (slot: number) => Attestation[]
}

const nothing: readonly PooledVote[] = []

export function createVotePool(rules: FinalityRules): VotePool {
  const size = rules.weights.length
  const ringSize = 2 * rules.slotsPerEpoch
  /** The votes of a slot, by slot modulo two epochs, and which slot stands there. */
  const ring = Array.from({ length: ringSize }, (): PooledVote[] => [])
  const slots = new Int32Array(ringSize).fill(-1)

  const votesOf = (slot: number): readonly PooledVote[] =>
    slots[slot % ringSize] === slot ? ring[slot % ringSize]! : nothing

  const placeOf = (slot: number): PooledVote[] => {
    const place = slot % ringSize
    if (slots[place] !== slot) {
      slots[place] = slot
      ring[place] = []
    }
    return ring[place]!
  }

  return {
    votesOf,
    add: (attestation, published) => {
      if (slots[attestation.slot % ringSize]! > attestation.slot) return undefined
      const votes = placeOf(attestation.slot)
      let pooled = votes.find((other) => sameVote(other.vote, attestation))
      if (pooled === undefined) {
        pooled = {
          vote: attestation,
          seen: emptyNodeSet(size),
          published: emptyNodeSet(size),
          applied: emptyNodeSet(size),
          isSound: undefined,
        }
        votes.push(pooled)
      }
      if (published) unite(pooled.published, attestation.voters)
      if (!exceeds(attestation.voters, pooled.seen)) return undefined
      unite(pooled.seen, attestation.voters)
      return pooled
    },
    includable: (state, slot) => {
      const found: Attestation[] = []
      for (let past = Math.max(0, slot - ringSize); past < slot; past++) {
        const included = state.included[past % ringSize]
        // A sub-committee's second vote has no place on the chain.
        let taken: NodeSet | undefined = included
        for (const { vote, seen } of votesOf(past)) {
          if (!isIncludable(state, vote, slot, rules)) continue
          const voters = without(seen, taken)
          if (isEmpty(voters)) continue
          found.push({ ...vote, voters })
          taken = taken === undefined ? voters.slice() : taken.slice()
          unite(taken, voters)
        }
      }
      return found
    },
    hasUnpublished: (slot) => votesOf(slot).some(({ seen, published }) => exceeds(seen, published)),
    aggregates: (slot) =>
      votesOf(slot).map(({ vote, seen }) => ({ ...vote, voters: seen.slice() })),
  }
}
