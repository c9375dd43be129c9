import { expect, test } from 'vitest'
import type { BeaconState } from '../transition/beaconState.ts'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock } from './blocks.ts'
import { type BeaconChain, createBeaconChain } from './chain.ts'
import type { Evidence } from './evidence.ts'

const nodes = 4
const first = 8 * 32

/** Four nodes of 32 validators with 32 ETH each; node 2 can be reported. */
function createCase() {
  const groups = Array.from({ length: nodes }, (_, node) => ({ entity: `${node}`, count: 32 }))
  const beacon = createBeaconState({ groups, start: 'running' })
  const offences = [{ node: 2, members: 1, key: 7 }]
  const evidence: Evidence[] = [{ kind: 'votes', offences, knownTo: () => 0 }]
  const options = { firstSlot: first, nodes, evidence }
  return createBeaconChain({ epoch: 8, tip: 0, beacon }, options)
}

/** A block of node 0 with votes of all nodes, one validator each, for the slot before it. */
function add(chain: BeaconChain, parent: number, slot: number, slashings: number[] = []): number {
  const id = chain.blocks.length
  const epoch = Math.floor((slot - 1) / 32)
  const { beacon } = chain.stateAt(parent, epoch)
  const bundle = chain.bundles.length
  chain.bundles.push({
    ...{ id: bundle, slot: slot - 1, head: parent, targetEpoch: epoch },
    ...{ target: chain.checkpoint(parent, epoch), sourceEpoch: beacon.justified },
    ...{ source: chain.checkpoint(parent, beacon.justified), ether: 128 },
    ...{ voters: Int32Array.of(0, 1, 2, 3), members: Int32Array.of(1, 1, 1, 1) },
    ...{ seen: new Float64Array(nodes), settled: 0, partial: false },
  })
  const block: BeaconBlock = {
    ...{ ...chain.blocks[parent]!, id, parent, slot, slashings, bundles: [bundle] },
    ...{ proposer: 0, previousTarget: 0, currentTarget: 0 },
  }
  chain.blocks.push(block)
  chain.derive(block)
  return id
}

/** What the validators of a node have together, Gwei. */
function gweiOf({ registry }: BeaconState, node: number): number {
  let sum = 0
  for (let at = 0; at < registry.size; at++) {
    if (registry.group[at] !== node) continue
    sum += registry.balance[at]! * registry.count[at]! + registry.carry[at]!
  }
  return sum
}

test('a proposer gets 8 parts of 64 where the voters get the other 56', () => {
  const chain = createCase()
  const block = add(chain, 0, first + 1)
  const { beacon } = chain.stateAt(block, 9)
  // Node 3 voted as node 0 did, and proposed nothing: 128 ETH have set all three flags.
  const base = chain.stateAt(0, 8).beacon.baseReward
  expect(gweiOf(beacon, 0) - gweiOf(beacon, 3)).toBe(Math.floor((128 * base * 54 * 8) / 64 / 56))
})

test('who reports somebody gets a 4,096th of 32 ETH', () => {
  const [plain, reporting] = [[], [0]].map((slashings) => {
    const chain = createCase()
    return chain.stateAt(add(chain, 0, first + 1, slashings), 9).beacon
  })
  const lead = (beacon: BeaconState): number => gweiOf(beacon, 0) - gweiOf(beacon, 3)
  // One of the four voters may be the slashed one, whose flags are worth nothing to the proposer.
  const worth = lead(plain!)
  expect(lead(reporting!)).toBeLessThanOrEqual(32e9 / 4_096 + worth)
  expect(lead(reporting!)).toBeGreaterThanOrEqual(32e9 / 4_096 + Math.floor((worth * 3) / 4))
})

test('votes for a target count in their own epoch and in the next one', () => {
  const targetsOf = (slot: number): number[] => {
    const chain = createCase()
    const before = add(chain, 0, first + 1)
    const { previousTarget, currentTarget } = chain.blocks[add(chain, before, slot)]!
    return [previousTarget, currentTarget]
  }
  expect(targetsOf(first + 2)[1]).toBe(256)
  // A block of the next epoch brings votes of that epoch, or of the last slot before it.
  expect(targetsOf(first + 34)).toEqual([128, 128])
  expect(targetsOf(first + 32)).toEqual([256, 0])
  // Nothing is left of an epoch before the last one.
  expect(targetsOf(first + 66)).toEqual([0, 128])
})
