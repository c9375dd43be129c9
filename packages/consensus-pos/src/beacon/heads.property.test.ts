import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock, Root } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, createBeaconChain, epochOf } from './chain.ts'
import { createHeads } from './heads.ts'

type Draft = { parent: number; gap: number; justified: number; pulled: number; seen: boolean }
type Vote = { head: number; back: number; ether: number; has: boolean; twin: boolean }

const nobody = new Int32Array(0)

function chainOf(drafts: readonly Draft[], votes: readonly Vote[], now: number): BeaconChain {
  const beacon = createBeaconState({ groups: [{ entity: 'all', count: 1 }], start: 'running' })
  const chain = createBeaconChain({ epoch: 8, tip: 0, beacon }, 256, 1)
  const root = (block: number, epoch: number): Root => ({
    epoch,
    block: chain.checkpoint(block, epoch),
  })
  for (const draft of drafts) {
    const parent = chain.blocks[draft.parent % chain.blocks.length]!
    const id = chain.blocks.length
    const block: BeaconBlock = { ...parent, id, parent: parent.id, slot: parent.slot + draft.gap }
    chain.blocks.push(block)
    const last = epochOf(block.slot)
    const justified = Math.max(parent.justified.epoch, Math.min(draft.justified, last))
    block.justified = root(id, justified)
    block.unrealisedJustified = root(id, Math.max(justified, Math.min(draft.pulled, last)))
    block.finalised = root(id, Math.min(parent.finalised.epoch, 6))
    block.unrealisedFinalised = block.finalised
  }
  votes.forEach(({ head, back, ether, twin }, id) => {
    const bundle: Bundle = {
      ...{ id, slot: Math.max(256, now - back), head: head % chain.blocks.length, ether },
      ...{ targetEpoch: 8, target: 0, sourceEpoch: 7, source: 0 },
      ...{ voters: nobody, members: nobody, seen: new Float64Array(1), settled: 0, partial: false },
      twin: twin && id > 0 ? id - 1 : -1,
    }
    chain.bundles.push(bundle)
  })
  chain.bundles.sort((a, b) => a.slot - b.slot)
  chain.bundles.forEach((bundle, id) => Object.assign(bundle, { id }))
  return chain
}

/** `get_head` as the specification tells it, recursive and without any memory. */
function get_head(
  { blocks, bundles, ancestorAt }: BeaconChain,
  view: { now: number; has: (id: number) => boolean; boosted: number; boost: number },
): number {
  const { now } = view
  // A block whose parent is unknown is unknown.
  const known = (b: BeaconBlock): boolean =>
    b.id === 0 || (view.has(b.id) && known(blocks[b.parent]!))
  const epoch = epochOf(now)
  const seen = blocks.filter(known)
  const source = (b: BeaconBlock): Root =>
    epochOf(b.slot) < epoch ? b.unrealisedJustified : b.justified
  let justified = blocks[0]!.justified
  for (const b of seen) if (source(b).epoch > justified.epoch) justified = source(b)
  const isAncestor = (a: number, b: number): boolean => ancestorAt(b, blocks[a]!.slot) === a
  const weight = (b: BeaconBlock): number => {
    let sum = 0
    for (const v of bundles) {
      if (v.slot >= now || v.slot < now - 32) continue
      if (known(blocks[v.head]!) && isAncestor(b.id, v.head)) sum += v.ether
    }
    const isBoosted = view.boosted >= 0 && isAncestor(b.id, view.boosted)
    return sum + (isBoosted ? view.boost : 0)
  }
  const children = (id: number): BeaconBlock[] => seen.filter((b) => b.parent === id && b.id > 0)
  const filter = (b: BeaconBlock): boolean => {
    const below = children(b.id)
    if (below.length > 0) return below.some(filter)
    const voting = source(b).epoch
    return justified.epoch === 0 || voting === justified.epoch || voting + 2 >= epoch
  }
  let head = justified.block
  for (;;) {
    const next = children(head).filter(filter)
    if (next.length === 0) return head
    next.sort((a, b) => weight(b) - weight(a) || b.id - a.id)
    head = next[0]!.id
  }
}

test('the head is the specification’s, on random trees with random votes and checkpoints', () => {
  const draft = fc.record({
    parent: fc.nat(30),
    gap: fc.constantFrom(1, 1, 1, 2, 9, 33),
    justified: fc.integer({ min: 6, max: 12 }),
    pulled: fc.integer({ min: 6, max: 12 }),
    seen: fc.constant(true),
  })
  const vote = fc.record({
    head: fc.nat(30),
    back: fc.nat(40),
    ether: fc.integer({ min: 1, max: 9 }),
    has: fc.boolean(),
    twin: fc.constant(false),
  })
  const inputs = fc.tuple(
    fc.array(draft, { minLength: 1, maxLength: 25 }),
    fc.array(vote, { maxLength: 20 }),
    fc.integer({ min: 0, max: 120 }),
    fc.nat(25),
    fc.array(fc.nat(25), { maxLength: 3 }),
  )
  let forks = 0
  fc.assert(
    fc.property(inputs, ([drafts, votes, later, boosted, missing]) => {
      const now = 257 + later
      const chain = chainOf(drafts, votes, now)
      // What comes from the future nobody has, nor what builds on something missing.
      const has = (id: number): boolean =>
        id === 0 ||
        (chain.blocks[id]!.slot <= now && !missing.includes(id) && has(chain.blocks[id]!.parent))
      const boost = boosted < chain.blocks.length && has(boosted) ? boosted : -1
      const heads = createHeads(chain, { proposerBoost: 1, equivocationDiscount: true }, () => 6)
      const { head } = heads.choose({
        slot: now,
        sees: ({ id }) => has(id),
        hasVote: () => true,
        boosted: boost,
      })
      expect(head).toBe(get_head(chain, { now, has, boosted: boost, boost: 6 }))
      if (head !== chain.blocks.length - 1) forks++
    }),
    fuzzParameters(2_000),
  )
  expect(forks).toBeGreaterThan(500)
})

test('behavior: who contradicted itself counts no longer, unless the rule is off', () => {
  const drafts = [
    { parent: 0, gap: 1, justified: 7, pulled: 7, seen: true },
    { parent: 0, gap: 1, justified: 7, pulled: 7, seen: true },
  ]
  const votes = [
    { head: 1, back: 2, ether: 9, has: true, twin: false },
    { head: 2, back: 2, ether: 9, has: true, twin: false },
    { head: 1, back: 1, ether: 1, has: true, twin: false },
  ]
  const chain = chainOf(drafts, votes, 259)
  chain.bundles[0]!.twin = 1
  const headWith = (equivocationDiscount: boolean, hasSecond: boolean): number =>
    createHeads(chain, { proposerBoost: 0, equivocationDiscount }, () => 1).choose({
      slot: 259,
      sees: () => true,
      hasVote: (id) => id !== 1 || hasSecond,
      boosted: -1,
    }).head
  // The first of two contradicting votes is void once the second is known.
  expect(headWith(true, false)).toBe(1)
  expect(headWith(false, true)).toBe(1)
  chain.bundles[1]!.twin = 0
  chain.bundles[2]!.head = 2
  expect(headWith(true, true)).toBe(2)
})
