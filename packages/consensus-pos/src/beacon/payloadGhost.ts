import { buildsOnFull } from './blocks.ts'
import type { BeaconChain } from './chain.ts'
import type { Descent, Ghost } from './ghost.ts'
import { noTally, supportsPayload } from './payloadVotes.ts'
import { weakShare } from './proposerHead.ts'

/**
 * Gloas (EIP-7732): each block is followed either without its payload (empty) or with it (full),
 * and its children build on one of the two. Votes of a block's own slot count for the block alone,
 * later ones for one of the two as well. Of a block of the slot before, about whose payload nobody
 * can have voted, the committee and the boosted block decide.
 */
export function createPayloadGhost(
  chain: BeaconChain,
  committee: number,
  slotEther: () => number,
): Ghost {
  const { blocks, bundles } = chain
  let base = 0
  let columns = createColumns(256)

  /** `is_head_weak`. */
  const isWeak = (block: number, equivocatingEther: number): boolean => {
    const own = columns.all[block - base] ?? 0
    return own + equivocatingEther < weakShare * slotEther()
  }

  /** `should_apply_proposer_boost`. */
  const isBoostDue = ({ boosted, equivocatingEther, sees, payloads }: Descent): boolean => {
    if (boosted < 0) return false
    const { slot, parent: parentId } = blocks[boosted]!
    const parent = blocks[parentId]!
    if (parent.slot + 1 < slot || !isWeak(parentId, equivocatingEther)) return true
    for (let id = blocks.length - 1; id > base; id--) {
      const other = blocks[id]!
      const isTwin = other.slot === parent.slot && other.proposer === parent.proposer
      if (!isTwin || id === parentId || !sees(other)) continue
      if (payloads?.isEarly(other) === true) return false
    }
    return true
  }

  /** `should_extend_payload`, of a payload that is there. */
  const isExtended = (block: number, { boosted, payloads }: Descent): boolean =>
    supportsPayload(payloads?.tally(block) ?? noTally, committee) ||
    boosted < 0 ||
    blocks[boosted]!.parent !== block ||
    buildsOnFull(blocks[boosted]!)

  /** Carries votes down to the ancestors, from each block to the side that it builds on. */
  const sumUp = ({ sees }: Descent): void => {
    const { all, empty, full } = columns
    for (let id = blocks.length - 1; id > base; id--) {
      const at = id - base
      const block = blocks[id]!
      all[at] = all[at]! + empty[at]! + full[at]!
      const parent = block.parent - base
      if (!sees(block) || parent < 0) continue
      const side = buildsOnFull(block) ? full : empty
      side[parent] = side[parent]! + all[at]!
    }
    all[0] = all[0]! + empty[0]! + full[0]!
  }

  /** Which side of a block wins; undefined where neither is viable. */
  const sideOf = (id: number, descent: Descent, boostedSide: Side | undefined) => {
    const { bestEmpty, bestFull, kids, empty, full } = columns
    const at = id - base
    const block = blocks[id]!
    const leaf = descent.isViable(block)
    const isEmptyViable = (kids[at]! & 1) > 0 ? bestEmpty[at]! >= 0 : leaf
    const isFullViable = (kids[at]! & 2) > 0 ? bestFull[at]! >= 0 : leaf
    const hasPayload = descent.payloads?.has(block) ?? true
    if (!hasPayload || !isFullViable) return isEmptyViable ? ('empty' as const) : undefined
    if (!isEmptyViable) return 'full'
    if (block.slot + 1 === descent.slot) return isExtended(id, descent) ? 'full' : 'empty'
    const lent = (side: Side): number => (boostedSide === side ? descent.boost : 0)
    return full[at]! + lent('full') >= empty[at]! + lent('empty') ? 'full' : 'empty'
  }

  const descend: Ghost['descend'] = (descent) => {
    const { sees, root } = descent
    sumUp(descent)
    const { all, bestEmpty, bestFull, emptyScore, fullScore, kids } = columns
    const boost = isBoostDue(descent) ? descent.boost : 0
    const boosting = { ...descent, boost }
    let boostedPath = descent.boosted
    /** The sides that the boosted chain takes, by block. */
    const sides = new Map<number, Side>()
    for (let id = blocks.length - 1; id > base; id--) {
      const block = blocks[id]!
      if (!sees(block)) continue
      const parent = block.parent - base
      const isFull = buildsOnFull(block)
      let score = all[id - base]!
      if (id === boostedPath) {
        score += boost
        boostedPath = block.parent
        sides.set(block.parent, isFull ? 'full' : 'empty')
      }
      if (parent < 0) continue
      kids[parent] = kids[parent]! | (isFull ? 2 : 1)
      if (sideOf(id, boosting, sides.get(id)) === undefined) continue
      const [best, bestScore] = isFull ? [bestFull, fullScore] : [bestEmpty, emptyScore]
      // Later ids come first in this pass, so a tie stays with the larger id.
      if (best[parent] === -1 || score > bestScore[parent]!) {
        best[parent] = id
        bestScore[parent] = score
      }
    }
    let head = root
    let side = sideOf(head, boosting, sides.get(head))
    for (;;) {
      const next = side === undefined ? -1 : (side === 'full' ? bestFull : bestEmpty)[head - base]!
      if (next === -1) break
      head = next
      side = sideOf(head, boosting, sides.get(head))
    }
    const floor = base
    const counted = all.slice(0, blocks.length - base)
    const isFresh = blocks[head]!.slot + 1 === descent.slot
    return {
      head,
      isFull: side === 'full',
      weightOf: (block) => counted[block - floor] ?? 0,
      tally: isFresh ? descent.payloads?.tally(head) : undefined,
    }
  }

  return {
    begin: (from) => {
      base = from
      const count = blocks.length - base
      if (count > columns.all.length) columns = createColumns(2 * count)
      for (const column of Object.values(columns)) column.fill(0, 0, count)
      columns.bestEmpty.fill(-1, 0, count)
      columns.bestFull.fill(-1, 0, count)
    },
    // `get_supported_node`.
    add: ({ id, head, slot }, ether) => {
      if (head < base) return
      const { all, empty, full } = columns
      const side = bundles[id]!.payloadPresent === true ? full : empty
      const column = blocks[head]!.slot < slot ? side : all
      column[head - base] = column[head - base]! + ether
    },
    descend,
  }
}

type Side = 'empty' | 'full'

const createColumns = (length: number) => ({
  /** Weight of a block, and of its two sides. */
  all: new Float64Array(length),
  empty: new Float64Array(length),
  full: new Float64Array(length),
  /** The best child on each side, and its score. */
  bestEmpty: new Int32Array(length),
  bestFull: new Int32Array(length),
  emptyScore: new Float64Array(length),
  fullScore: new Float64Array(length),
  /** Bit 0: it has children on the empty side; bit 1: on the full one. */
  kids: new Uint8Array(length),
})
