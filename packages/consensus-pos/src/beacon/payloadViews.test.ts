import { describe, expect, test } from 'vitest'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { createBeaconChain } from './chain.ts'
import type { Choice, View } from './heads.ts'
import type { Payload } from './payloads.ts'
import { noTally, type PayloadTally } from './payloadVotes.ts'
import { createViews, type Views } from './views.ts'

const slotTime = 12_000
const voteAfter = 9_000
const never = Number.POSITIVE_INFINITY

/** Two nodes, a parent in slot 299 and a child of it, as far as they differ. */
function twoNodes(change: {
  child?: { slot: number; isParentWhole: boolean }
  payload?: [number, number]
  rival?: [number, number]
  votes?: { seen: [number, number]; tally: PayloadTally }
}) {
  const beacon = createBeaconState({ groups: [{ entity: 'all', count: 1 }], start: 'running' })
  const chain = createBeaconChain({ epoch: 8, tip: 0, beacon }, { firstSlot: 256, nodes: 2 })
  const asked: View[] = []
  const settled: number[] = []
  const choose = (view: View): Choice => {
    asked.push(view)
    const root = { epoch: 7, block: 0 }
    return {
      ...{ head: asked.length, isFull: true, justified: root, finalised: root },
      ...{ weightOf: () => 0, equivocatingEther: 0 },
    }
  }
  const views = createViews(
    chain,
    { choose, prune: () => undefined, settle: (id) => settled.push(id) },
    { voteAfter, slotTime },
  )
  const add = (parent: number, slot: number, seen: [number, number]): BeaconBlock => {
    const id = chain.blocks.length
    const block: BeaconBlock = {
      ...{ ...chain.blocks[parent]!, id, parent, slot, payload: undefined },
      ...{ seen: Float64Array.from(seen), settled: Math.max(...seen), partial: false },
    }
    chain.blocks.push(block)
    return block
  }
  const { payload: times = [0, 0] } = change
  const last = Math.max(...times.filter((time) => time < never))
  const payload: Payload = {
    ...{ payloadOf: 1, time: 0, builder: 0, work: 0 },
    ...{ seen: Float64Array.from(times), settled: last, partial: times.includes(never) },
  }
  add(0, 299, [0, 0]).payload = payload
  if (change.rival !== undefined) add(0, 299, change.rival)
  if (change.child !== undefined) {
    const child = add(1, change.child.slot, [0, 0])
    child.isParentWhole = change.child.isParentWhole
  }
  const { votes } = change
  if (votes !== undefined) {
    const item = { id: 0, block: 1, slot: 299, settled: 0, partial: true }
    chain.payloadVotes.push({ ...item, ...votes.tally, seen: Float64Array.from(votes.seen) })
  }
  // Slot 300 begins at 12 s.
  const begin = (slot = 300): void => {
    views.begin(slotTime * (slot - 299), slot, slotTime + 3_000)
    for (const block of chain.blocks.slice(1)) views.add({ block: block.id })
    views.add({ payloadOf: 1 })
  }
  return { chain, views, asked, settled, begin }
}

/** Do the two nodes ask for two choices, and not for one? */
const differ = (views: Views, time: number): boolean =>
  views.choice(0, time).head !== views.choice(1, time).head

describe('views differ', () => {
  test('by a payload that one node lacks', () => {
    const { views, begin } = twoNodes({ payload: [0, 20_000] })
    begin()
    expect(differ(views, 13_000)).toBe(true)
    expect(differ(views, 20_000)).toBe(false)
  })

  test('by the votes of the committee of the slot before, and no older one', () => {
    const tally = { ...noTally, timely: 300 }
    const { views, asked, begin } = twoNodes({ votes: { seen: [10_000, 20_000], tally } })
    begin()
    expect(differ(views, 13_000)).toBe(true)
    expect(asked.map(({ payloads }) => payloads!.tally(1).timely)).toEqual([300, 0])
    expect(asked[0]!.payloads!.tally(2)).toEqual(noTally)
    expect(differ(views, 20_000)).toBe(false)
    begin(301)
    expect(differ(views, 25_000)).toBe(false)
    expect(asked.at(-1)!.payloads!.tally(1)).toEqual(noTally)
  })

  test('by whether a second block of that slot came before its committee voted', () => {
    const { chain, views, asked, begin } = twoNodes({ rival: [8_999, 9_000] })
    begin()
    expect(differ(views, 13_000)).toBe(true)
    expect(asked.map(({ payloads }) => payloads!.isEarly(chain.blocks[2]!))).toEqual([true, false])
    const { views: same, begin: start } = twoNodes({ rival: [8_000, 8_999] })
    start()
    expect(differ(same, 13_000)).toBe(false)
  })
})

test('a block upon a payload is there with it; one without it, by itself', () => {
  for (const isParentWhole of [true, false]) {
    const child = { slot: 300, isParentWhole }
    const { chain, views, asked, begin } = twoNodes({ child, payload: [0, 14_000] })
    begin()
    views.choice(1, 13_000)
    expect(asked[0]!.sees(chain.blocks[2]!)).toBe(!isParentWhole)
    expect(asked[0]!.boosted).toBe(isParentWhole ? -1 : 2)
    expect(asked[0]!.payloads!.has(chain.blocks[1]!)).toBe(false)
    views.choice(1, 14_000)
    expect(asked[1]!.sees(chain.blocks[2]!)).toBe(true)
    expect(asked[1]!.payloads!.has(chain.blocks[1]!)).toBe(true)
  }
})

test('votes for a payload are settled when everybody has the payload', () => {
  for (const payloadPresent of [true, false]) {
    const { chain, views, settled, begin } = twoNodes({ payload: [0, never] })
    const bundle = { id: 0, slot: 300, head: 1, payloadPresent, seen: new Float64Array(2) }
    chain.bundles.push({ ...bundle, settled: 0, partial: false } as Bundle)
    begin()
    views.add({ bundle: 0 })
    begin(301)
    expect(settled).toEqual(payloadPresent ? [] : [0])
    Object.assign(chain.blocks[1]!.payload!, { partial: false, settled: 40_000 })
    begin(302)
    expect(settled).toEqual(payloadPresent ? [] : [0])
    begin(303)
    expect(settled).toEqual([0])
  }
})
