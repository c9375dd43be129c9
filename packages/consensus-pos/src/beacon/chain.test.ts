import { describe, expect, test } from 'vitest'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock } from './blocks.ts'
import type { Bundle } from './bundles.ts'
import { type BeaconChain, createBeaconChain, epochOf } from './chain.ts'

const nodes = 4
const first = 8 * 32

function chainOf(fork = 'fulu'): BeaconChain {
  const groups = Array.from({ length: nodes }, (_, node) => ({ entity: `${node}`, count: 32 }))
  const beacon = createBeaconState({ groups, start: 'running', fork })
  return createBeaconChain({ epoch: 8, tip: 0, beacon }, { firstSlot: first, nodes })
}

/** A block on another one, with these bundles. */
function add(chain: BeaconChain, parent: number, slot: number, bundles: number[] = []): number {
  const id = chain.blocks.length
  const block: BeaconBlock = {
    ...chain.blocks[parent]!,
    ...{ id, parent, slot, bundles, proposer: 0, previousTarget: 0, currentTarget: 0 },
    slashings: [],
  }
  chain.blocks.push(block)
  chain.derive(block)
  return id
}

/** All four nodes vote in a slot, one validator each. */
function vote(
  chain: BeaconChain,
  slot: number,
  head: number,
  change: Partial<Bundle> = {},
): number {
  const epoch = epochOf(slot)
  const { beacon } = chain.stateAt(head, epoch)
  const id = chain.bundles.length
  chain.bundles.push({
    ...{ id, slot, head, targetEpoch: epoch, target: chain.checkpoint(head, epoch) },
    ...{ sourceEpoch: beacon.justified, source: chain.checkpoint(head, beacon.justified) },
    ...{ voters: Int32Array.of(0, 1, 2, 3), members: Int32Array.of(1, 1, 1, 1), ether: 128 },
    ...{ seen: new Float64Array(nodes), settled: 0, partial: false },
    ...change,
  })
  return id
}

describe('timely flags of votes that come after so many slots', () => {
  test.each([
    [1, [1, 1, 1]],
    [2, [1, 1, 0]],
    [5, [1, 1, 0]],
    [6, [0, 1, 0]],
    [31, [0, 1, 0]],
  ])('%d: source, target, head %j', (delay, expected) => {
    const chain = chainOf()
    const tip = add(chain, 0, first)
    const id = vote(chain, first, tip)
    const block = add(chain, tip, first + delay, [id])
    const { registry } = chain.stateAt(block, 9).beacon
    expect([registry.source[2], registry.target[2], registry.head[2]]).toEqual(expected)
  })

  test('a vote for another head has its target, one for another target its source', () => {
    const chain = chainOf()
    const tip = add(chain, 0, first)
    const other = add(chain, 0, first)
    const next = add(chain, tip, first + 1)
    const wrongHead = vote(chain, first + 1, tip)
    const wrongTarget = vote(chain, first + 2, next, { target: other })
    const flags = (id: number, slot: number): number[] => {
      const block = add(chain, next, slot, [id])
      const { registry } = chain.stateAt(block, 9).beacon
      return [registry.source[1]!, registry.target[1]!, registry.head[1]!]
    }
    expect(flags(wrongHead, first + 2)).toEqual([1, 1, 0])
    expect(flags(wrongTarget, first + 3)).toEqual([1, 0, 0])
  })

  test('in Gloas a vote for an older block is for the head if it says what the block does', () => {
    for (const isParentWhole of [true, false]) {
      const chain = chainOf('gloas')
      const tip = add(chain, 0, first)
      const headFlag = (slot: number, head: number, payloadPresent: boolean): number => {
        const block = add(chain, tip, slot + 1, [vote(chain, slot, head, { payloadPresent })])
        chain.blocks[block]!.isParentWhole = isParentWhole
        return chain.stateAt(block, 9).beacon.registry.head[1]!
      }
      expect(headFlag(first + 1, tip, isParentWhole)).toBe(1)
      expect(headFlag(first + 1, tip, !isParentWhole)).toBe(0)
      // Of its own slot nothing is said.
      expect(headFlag(first, tip, false)).toBe(1)
    }
  })

  test('behavior: only votes for the chain’s own target count for justification', () => {
    const chain = chainOf()
    const tip = add(chain, 0, first)
    const other = add(chain, 0, first)
    const right = add(chain, tip, first + 1, [vote(chain, first, tip)])
    const wrong = add(chain, tip, first + 1, [vote(chain, first, tip, { target: other })])
    expect(chain.blocks[right]!.currentTarget).toBe(128)
    expect(chain.blocks[wrong]!.currentTarget).toBe(0)
  })
})

describe('what a block may hold', () => {
  test('votes of earlier slots, whose source is the chain’s', () => {
    const chain = chainOf()
    const tip = add(chain, 0, first)
    const bundleOf = (change: Partial<Bundle>) => chain.bundles[vote(chain, first, tip, change)]!
    expect(chain.isIncludable(bundleOf({}), tip, first + 1)).toBe(true)
    expect(chain.isIncludable(bundleOf({}), tip, first)).toBe(false)
    expect(chain.isIncludable(bundleOf({ sourceEpoch: 6 }), tip, first + 1)).toBe(false)
    expect(chain.isIncludable(bundleOf({ source: tip }), tip, first + 1)).toBe(false)
  })

  test('for 32 slots before Deneb, until the next epoch’s end from it on', () => {
    const lastSlotOf = (fork: string): number => {
      const chain = chainOf(fork)
      const tip = add(chain, 0, first)
      const bundle = chain.bundles[vote(chain, first, tip)]!
      let slot = first
      while (chain.isIncludable(bundle, tip, slot + 1)) slot++
      return slot - first
    }
    expect([lastSlotOf('altair'), lastSlotOf('fulu')]).toEqual([32, 63])
  })
})
