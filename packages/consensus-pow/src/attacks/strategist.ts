import {
  type Action,
  actions,
  type AttackResult,
  type Fork,
  forks,
  type Strategy,
} from './attack.ts'

/** Mark of a block that has what the attacker wants to see gone. */
export const targetMark = 2

/** The block tree that a strategy is carried out in; block 0 is the one that all begin with. */
export type AttackedTree = {
  heightOf: (block: number) => number
  parentOf: (block: number) => number
  commonAncestor: (one: number, other: number) => number
  /** Nobody but the attacker knows of the block. */
  isHidden: (block: number) => boolean
  publish: (block: number, now: number) => void
  /** The block has what the attacker wants to see gone. */
  isTarget: (block: number) => boolean
  /** Blocks made so far, the one that all begin with included. */
  made: () => number
}

/** Carries out a strategy in a block tree. */
export type Strategist = {
  /** What the attacker mines on. */
  ownTip: () => number
  /** What may still be built upon because of the attacker. */
  held: () => readonly number[]
  /** While two public branches are level: the attacker's block and that of the others. */
  race: () => readonly [own: number, other: number] | undefined
  /** A block on top of `ownTip` has been found, which nobody knows of. */
  find: (block: number, now: number) => void
  /** A block of somebody else has reached the attacker. */
  hear: (block: number, now: number) => void
  result: () => AttackResult
}

export type StrategistOptions = {
  strategy: Strategy
  tree: AttackedTree
  /** An attempt has ended; the first block of the others' branch in it, if there was one. */
  onEnd?: ((isSuccess: boolean, firstOther: number | undefined) => void) | undefined
}

export function createStrategist({ strategy, tree, onEnd }: StrategistOptions): Strategist {
  const { decide, begins } = strategy
  const { heightOf, parentOf } = tree
  /** The last block that both branches have. */
  let base = 0
  let ownTip = 0
  let publicTip = 0
  /** The last block that the attacker has shown against one of the others. */
  let matched = 0
  let fork: Fork = forks.irrelevant
  const result: AttackResult = {
    ...{ strategy: strategy.name, attempts: 0, successes: 0, blocksInAttempts: 0 },
    ...{ tieBlocks: 0, tieBlocksOnOwn: 0 },
  }
  /** Number of the next block when the attempt began that is going on; −1 where none is. */
  let begun = -1

  /** Publishes its branch up to a height, parents first; returns the block there. */
  const publish = (height: number, now: number): number => {
    let last = ownTip
    while (heightOf(last) > height) last = parentOf(last)
    const hidden: number[] = []
    for (let block = last; block !== base && tree.isHidden(block); block = parentOf(block)) {
      hidden.push(block)
    }
    for (const block of hidden.reverse()) tree.publish(block, now)
    return last
  }

  const isTargeted = (): boolean => {
    if (strategy.targetShare === undefined) return false
    for (let block = publicTip; block !== base; block = parentOf(block)) {
      if (tree.isTarget(block)) return true
    }
    return false
  }

  const firstOther = (): number | undefined => {
    if (publicTip === base) return undefined
    let block = publicTip
    while (parentOf(block) !== base) block = parentOf(block)
    return block
  }

  const endAttempt = (isSuccess: boolean): void => {
    if (begun < 0) return
    result.attempts++
    if (isSuccess) result.successes++
    result.blocksInAttempts += tree.made() - begun
    begun = -1
    onEnd?.(isSuccess, firstOther())
  }

  const noteBeginning = (own: number, others: number, targeted: boolean): void => {
    if (begun < 0 && begins?.(own, others, targeted)) begun = tree.made()
  }

  const follow = (action: Action, others: number, now: number): void => {
    if (action === actions.match) {
      matched = publish(heightOf(base) + others, now)
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

  const noteTie = (block: number): void => {
    if (fork !== forks.active) return
    const parent = parentOf(block)
    if (parent !== matched && parent !== publicTip) return
    result.tieBlocks++
    if (parent === matched) result.tieBlocksOnOwn++
  }

  return {
    ownTip: () => ownTip,
    held: () => [base, ownTip, publicTip],
    race: () => (fork === forks.active ? [matched, publicTip] : undefined),
    find: (block, now) => {
      ownTip = block
      if (fork !== forks.active) fork = forks.irrelevant
      act(now)
    },
    hear: (block, now) => {
      // Of two public branches of the same height, the one seen first stays.
      if (heightOf(block) <= heightOf(publicTip)) return
      noteTie(block)
      publicTip = block
      base = tree.commonAncestor(ownTip, publicTip)
      fork = forks.relevant
      act(now)
    },
    result: () => ({ ...result }),
  }
}
