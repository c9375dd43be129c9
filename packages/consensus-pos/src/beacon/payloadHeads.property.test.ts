import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chainOf, ethers } from '../testing/referenceHeads.ts'
import { get_payload_head, type PayloadSeen } from '../testing/referencePayloadHeads.ts'
import { lineOfSlot } from './assignment.ts'
import { createHeads } from './heads.ts'

const draft = fc.record({
  // Few slots, so that there are several blocks for one.
  parent: fc.oneof(fc.nat(3), fc.nat(30)),
  gap: fc.constantFrom(1, 1, 1, 1, 2, 9),
  justified: fc.integer({ min: 6, max: 9 }),
  pulled: fc.integer({ min: 6, max: 9 }),
  full: fc.boolean(),
  proposer: fc.constantFrom(0, 0, 0, 1),
})
const vote = fc.record({
  head: fc.nat(30),
  back: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.nat(60)),
  who: fc.integer({ min: 1, max: 7 }),
  source: fc.integer({ min: 5, max: 8 }),
  has: fc.boolean(),
  open: fc.boolean(),
  present: fc.boolean(),
  second: fc.option(fc.record({ head: fc.nat(30), who: fc.integer({ min: 1, max: 7 }) }), {
    freq: 5,
    nil: undefined,
  }),
})
/** Votes of a committee of four: three are more than a half, two are not. */
const tally = fc.record({
  timely: fc.nat(4),
  late: fc.nat(4),
  available: fc.integer({ min: 2, max: 4 }),
  unavailable: fc.nat(4),
})
const inputs = fc.record({
  drafts: fc.array(draft, { minLength: 1, maxLength: 16 }),
  votes: fc.array(vote, { maxLength: 24 }),
  later: fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 70),
  boosted: fc.nat(16),
  missing: fc.array(fc.nat(16), { maxLength: 2 }),
  withheld: fc.array(fc.nat(16), { maxLength: 5 }),
  tallies: fc.array(tally, { minLength: 17, maxLength: 17 }),
  early: fc.array(fc.boolean(), { minLength: 17, maxLength: 17 }),
  boost: fc.integer({ min: 1, max: 12 }),
  slotEther: fc.integer({ min: 8, max: 80 }),
})

test('head and payload status are those of Gloas, on random trees, votes and payloads', () => {
  const counts = { full: 0, empty: 0, contested: 0, unboosted: 0 }
  fc.assert(
    fc.property(inputs, ({ drafts, votes, later, missing, withheld, tallies, early, ...more }) => {
      const { boost, slotEther } = more
      // The blocks of the last slot decide the most.
      const tips = chainOf(drafts, [], 400).blocks
      const last = Math.max(...tips.map(({ slot }) => slot))
      const now = last + later
      const chain = chainOf(drafts, votes, now)
      const { blocks, bundles } = chain
      const verified = (id: number): boolean => !withheld.includes(id)
      const has = (id: number): boolean => {
        const { parent, isParentWhole } = blocks[id]!
        if (id === 0) return true
        return !missing.includes(id) && has(parent) && (isParentWhole !== true || verified(parent))
      }
      const fresh = blocks.filter(({ id, slot }) => slot === now && has(id))
      const boosted = fresh[more.boosted % Math.max(1, fresh.length)]?.id ?? -1
      const isOpen = (id: number): boolean => {
        const { partial, slot, head, payloadPresent } = bundles[id]!
        return partial || slot >= now || !has(head) || (payloadPresent === true && !verified(head))
      }
      const hasVote = (id: number): boolean => !isOpen(id) || bundles[id]!.settled === 0
      const switches = { proposerBoost: boost / slotEther, equivocationDiscount: true }
      const electorate = { nodes: 3, effective: ethers, lineOf: lineOfSlot }
      const heads = createHeads(chain, switches, () => slotEther, electorate, 4)
      for (const { id } of bundles) if (!isOpen(id)) heads.settle(id)
      const choice = heads.choose({
        ...{ slot: now, sees: ({ id }) => has(id), hasVote, boosted },
        open: bundles.flatMap(({ id }) => (isOpen(id) ? [id] : [])),
        payloads: {
          has: ({ id }) => verified(id),
          tally: (id) => tallies[id]!,
          isEarly: ({ id }) => early[id]!,
        },
      })
      const view: PayloadSeen = {
        ...{ now, has, hasVote, isOpen, verified, boosted, discount: true, slotEther },
        // As the product is rounded.
        boost: (boost / slotEther) * slotEther,
        ...{ tally: (id) => tallies[id]!, early: (id) => early[id]!, committee: 4 },
      }
      const expected = get_payload_head(chain, view)
      expect([choice.head, choice.isFull]).toEqual([expected.root, expected.status === 'full'])
      counts[choice.isFull ? 'full' : 'empty']++
      const { slot, parent } = blocks[choice.head]!
      if (boosted >= 0 && blocks[boosted]!.parent === (slot < now ? choice.head : parent)) {
        counts.contested++
      }
      if (boosted >= 0) {
        const without = get_payload_head(chain, { ...view, early: () => false })
        if (without.root !== expected.root) counts.unboosted++
      }
    }),
    fuzzParameters(2_000),
  )
  expect(Math.min(counts.full, counts.empty, counts.contested)).toBeGreaterThan(300)
  // Of boosted blocks those that a rival of their parent cost the boost, and the head.
  expect(counts.unboosted).toBeGreaterThan(5)
})

test('the boost is withheld upon a weak parent whose proposer made an early rival', () => {
  /** Blocks 1 to 3 in slot 300, the first two by one proposer; block 4 upon the first. */
  const base = { justified: 7, pulled: 7, full: true, gap: 44 }
  const drafts = [
    { ...base, parent: 0, proposer: 0 },
    { ...base, parent: 0, proposer: 0 },
    { ...base, parent: 0, proposer: 1 },
    { ...base, parent: 1, proposer: 2, gap: 1 },
  ].map((each, k) => (k < 3 ? { ...each, gap: 45 } : each))
  const said = { back: 1, source: 7, has: true, open: false, second: undefined, present: false }
  // 5 ETH for the first block, 8 for the third; the fourth is lent 4.
  const votes = [
    { ...said, head: 1, who: 2 },
    { ...said, head: 3, who: 4 },
  ]
  const headWith = (slotEther: number, seesRival: boolean, isEarly: boolean): number => {
    const chain = chainOf(drafts, votes, 301)
    const switches = { proposerBoost: 4 / slotEther, equivocationDiscount: true }
    const electorate = { nodes: 3, effective: ethers, lineOf: lineOfSlot }
    const heads = createHeads(chain, switches, () => slotEther, electorate, 4)
    for (const { id } of chain.bundles) heads.settle(id)
    const tallies = { timely: 0, late: 0, available: 0, unavailable: 0 }
    return heads.choose({
      ...{ slot: 301, hasVote: () => true, open: [], boosted: 4 },
      sees: ({ id }) => id !== 2 || seesRival,
      payloads: { has: () => true, tally: () => tallies, isEarly: () => isEarly },
    }).head
  }
  expect(headWith(26, true, true)).toBe(3)
  // A fifth is not weak.
  expect(headWith(25, true, true)).toBe(4)
  expect(headWith(26, false, true)).toBe(4)
  expect(headWith(26, true, false)).toBe(4)
})
