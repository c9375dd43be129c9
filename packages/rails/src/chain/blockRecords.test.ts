import { type ConsensusObserver, createCommittee, type RunningChain } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { type BlockId, createBlockStore } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { watchBlocks } from './blockRecords.ts'

/** A chain whose blocks and heads are set by hand: three miners of two operators, one observer. */
function handMade() {
  const blocks = createBlockStore()
  const committee = createCommittee([3, 2, 1, 0])
  const operators = ['one', 'two', 'one', 'watching']
  const heads: BlockId[] = [0, 0, 0, 0]
  const observers: Partial<ConsensusObserver>[] = []
  const cluster = {
    ...{ blocks, committee },
    network: {},
    members: operators.map((operator, node) => ({
      name: `node ${node}`,
      attributes: { region: 'somewhere', operator },
      weight: committee.weights[node]!,
    })),
    head: (node: number) => heads[node]!,
    observe: (observer: Partial<ConsensusObserver>) => {
      observers.push(observer)
    },
  } as unknown as RunningChain
  return {
    cluster,
    add: (parent: BlockId, proposer: number, time: number): BlockId => {
      const round = blocks.height(parent) + 1
      const block = blocks.append({ parent, proposer, time: seconds(time), round, bytes: 10 })
      for (const { proposed } of observers) proposed?.(proposer, block)
      return block
    },
    follow: (node: number, head: BlockId): void => {
      const previous = heads[node]!
      heads[node] = head
      for (const { headChanged } of observers) headChanged?.(node, head, previous)
    },
  }
}

test('default: chain, stale blocks, who made them, and how deep nodes turned', () => {
  const { cluster, add, follow } = handMade()
  const watch = watchBlocks({
    cluster,
    feesOf: (block) => 100 * block,
    rewardsOf: () => ({
      blocks: Float64Array.of(5, 0, 7, 0),
      uncles: Float64Array.of(0, 3, 1, 0),
    }),
    forks: true,
  })
  const made: number[] = []
  watch.onBlock((count) => made.push(count))
  //  0 ─ a ─ b ─ e           a, b by member 1; c, d, f by 0 and 2; e by 1
  //    └ c ─ d ─ f ─ g
  const [a, b] = [add(0, 1, 10), 2]
  expect(add(a, 1, 20)).toBe(b)
  const c = add(0, 0, 11)
  const d = add(c, 2, 21)
  const e = add(b, 1, 30)
  const f = add(d, 0, 31)
  const g = add(f, 1, 40)
  for (const head of [a, b, e, g]) follow(1, head)
  for (const head of [c, d, f, g]) follow(0, head)
  // From a to d: one block left for two. The way on to g leaves nothing.
  for (const head of [a, d, g]) follow(3, head)

  const records = watch.records()
  expect(made).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect([...records.times]).toEqual([11, 21, 31, 40].map(seconds))
  expect(records.stale).toBe(3)
  expect(records.makers).toEqual([
    { operator: 'one', chain: 3, stale: 0, rewards: 5 + 7 + 1, fees: 100 * (c + d + f) },
    { operator: 'two', chain: 1, stale: 3, rewards: 3, fees: 100 * g },
  ])
  expect([...records.reorganisations]).toEqual([
    [3, 1],
    [1, 1],
  ])
  expect(records.tree).toMatchObject({
    parents: [-1, 0, 1, 0, 3, 2, 4, 6],
    heights: [0, 1, 2, 1, 2, 3, 3, 4],
    makers: [-1, 1, 1, 0, 0, 1, 0, 1],
    in_chain: [1, 0, 0, 1, 1, 0, 1, 1],
  })
})

test('behavior: a tie is no reorganisation, and a node that jumps ahead leaves nothing', () => {
  const { cluster, add, follow } = handMade()
  const rewardsOf = undefined
  const watch = watchBlocks({ cluster, feesOf: () => 0, rewardsOf, forks: false })
  const a = add(0, 0, 10)
  add(0, 1, 11)
  const c = add(add(a, 0, 20), 0, 30)
  follow(0, a)
  follow(0, c)
  const { reorganisations, stale, tree } = watch.records()
  expect([...reorganisations]).toEqual([])
  expect(stale).toBe(1)
  expect(tree).toBeUndefined()
})

test('behavior: what stands on the head and nobody follows is open, neither in nor out', () => {
  const { cluster, add, follow } = handMade()
  const rewardsOf = undefined
  const watch = watchBlocks({ cluster, feesOf: () => 0, rewardsOf, forks: true })
  //  0 ─ a ─ b ─ d ─ e       b is the head
  //    │   └ c               beside it
  //    └ f ─ g               older, but made later
  const a = add(0, 0, 10)
  const b = add(a, 1, 20)
  const c = add(a, 0, 21)
  const d = add(b, 2, 30)
  add(d, 1, 40)
  add(add(0, 1, 50), 1, 60)
  follow(0, b)
  follow(3, a)
  const { stale, makers, tree } = watch.records()
  expect(stale).toBe(3)
  expect(makers).toMatchObject([
    { operator: 'one', chain: 1, stale: 1 },
    { operator: 'two', chain: 1, stale: 2 },
  ])
  expect(c).toBe(3)
  expect(tree!.in_chain).toEqual([1, 1, 1, 0, 0, 0, 0, 0])
  expect(tree!.open).toEqual([0, 0, 0, 0, 1, 1, 0, 0])
})

test('behavior: a block under way counts as spread once half of the members have it', () => {
  const { cluster, add, follow } = handMade()
  const spreadOf = (reached: number) => {
    const underWay = (tell: (content: number, spread: object, arrivedAt: Float64Array) => void) =>
      tell(1, { origin: 0, at: 0, reached }, Float64Array.of(0, 5_000, Infinity, Infinity))
    const network = { ...cluster.network, underWay } as unknown as RunningChain['network']
    const watch = watchBlocks({
      ...{ cluster: { ...cluster, network }, feesOf: () => 0, rewardsOf: undefined, forks: false },
    })
    return watch.records().spread
  }
  follow(0, add(0, 0, 10))
  expect(spreadOf(1)).toBeUndefined()
  expect(spreadOf(2)).toMatchObject({ blocks: 1, arrivals: 1, mean: 5 })
})
