import type { BlockId } from '@counterpoise/ledger'
import type { Attestation, Checkpoint } from './attestation.ts'
import { type Chain, laterOf } from './chain.ts'
import type { Finality } from './finality.ts'
import { watchEquivocations } from './equivocations.ts'
import { createForkChoice } from './forkChoice.ts'
import { createVotePool, type PooledVote, type VotePool } from './votePool.ts'

export type StoreOptions = {
  chain: Chain
  /** Share of a slot's committee weight. */
  proposerBoost: number
  /** The store holds a later checkpoint for justified, or finalised. */
  onJustified: (checkpoint: Checkpoint) => void
  onFinalised: (checkpoint: Checkpoint) => void
}

/**
 * What one node knows and concludes: the `Store` of Ethereum's fork choice, with the handlers
 * `on_tick`, `on_block` and `on_attestation`, and `get_head`.
 */
export type Store = {
  pool: VotePool
  /** The slot of the last tick. */
  slot: () => number
  /** A slot begins: the boost ends, votes of past slots count, epochs realise checkpoints. */
  tick: (slot: number) => void
  /** `dead`: at or below the finalised checkpoint, or beside it; it will never be accepted. */
  judge: (block: BlockId) => 'known' | 'orphan' | 'dead' | 'acceptable'
  /** Adds an acceptable block; `timely`: in its slot, before the attestation deadline. */
  addBlock: (block: BlockId, timely: boolean) => void
  /** `published`: seen as part of an aggregate, so that nobody needs to aggregate it again. */
  addAttestation: (attestation: Attestation, published: boolean) => void
  has: (block: BlockId) => boolean
  head: () => BlockId
  justified: () => Checkpoint
  finalised: () => Checkpoint
}

const genesisCheckpoint: Checkpoint = { epoch: 0, root: 0 }

export function createStore(options: StoreOptions): Store {
  const { chain, proposerBoost, onJustified, onFinalised } = options
  const { blocks, slotsPerEpoch, weights, totalWeight } = chain
  const tree = createForkChoice({
    blocks,
    weights,
    slotsPerEpoch,
    boostWeight: (proposerBoost * totalWeight) / slotsPerEpoch,
  })
  const pool = createVotePool(chain)
  const watch = watchEquivocations({
    ...{ size: weights.length, slotsPerEpoch, onEquivocation: tree.bar },
  })
  /** Votes that wait for their head block. */
  let waiting: PooledVote[] = []
  let slot = 0
  let boosted: BlockId = -1
  let justified = genesisCheckpoint
  let finalised = genesisCheckpoint
  let unrealisedJustified = genesisCheckpoint
  let unrealisedFinalised = genesisCheckpoint

  const realise = (newJustified: Checkpoint, newFinalised: Checkpoint): void => {
    if (newJustified.epoch > justified.epoch) {
      justified = newJustified
      onJustified(justified)
    }
    // An unknown root stands beside what is final: a third of the stake contradicted itself.
    if (newFinalised.epoch > finalised.epoch && tree.has(newFinalised.root)) {
      finalised = newFinalised
      const { epoch, root } = finalised
      tree.prune(root, (block) => chain.checkpointRoot(block, epoch) === root)
      onFinalised(finalised)
    }
  }

  /** Hands the votes that are new to the fork choice. */
  const apply = (pooled: PooledVote): void => {
    const { vote, seen, applied } = pooled
    if (vote.slot >= slot) return
    if (!tree.has(vote.head)) {
      if (vote.head > finalised.root && !waiting.includes(pooled)) waiting.push(pooled)
      return
    }
    pooled.isSound ??= isSound(chain, vote)
    if (!pooled.isSound) return
    tree.vote(vote.slot, vote.head, seen, applied)
    applied.set(seen)
  }

  /** A vote from before the pool's two epochs, found in a block. */
  const applyOld = (vote: Attestation): void => {
    watch(vote)
    if (tree.has(vote.head) && isSound(chain, vote)) tree.vote(vote.slot, vote.head, vote.voters)
  }

  const addAttestation = (attestation: Attestation, published: boolean): void => {
    const oldest = (chain.epochOf(slot) - 1) * slotsPerEpoch
    if (attestation.slot < oldest || attestation.slot > slot + 1) return
    const pooled = pool.add(attestation, published)
    if (pooled === undefined) return
    watch(attestation)
    apply(pooled)
  }

  /** `compute_pulled_up_tip`: what the block would justify if its epoch ended with it. */
  const pullUp = (block: BlockId): void => {
    const pulled: Finality = chain.pulledUp(block)
    unrealisedJustified = laterOf(unrealisedJustified, pulled.justified)
    unrealisedFinalised = laterOf(unrealisedFinalised, pulled.finalised)
    if (chain.epochOf(chain.slotOf(block)) < chain.epochOf(slot)) {
      realise(pulled.justified, pulled.finalised)
    }
  }

  /** `filter_block_tree`: may the chain that ends in this leaf be followed? */
  const isViable = (leaf: BlockId): boolean => {
    const epoch = chain.epochOf(slot)
    const isPast = chain.epochOf(chain.slotOf(leaf)) < epoch
    const source = (isPast ? chain.pulledUp(leaf) : chain.state(leaf)).justified
    return (
      justified.epoch === 0 || source.epoch === justified.epoch || source.epoch + 2 >= epoch
    )
  }

  return {
    pool,
    slot: () => slot,
    tick: (next) => {
      if (next <= slot) return
      const opensEpoch = chain.epochOf(next) > chain.epochOf(slot)
      const last = slot
      slot = next
      boosted = -1
      if (opensEpoch) {
        realise(unrealisedJustified, unrealisedFinalised)
        const oldest = (chain.epochOf(slot) - 1) * slotsPerEpoch
        waiting = waiting.filter(({ vote }) => vote.slot >= oldest)
      }
      // After an outage all that came in since the last tick is due.
      for (let past = Math.max(last, next - slotsPerEpoch); past < next; past++) {
        for (const pooled of pool.votesOf(past)) apply(pooled)
      }
    },
    judge: (block) => {
      if (tree.has(block)) return 'known'
      const { epoch, root } = finalised
      if (block <= root || chain.slotOf(block) <= epoch * slotsPerEpoch) return 'dead'
      const parent = blocks.parent(block)
      if (parent < root) return 'dead'
      // The tree holds only what has the finalised checkpoint on its chain.
      return tree.has(parent) ? 'acceptable' : 'orphan'
    },
    addBlock: (block, timely) => {
      tree.add(block)
      if (timely && boosted === -1 && chain.slotOf(block) === slot) boosted = block
      const { justified: source, finalised: settled } = chain.state(block)
      realise(source, settled)
      pullUp(block)
      const oldest = (chain.epochOf(slot) - 1) * slotsPerEpoch
      for (const attestation of chain.attestations(block)) {
        if (attestation.slot < oldest) applyOld(attestation)
        else addAttestation(attestation, true)
      }
      if (waiting.length === 0) return
      const ready = waiting.filter(({ vote }) => vote.head === block)
      if (ready.length === 0) return
      waiting = waiting.filter(({ vote }) => vote.head !== block)
      for (const pooled of ready) apply(pooled)
    },
    addAttestation,
    has: tree.has,
    head: () => {
      const root = tree.has(justified.root) ? justified.root : finalised.root
      return tree.head({ root, boosted, isViable })
    },
    justified: () => justified,
    finalised: () => finalised,
  }
}

/** `validate_on_attestation`, as far as it concerns the head's chain. */
function isSound(chain: Chain, { slot, head, target }: Attestation): boolean {
  return (
    chain.epochOf(slot) === target.epoch &&
    chain.slotOf(head) <= slot &&
    chain.checkpointRoot(head, target.epoch) === target.root
  )
}
