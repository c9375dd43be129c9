import { fuzzParameters } from '@counterpoise/dev'
import { createBlockStore } from '@counterpoise/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeSetOf } from './bits.ts'
import { createForkChoice } from './forkChoice.ts'

const weights = Float64Array.of(1, 2, 3, 5)
const slotsPerEpoch = 2
const boostWeight = 4

type Latest = { epoch: number; head: number }

/** LMD-GHOST as the specification writes it: every weight from all votes, every time. */
function naiveHead(options: {
  parents: readonly number[]
  known: ReadonlySet<number>
  latest: ReadonlyMap<string, Latest>
  root: number
  boosted: number
  isViable: (leaf: number) => boolean
}): number {
  const { parents, known, latest, root, boosted, isViable } = options
  const descends = (block: number, from: number): boolean =>
    block === from || (block > from && known.has(block) && descends(parents[block]!, from))
  const childrenOf = (block: number): number[] =>
    [...known].filter((child) => child !== block && parents[child] === block)
  const keeps = (block: number): boolean => {
    const children = childrenOf(block)
    return children.length === 0 ? isViable(block) : children.some(keeps)
  }
  const scoreOf = (block: number): number => {
    let score = boosted >= 0 && descends(boosted, block) ? boostWeight : 0
    for (const [name, { head }] of latest) {
      if (known.has(head) && descends(head, block)) score += weights[Number(name.split('/')[0])]!
    }
    return score
  }
  let head = root
  for (;;) {
    const children = childrenOf(head).filter(keeps)
    if (children.length === 0) return head
    head = children.reduce((best, child) => {
      const [score, high] = [scoreOf(child), scoreOf(best)]
      return score > high || (score === high && child > best) ? child : best
    })
  }
}

const pick = fc.nat({ max: 1_000_000 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), parent: pick }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('vote' as const),
      node: fc.nat({ max: weights.length - 1 }),
      slot: fc.nat({ max: 9 }),
      head: pick,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('head' as const),
      root: pick,
      boosted: pick,
      unviable: fc.nat({ max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const), root: pick }) },
)

test('behavior: the head is that of a naive LMD-GHOST on random trees and votes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const blocks = createBlockStore()
      const tree = createForkChoice({ blocks, weights, slotsPerEpoch, boostWeight })
      const parents = [-1]
      let known = new Set([0])
      let lowest = 0
      const latest = new Map<string, Latest>()
      const any = (from: number): number => [...known][from % known.size]!
      for (const action of steps) {
        if (action.kind === 'add') {
          const parent = any(action.parent)
          const block = blocks.append({ parent, proposer: 0, time: 0, round: 0 })
          parents.push(parent)
          // Now and then a block that has not reached this node takes a number.
          if (action.parent % 5 === 0) continue
          known.add(block)
          tree.add(block)
        } else if (action.kind === 'vote') {
          const { node, slot } = action
          const head = any(action.head)
          tree.vote(slot, head, nodeSetOf(weights.length, node))
          const name = `${node}/${slot % slotsPerEpoch}`
          const epoch = Math.floor(slot / slotsPerEpoch)
          if (epoch > (latest.get(name)?.epoch ?? -1)) latest.set(name, { epoch, head })
        } else if (action.kind === 'prune') {
          const root = any(action.root)
          const isBelow = (block: number): boolean =>
            block === root || (block > root && isBelow(parents[block]!))
          lowest = root
          known = new Set([...known].filter(isBelow))
          tree.prune(root, (block) => known.has(block))
        } else {
          const root = action.root % 3 === 0 ? any(action.root) : lowest
          const boosted = action.boosted % 2 === 0 ? any(action.boosted) : -1
          const isViable = (leaf: number): boolean =>
            action.unviable === 0 || leaf % action.unviable !== 1
          const expected = naiveHead({ parents, known, latest, root, boosted, isViable })
          expect(tree.head({ root, boosted, isViable })).toBe(expected)
        }
      }
    }),
    fuzzParameters(500),
  )
})
