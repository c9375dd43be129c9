import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock, Root } from './blocks.ts'
import { lineOfSlot } from './assignment.ts'
import { type BeaconChain, createBeaconChain, epochOf } from './chain.ts'
import { createHeads } from './heads.ts'

type Draft = { parent: number; gap: number; justified: number; pulled: number; seen: boolean }
type Vote = {
  head: number
  back: number
  node: number
  has: boolean
  open: boolean
  /** The head of a second vote of the same validators. */
  second: number | undefined
}

/** Effective balance behind each node's vote, ETH. */
const ethers = [3, 5, 8]

function chainOf(drafts: readonly Draft[], votes: readonly Vote[], now: number): BeaconChain {
  const beacon = createBeaconState({ groups: [{ entity: 'all', count: 1 }], start: 'running' })
  const chain = createBeaconChain({ epoch: 8, tip: 0, beacon }, { firstSlot: 256, nodes: 1 })
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
  const asked = votes.flatMap((vote) =>
    vote.second === undefined ? [vote] : [vote, { ...vote, head: vote.second, isSecond: true }],
  )
  const slotOf = ({ back }: Vote): number => Math.max(256, now - back)
  asked.sort((a, b) => slotOf(a) - slotOf(b) || a.node - b.node)
  for (const vote of asked) {
    const id = chain.bundles.length
    const slot = slotOf(vote)
    const last = chain.bundles[id - 1]
    const isAgain = last?.slot === slot && last.voters[0] === vote.node
    const isSecond = 'isSecond' in vote && isAgain && last.twin < 0
    if (isAgain && !isSecond) continue
    if (isSecond) last.twin = id
    chain.bundles.push({
      ...{ id, slot, head: vote.head % chain.blocks.length, ether: ethers[vote.node]! },
      ...{ targetEpoch: epochOf(slot), target: 0, sourceEpoch: 7, source: 0 },
      ...{ voters: Int32Array.of(vote.node), members: Int32Array.of(1) },
      ...{ seen: new Float64Array(1), settled: vote.has ? 0 : 1, partial: vote.open },
      twin: isSecond ? id - 1 : -1,
    })
  }
  return chain
}

type Seen = {
  now: number
  has: (id: number) => boolean
  hasVote: (id: number) => boolean
  boosted: number
  boost: number
  discount: boolean
}

/** `get_head` as the specification tells it, recursive and without any memory. */
function get_head({ blocks, bundles, ancestorAt }: BeaconChain, view: Seen): number {
  const { now } = view
  // A block whose parent is unknown is unknown.
  const known = (b: BeaconBlock): boolean =>
    b.id === 0 || (view.has(b.id) && known(blocks[b.parent]!))
  // Latest messages, and who has contradicted itself.
  const latest = new Map<string, { epoch: number; head: number; ether: number }>()
  const equivocating = new Set<string>()
  for (const { id, slot, head, ether, voters } of bundles) {
    if (slot >= now || !view.hasVote(id) || !known(blocks[head]!)) continue
    const validator = `${voters[0]} of line ${lineOfSlot(slot)}`
    const before = latest.get(validator)
    const epoch = epochOf(slot)
    if (before?.epoch === epoch && view.discount) equivocating.add(validator)
    if (before === undefined || epoch > before.epoch) latest.set(validator, { epoch, head, ether })
  }
  for (const validator of equivocating) latest.delete(validator)
  const epoch = epochOf(now)
  const seen = blocks.filter(known)
  const source = (b: BeaconBlock): Root =>
    epochOf(b.slot) < epoch ? b.unrealisedJustified : b.justified
  let justified = blocks[0]!.justified
  for (const b of seen) if (source(b).epoch > justified.epoch) justified = source(b)
  const isAncestor = (a: number, b: number): boolean => ancestorAt(b, blocks[a]!.slot) === a
  const weight = (b: BeaconBlock): number => {
    let sum = 0
    for (const v of latest.values()) if (isAncestor(b.id, v.head)) sum += v.ether
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
    back: fc.oneof(fc.nat(40), fc.nat(140)),
    node: fc.nat(2),
    has: fc.boolean(),
    open: fc.boolean(),
    second: fc.option(fc.nat(30), { freq: 4, nil: undefined }),
  })
  const inputs = fc.tuple(
    fc.array(draft, { minLength: 1, maxLength: 25 }),
    fc.array(vote, { maxLength: 40 }),
    fc.integer({ min: 0, max: 120 }),
    fc.nat(25),
    fc.array(fc.nat(25), { maxLength: 3 }),
    fc.boolean(),
  )
  let forks = 0
  fc.assert(
    fc.property(inputs, ([drafts, votes, later, boosted, missing, discount]) => {
      const now = 257 + later
      const chain = chainOf(drafts, votes, now)
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
      const { head } = heads.choose({ slot: now, sees, hasVote, open, boosted: boost })
      const view = { now, has, hasVote, boosted: boost, boost: 6, discount }
      expect(head).toBe(get_head(chain, view))
      if (head !== chain.blocks.length - 1) forks++
    }),
    fuzzParameters(2_000),
  )
  expect(forks).toBeGreaterThan(500)
})

const electorate = { nodes: 3, effective: ethers, lineOf: lineOfSlot }

test('who contradicted itself counts no longer, nor later, unless the rule is off', () => {
  const drafts = [0, 0].map((parent) => ({ parent, gap: 1, justified: 7, pulled: 7, seen: true }))
  const base = { has: true, open: false, second: undefined }
  // Line 9 of node 2 votes for both; node 0 for the lower block. In the next epoch, 39 slots on,
  // the same line of node 2 votes for the upper one again.
  const votes = [
    { ...base, head: 1, back: 60, node: 2, second: 2 },
    { ...base, head: 1, back: 60, node: 0 },
    { ...base, head: 2, back: 21, node: 2 },
  ]
  const chain = chainOf(drafts, votes, 317)
  expect(chain.bundles.map(({ slot, twin }) => [lineOfSlot(slot), twin])).toEqual([
    [9, -1],
    [9, 2],
    [9, 1],
    [9, -1],
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
    { parent: 0, gap: 2, justified: 7, pulled: 7, seen: true },
    { parent: 0, gap: 33, justified: 7, pulled: 7, seen: true },
    { parent: 2, gap: 1, justified: 7, pulled: 7, seen: true },
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
