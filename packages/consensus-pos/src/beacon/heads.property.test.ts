import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chainOf, ethers, get_head } from '../testing/referenceHeads.ts'
import type { BeaconBlock } from './blocks.ts'
import { lineOfSlot } from './assignment.ts'
import { createHeads } from './heads.ts'

test('the head is the specification’s, on random trees with random votes and checkpoints', () => {
  const draft = fc.record({
    parent: fc.nat(30),
    gap: fc.constantFrom(1, 1, 1, 2, 9, 33),
    justified: fc.integer({ min: 6, max: 12 }),
    pulled: fc.integer({ min: 6, max: 12 }),
  })
  const vote = fc.record({
    head: fc.nat(30),
    // The same line again and again, and any slot.
    back: fc.oneof(fc.constantFrom(1, 40, 79, 118), fc.nat(40), fc.nat(140)),
    who: fc.integer({ min: 1, max: 7 }),
    source: fc.integer({ min: 5, max: 10 }),
    has: fc.boolean(),
    open: fc.boolean(),
    second: fc.option(fc.record({ head: fc.nat(30), who: fc.integer({ min: 1, max: 7 }) }), {
      freq: 4,
      nil: undefined,
    }),
  })
  const inputs = fc.tuple(
    fc.array(draft, { minLength: 1, maxLength: 25 }),
    fc.array(vote, { maxLength: 40 }),
    fc.integer({ min: 0, max: 120 }),
    fc.nat(25),
    fc.array(fc.nat(25), { maxLength: 3 }),
    fc.boolean(),
    fc.array(fc.record({ block: fc.nat(25), conflict: fc.nat(9) }), { maxLength: 2 }),
  )
  const counts = { forks: 0, equivocators: 0, surrounds: 0, reported: 0 }
  fc.assert(
    fc.property(inputs, ([drafts, votes, later, boosted, missing, discount, reports]) => {
      const now = 257 + later
      const chain = chainOf(drafts, votes, now, reports)
      // What comes from the future nobody has, nor what builds on something missing.
      const has = (id: number): boolean =>
        id === 0 ||
        (chain.blocks[id]!.slot <= now && !missing.includes(id) && has(chain.blocks[id]!.parent))
      const boost = boosted < chain.blocks.length && has(boosted) ? boosted : -1
      const switches = { proposerBoost: 1, equivocationDiscount: discount }
      const heads = createHeads(chain, switches, () => 6, electorate)
      // What some may lack stays open; the rest is settled for all.
      const { bundles } = chain
      const isOpen = (id: number): boolean =>
        bundles[id]!.partial || bundles[id]!.slot >= now || !has(bundles[id]!.head)
      const hasVote = (id: number): boolean => !isOpen(id) || bundles[id]!.settled === 0
      const open = bundles.flatMap(({ id }) => (isOpen(id) ? [id] : []))
      for (const { id } of bundles) if (!isOpen(id)) heads.settle(id)
      const sees = ({ id }: BeaconBlock): boolean => has(id)
      const choice = heads.choose({ slot: now, sees, hasVote, open, boosted: boost })
      const view = { now, has, hasVote, isOpen, boosted: boost, boost: 6, discount }
      const expected = get_head(chain, view)
      expect(choice.head).toBe(expected.head)
      expect(choice.equivocatingEther).toBe(expected.equivocating)
      if (choice.head !== chain.blocks.length - 1) counts.forks++
      if (expected.equivocating > 0) counts.equivocators++
      for (const { first, second } of chain.conflicts) {
        if (bundles[first]!.targetEpoch !== bundles[second]!.targetEpoch) counts.surrounds++
        if (chain.reporters.length > 0 && !(hasVote(first) && hasVote(second))) counts.reported++
      }
    }),
    fuzzParameters(2_000),
  )
  // What the property is about occurs.
  expect(counts.forks).toBeGreaterThan(500)
  expect(counts.equivocators).toBeGreaterThan(100)
  expect(counts.surrounds).toBeGreaterThan(300)
  expect(counts.reported).toBeGreaterThan(100)
})

const electorate = { nodes: 3, effective: ethers, lineOf: lineOfSlot }

test('who contradicted itself counts no longer, nor later, unless the rule is off', () => {
  const drafts = [0, 0].map((parent) => ({ parent, gap: 1, justified: 7, pulled: 7 }))
  const base = { has: true, open: false, source: 7, second: undefined }
  // Line 9 of node 2 votes for both; node 0 for the lower block. In the next epoch, 39 slots on,
  // the same line of node 2 votes for the upper one again.
  const votes = [
    { ...base, head: 1, back: 60, who: 1 },
    { ...base, head: 1, back: 60, who: 4, second: { head: 2, who: 4 } },
    { ...base, head: 2, back: 21, who: 4 },
  ]
  const chain = chainOf(drafts, votes, 317)
  expect(chain.bundles.map(({ slot, contradicts }) => [lineOfSlot(slot), contradicts])).toEqual([
    [9, undefined],
    [9, [2]],
    [9, [1]],
    [9, undefined],
  ])
  const headWith = (equivocationDiscount: boolean, open: number[], lacks: number[]): number => {
    const switches = { proposerBoost: 0, equivocationDiscount }
    const heads = createHeads(chain, switches, () => 1, electorate)
    for (const { id } of chain.bundles) if (!open.includes(id)) heads.settle(id)
    return heads.choose({
      ...{ slot: 317, sees: () => true, open, boosted: -1 },
      hasVote: (id) => !lacks.includes(id),
    }).head
  }
  for (const open of [[], [1], [2], [3], [1, 2, 3]]) {
    expect(headWith(true, open, [])).toBe(1)
    expect(headWith(false, open, [])).toBe(2)
  }
  // Who has not seen the second vote of the pair counts what came later.
  expect(headWith(true, [1, 2], [2])).toBe(2)
})

test('what does not descend from the final block is no head, whatever is justified there', () => {
  const drafts = [
    { parent: 0, gap: 2, justified: 7, pulled: 7 },
    { parent: 0, gap: 33, justified: 7, pulled: 7 },
    { parent: 2, gap: 1, justified: 7, pulled: 7 },
  ]
  const chain = chainOf(drafts, [], 290)
  const [, final, ...others] = chain.blocks
  final!.unrealisedFinalised = { epoch: 8, block: 1 }
  for (const block of others) block.justified = { epoch: 9, block: 2 }
  const switches = { proposerBoost: 0, equivocationDiscount: true }
  const view = { slot: 290, sees: () => true, hasVote: () => true, open: [], boosted: -1 }
  const choice = createHeads(chain, switches, () => 1, electorate).choose(view)
  expect([choice.justified.block, choice.finalised.block]).toEqual([2, 1])
  // Nothing viable follows the justified block.
  expect(choice.head).toBe(2)
})
