import type { RecentBlocks } from '../minerLevel/recentBlocks.ts'
import { type Action, actions, type Attack, type AttackResult, type Fork, forks } from './attack.ts'

/** Mark of a block that has what the attacker wants to see gone. */
export const targetMark = 2

/** Carries out a strategy in a block tree. */
export type Strategist = {
  /** Whose blocks are the attacker's: 1 for itself and its allies. */
  side: Uint8Array
  /** What the attacker mines on. */
  ownTip: () => number
  /** What may still be built upon because of the attacker. */
  held: () => readonly number[]
  /** A block on top of `ownTip` has been found, which nobody knows of. */
  find: (block: number, now: number) => void
  /** A block of somebody else has reached the attacker. */
  hear: (block: number, now: number) => void
  result: () => AttackResult
}

export function createStrategist(attack: Attack, blocks: RecentBlocks): Strategist {
  const { strategy, miner, allies = [] } = attack
  const { decide, begins } = strategy
  const side = new Uint8Array(blocks.miners)
  for (const each of [miner, ...allies]) side[each] = 1
  /** The last block that both branches have. */
  let base = 0
  let ownTip = 0
  let publicTip = 0
  let fork: Fork = forks.irrelevant
  let attempts = 0
  let successes = 0
  let blocksInAttempts = 0
  /** Number of the next block when the attempt began that is going on; −1 where none is. */
  let begun = -1

  const heightOf = (block: number): number => blocks.heights[block & blocks.mask]!

  /** Publishes its branch up to a height; returns the block there. */
  const publish = (height: number, now: number): number => {
    const { mask, heights, parents, released } = blocks
    let block = ownTip
    while (heights[block & mask]! > height) block = parents[block & mask]!
    const last = block
    while (block !== base && released[block & mask] === Number.POSITIVE_INFINITY) {
      released[block & mask] = now
      block = parents[block & mask]!
    }
    return last
  }

  const isTargeted = (): boolean => {
    if (strategy.targetShare === undefined) return false
    const { mask, parents, marks } = blocks
    for (let block = publicTip; block !== base; block = parents[block & mask]!) {
      if ((marks[block & mask]! & targetMark) !== 0) return true
    }
    return false
  }

  const endAttempt = (isSuccess: boolean): void => {
    if (begun < 0) return
    attempts++
    if (isSuccess) successes++
    blocksInAttempts += blocks.made - begun
    begun = -1
  }

  const noteBeginning = (own: number, others: number, targeted: boolean): void => {
    if (begun < 0 && begins?.(own, others, targeted)) begun = blocks.made
  }

  const follow = (action: Action, others: number, now: number): void => {
    if (action === actions.match) {
      publish(heightOf(base) + others, now)
      fork = forks.active
      return
    }
    if (action === actions.wait) return
    endAttempt(action !== actions.adopt)
    if (action === actions.override) publicTip = publish(heightOf(base) + others + 1, now)
    else if (action === actions.release) publicTip = publish(heightOf(ownTip), now)
    else ownTip = publicTip
    base = publicTip
    fork = forks.irrelevant
    noteBeginning(heightOf(ownTip) - heightOf(base), 0, false)
  }

  const act = (now: number): void => {
    const own = heightOf(ownTip) - heightOf(base)
    const others = heightOf(publicTip) - heightOf(base)
    const targeted = isTargeted()
    noteBeginning(own, others, targeted)
    follow(decide(own, others, fork, targeted), others, now)
  }

  return {
    side,
    ownTip: () => ownTip,
    held: () => [base, ownTip, publicTip],
    find: (block, now) => {
      ownTip = block
      if (fork !== forks.active) fork = forks.irrelevant
      act(now)
    },
    hear: (block, now) => {
      // Of two public branches of the same height, the one seen first stays.
      if (heightOf(block) <= heightOf(publicTip)) return
      publicTip = block
      base = blocks.commonAncestor(ownTip, publicTip)
      fork = forks.relevant
      act(now)
    },
    result: () => ({ strategy: strategy.name, attempts, successes, blocksInAttempts }),
  }
}
