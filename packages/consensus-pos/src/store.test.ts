import { createBlockStore } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import type { Attestation } from './attestation.ts'
import { addNode, emptyNodeSet } from './bits.ts'
import { createChain } from './chain.ts'
import { createStore, type Store } from './store.ts'

const slotsPerEpoch = 4

/** Ten nodes of one vote each: a slot's committee weighs 10, the boost 4. */
function setUp() {
  const blocks = createBlockStore()
  const chain = createChain(blocks, new Float64Array(10).fill(1), slotsPerEpoch)
  const justified: number[] = []
  const finalised: number[] = []
  const newStore = (proposerBoost = 0.4): Store =>
    createStore({
      chain,
      proposerBoost,
      onJustified: ({ epoch }) => justified.push(epoch),
      onFinalised: ({ epoch }) => finalised.push(epoch),
    })
  const append = (parent: number, round: number, attestations: Attestation[] = []): number =>
    blocks.append({ parent, round, proposer: 0, time: 0, data: { attestations } })
  /** What `count` nodes from `first` on would vote in a slot for a head. */
  const vote = (slot: number, head: number, count = 10, first = 0): Attestation => {
    const state = chain.stateAt(head, chain.epochOf(slot))
    const voters = emptyNodeSet(10)
    for (let node = first; node < first + count; node++) addNode(voters, node)
    return { slot, head, source: state.justified, target: state.checkpoint, voters }
  }
  return { chain, newStore, append, vote, justified, finalised }
}

test('default: a vote counts from the slot after its own on', () => {
  const { append, newStore, vote } = setUp()
  const store = newStore()
  const [one, other] = [append(0, 1), append(0, 1)]
  store.tick(1)
  store.addBlock(one, false)
  store.addBlock(other, false)
  expect(store.head()).toBe(other)
  store.addAttestation(vote(1, one, 1), true)
  expect(store.head()).toBe(other)
  store.tick(2)
  expect(store.head()).toBe(one)
})

test('behavior: a vote of the next slot may come early, one of a later slot does not count', () => {
  const { append, newStore, vote } = setUp()
  const headOf = (slot: number): number => {
    const store = newStore()
    const [one, other] = [append(0, 1), append(0, 1)]
    store.tick(1)
    store.addBlock(one, false)
    store.addBlock(other, false)
    store.addAttestation(vote(slot, one, 1), true)
    store.tick(4)
    return store.head() - one
  }
  expect([1, 2, 3].map(headOf)).toEqual([0, 0, 1])
})

test('behavior: the boost holds for the timely block, for its slot, and is worth 4 votes', () => {
  const { append, newStore, vote } = setUp()
  const headWith = (votes: number, timely: boolean, boost?: number): number[] => {
    const store = newStore(boost)
    const rival = append(0, 1)
    store.tick(1)
    store.addBlock(rival, false)
    store.addAttestation(vote(1, rival, votes), true)
    store.tick(2)
    const late = append(0, 2)
    store.addBlock(late, timely)
    const during = store.head() === late
    store.tick(3)
    return [Number(during), Number(store.head() === late)]
  }
  expect(headWith(3, true)).toEqual([1, 0])
  // A tie goes to the larger id.
  expect(headWith(4, true)).toEqual([1, 0])
  expect(headWith(5, true)).toEqual([0, 0])
  expect(headWith(3, false)).toEqual([0, 0])
  expect(headWith(3, true, 0)).toEqual([0, 0])
})

test('behavior: only the first timely block of a slot is boosted', () => {
  const { append, newStore } = setUp()
  const store = newStore()
  store.tick(1)
  const [first, second] = [append(0, 1), append(0, 1)]
  store.addBlock(first, true)
  store.addBlock(second, true)
  expect(store.head()).toBe(first)
})

test('behavior: a sub-committee’s latest message replaces the one of an earlier epoch', () => {
  const { append, newStore, vote } = setUp()
  const store = newStore()
  store.tick(1)
  const [one, other] = [append(0, 1), append(0, 1)]
  store.addBlock(one, false)
  store.addBlock(other, false)
  store.addAttestation(vote(1, one, 6), true)
  store.tick(2)
  expect(store.head()).toBe(one)
  // Slot 5 is theirs in the next epoch.
  store.tick(5)
  store.addAttestation(vote(5, other, 6), true)
  store.tick(6)
  expect(store.head()).toBe(other)
})

test('behavior: a vote waits for its head, and votes that contradict their chain are void', () => {
  const { append, newStore, vote } = setUp()
  const store = newStore()
  const [one, other] = [append(0, 1), append(0, 1)]
  store.tick(2)
  store.addBlock(other, false)
  store.addAttestation(vote(1, one, 6), true)
  expect(store.head()).toBe(other)
  store.addBlock(one, false)
  expect(store.head()).toBe(one)
  store.tick(6)
  const wrong = { ...vote(5, other), target: { epoch: 1, root: one } }
  store.addAttestation(wrong, true)
  expect(store.head()).toBe(one)
})

type SetUp = ReturnType<typeof setUp>

/** A chain with a block in each slot that includes nine tenths of the votes of the slot before. */
function grow(from: number, slots: readonly number[], set: SetUp): number[] {
  const grown: number[] = []
  let tip = from
  for (const slot of slots) {
    tip = set.append(tip, slot, [set.vote(slot - 1, tip, 9)])
    grown.push(tip)
  }
  return grown
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('behavior: what the blocks of an epoch justify counts from the next epoch on', () => {
  const set = setUp()
  const store = set.newStore()
  const path = grow(0, range(1, 15), set)
  for (const block of path.slice(0, 11)) {
    store.tick(set.chain.slotOf(block))
    store.addBlock(block, true)
  }
  // Slot 11 ends epoch 2, whose first three slots' votes are 27 of 40: more than two thirds.
  expect(set.justified).toEqual([])
  store.tick(12)
  expect(set.justified).toEqual([2])
  expect(store.justified()).toEqual({ epoch: 2, root: path[7] })
  expect(store.head()).toBe(path[10])
  for (const block of path.slice(11)) {
    store.tick(set.chain.slotOf(block))
    store.addBlock(block, true)
  }
  expect(set.finalised).toEqual([])
  store.tick(16)
  expect(set.justified).toEqual([2, 3])
  expect(set.finalised).toEqual([2])
  expect(store.has(path[6]!)).toBe(false)
  expect(store.has(path[7]!)).toBe(true)
})

test('behavior: blocks of a past epoch count at once with all that they would justify', () => {
  const set = setUp()
  const store = set.newStore()
  const beside = set.append(0, 1)
  const path = grow(0, range(2, 19), set)
  store.tick(21)
  store.addBlock(beside, false)
  expect(store.judge(path[1]!)).toBe('orphan')
  for (const block of path) {
    expect(store.judge(block)).toBe('acceptable')
    store.addBlock(block, false)
  }
  expect(store.justified().epoch).toBe(4)
  expect(store.finalised().epoch).toBe(3)
  expect(store.head()).toBe(path.at(-1))
  expect(store.has(beside)).toBe(false)
  expect(store.judge(beside)).toBe('dead')
  expect(store.judge(set.append(beside, 20))).toBe('dead')
})

test('behavior: a heavier branch whose source is more than two epochs old is not followed', () => {
  const set = setUp()
  const store = set.newStore()
  const path = grow(0, range(1, 11), set)
  const branch = set.append(path[7]!, 9)
  for (const block of path) {
    store.tick(set.chain.slotOf(block))
    store.addBlock(block, true)
  }
  store.tick(14)
  store.addBlock(branch, false)
  for (const slot of [12, 13]) store.addAttestation(set.vote(slot, branch), true)
  // Epoch 2 is justified; on the branch it is epoch 1, which is recent enough in epoch 3 …
  expect(store.justified().epoch).toBe(2)
  expect(set.chain.pulledUp(branch).justified.epoch).toBe(1)
  expect(store.head()).toBe(branch)
  // … and no longer in epoch 4.
  store.tick(16)
  expect(store.head()).toBe(path.at(-1))
})

test('behavior: a branch from before the finalised checkpoint’s slot is dead', () => {
  const set = setUp()
  const store = set.newStore()
  // Slots 11 and 12 are empty: the checkpoint of epoch 3 is the block of slot 10.
  const path = grow(0, [...range(1, 10), ...range(13, 19)], set)
  const root = path[9]!
  const early = set.append(root, 11)
  const beside = set.append(root, 13)
  for (const block of [...path.slice(0, 10), early, beside, ...path.slice(10)]) {
    store.tick(set.chain.slotOf(block))
    store.addBlock(block, true)
  }
  store.tick(20)
  expect(store.finalised()).toEqual({ epoch: 3, root })
  expect(store.has(early)).toBe(false)
  expect(store.has(beside)).toBe(true)
  expect(store.judge(set.append(root, 12))).toBe('dead')
  expect(store.judge(set.append(root, 14))).toBe('acceptable')
})

test('who contradicts itself counts no longer, nor in what it says later', () => {
  const { append, newStore, vote } = setUp()
  const store = newStore()
  const [one, other] = [append(0, 1), append(0, 1)]
  store.tick(1)
  store.addBlock(one, false)
  store.addBlock(other, false)
  store.addAttestation(vote(1, one, 1), true)
  store.addAttestation(vote(1, other, 2, 1), true)
  store.tick(2)
  expect(store.head()).toBe(other)
  // Two of the three vote for both blocks: one vote is left, for the first one.
  store.addAttestation(vote(1, one, 2, 1), true)
  expect(store.head()).toBe(one)
  // An epoch on, in the same slot of it.
  store.tick(5)
  store.addAttestation(vote(5, other, 2, 1), true)
  store.tick(6)
  expect(store.head()).toBe(one)
  store.addAttestation(vote(2, other, 2, 1), true)
  expect(store.head()).toBe(other)
})

test('a block of a later epoch may bring the second of two old votes', () => {
  const { append, newStore, vote } = setUp()
  const store = newStore()
  const [one, other] = [append(0, 1), append(0, 1)]
  store.tick(1)
  store.addBlock(one, false)
  store.addBlock(other, false)
  store.addAttestation(vote(1, one, 1), true)
  store.addAttestation(vote(1, other, 2, 1), true)
  store.tick(2)
  store.tick(14)
  expect(store.head()).toBe(other)
  store.addBlock(append(0, 14, [vote(1, one, 2, 1)]), false)
  expect(store.head()).toBe(one)
})
