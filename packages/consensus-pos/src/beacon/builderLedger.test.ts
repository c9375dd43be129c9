import { describe, expect, test } from 'vitest'
import { createBuilderLedger } from '../transition/builderPayments.ts'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock } from './blocks.ts'
import { type BeaconChain, createBeaconChain, epochOf } from './chain.ts'
import type { Evidence } from './evidence.ts'

const nodes = 4
const first = 8 * 32

/** Four nodes of 32 validators: 128 ETH vote in a slot, 76.8 are the quorum. */
function chainOf(evidence: readonly Evidence[] = []): BeaconChain {
  const groups = Array.from({ length: nodes }, (_, node) => ({ entity: `${node}`, count: 32 }))
  const beacon = createBeaconState({ groups, start: 'running', fork: 'gloas' })
  const chain = createBeaconChain(
    { epoch: 8, tip: 0, beacon },
    { firstSlot: first, nodes, evidence },
  )
  chain.blocks[0]!.builders = createBuilderLedger([100e9])
  return chain
}

/** A block upon the payload of another one, with a bid of 1 ETH. */
function add(chain: BeaconChain, parent: number, change: Partial<BeaconBlock>): BeaconBlock {
  const id = chain.blocks.length
  const block: BeaconBlock = {
    ...{ ...chain.blocks[parent]!, id, parent, bundles: [], slashings: [], bid: undefined },
    ...{ proposer: 1, previousTarget: 0, currentTarget: 0, isParentWhole: true },
    ...change,
  }
  chain.blocks.push(block)
  chain.derive(block)
  return block
}
const bidIn = (slot: number) => ({
  slot,
  bid: { slot, proposer: 1, builder: 0, amountGwei: 1e9 },
})

/** So many nodes vote in a slot for a head, one validator each. */
function vote(chain: BeaconChain, slot: number, head: number, voters: number[]): number {
  const id = chain.bundles.length
  const epoch = epochOf(slot)
  chain.bundles.push({
    ...{ id, slot, head, targetEpoch: epoch, target: chain.checkpoint(head, epoch) },
    ...{ sourceEpoch: 7, source: 0, ether: 32 * voters.length, settled: 0, partial: false },
    ...{ voters: Int32Array.from(voters), members: new Int32Array(voters.length).fill(1) },
    seen: new Float64Array(nodes),
  })
  return id
}

describe('what weighs for a payment', () => {
  test('votes of the block’s own slot, for the block and no other', () => {
    const chain = chainOf()
    const paid = add(chain, 0, bidIn(first))
    const rival = add(chain, 0, { slot: first })
    const bundles = [
      vote(chain, first, paid.id, [0]),
      vote(chain, first, rival.id, [1]),
      vote(chain, first, 0, [2]),
    ]
    const next = add(chain, paid.id, { slot: first + 1, bundles, isParentWhole: false })
    expect(next.builders!.payments[32]).toMatchObject({ weightEther: 32, amountGwei: 1e9 })
    // A vote of the next slot for the older block.
    const later = vote(chain, first + 1, paid.id, [3])
    const last = add(chain, next.id, { slot: first + 2, bundles: [later], isParentWhole: false })
    expect(last.builders!.payments[32]!.weightEther).toBe(32)
  })

  test('the quorum is that of the epoch that ends, not of the next one', () => {
    const chain = chainOf()
    const { registry } = chain.blocks[0]!.epochState.beacon
    // Half of the validators leave with epoch 10; the payment is settled at the end of 9.
    for (const node of [2, 3]) registry.exitEpoch[node] = 10
    const paid = add(chain, 0, bidIn(first))
    const bundles = [vote(chain, first, paid.id, [0, 1])]
    const next = add(chain, paid.id, { slot: first + 1, bundles, isParentWhole: false })
    const last = add(chain, next.id, { slot: first + 64, isParentWhole: false })
    expect([last.builders!.quorumGwei, last.builders!.lapsedGwei]).toEqual([0, 1e9])
  })
})

test('two blocks for a slot cost their proposer its payment, and nobody another one', () => {
  const report = (slot: number): Evidence => ({
    ...{ kind: 'proposals', knownTo: () => 0 },
    offences: [{ node: 1, members: 1, key: -1 - slot }],
  })
  for (const [slot, isPaid] of [
    [first, false],
    [first + 1, true],
  ] as const) {
    const chain = chainOf([report(slot)])
    const paid = add(chain, 0, bidIn(first))
    const change = { slot: first + 2, slashings: [0], isParentWhole: false }
    const { builders } = add(chain, paid.id, change)
    expect(builders!.payments[32] !== undefined).toBe(isPaid)
  }
})
