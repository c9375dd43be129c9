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
  /** Of the block and all its ancestors, by which nodes choose. */
  workOf: (block: number) => number
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

/**
 * Carries out a strategy in a block tree. Strategies count blocks; where the blocks of the branches
 * differ in difficulty, as after a retarget, and work says otherwise, work is what counts.
 */
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
  const { heightOf, parentOf, workOf } = tree
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

  /** The first block of its branch that has enough work, as far as it has. */
  const firstWith = (isEnough: (work: number) => boolean): number => {
    let first = ownTip
    while (first !== base && isEnough(workOf(parentOf(first)))) first = parentOf(first)
    return first
  }

  /** Publishes its branch up to a block, parents first; returns the block. */
  const publish = (last: number, now: number): number => {
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

  const follow = (action: Action, now: number): void => {
    const work = workOf(publicTip)
    if (action === actions.match) {
      matched = publish(firstWith((own) => own >= work), now)
      fork = forks.active
      return
    }
    if (action === actions.wait) return
    endAttempt(action !== actions.adopt)
    if (action === actions.override) publicTip = publish(firstWith((own) => own > work), now)
    else if (action === actions.release) publicTip = publish(ownTip, now)
    else ownTip = publicTip
    base = publicTip
    fork = forks.irrelevant
    noteBeginning(heightOf(ownTip) - heightOf(base), 0, false)
  }

  /** Blocks of its branch, but more, as many or fewer than the others' where its work is. */
  const ownCount = (others: number): number => {
    const blocks = heightOf(ownTip) - heightOf(base)
    const lead = workOf(ownTip) - workOf(publicTip)
    if (lead > 0) return Math.max(blocks, others + 1)
    return lead < 0 ? Math.min(blocks, others - 1) : others
  }

  const act = (now: number): void => {
    const others = heightOf(publicTip) - heightOf(base)
    const own = ownCount(others)
    const targeted = isTargeted()
    noteBeginning(own, others, targeted)
    follow(decide(own, others, fork, targeted), now)
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
      // Of two public branches of the same work, the one seen first stays.
      if (workOf(block) <= workOf(publicTip)) return
      noteTie(block)
      publicTip = block
      base = tree.commonAncestor(ownTip, publicTip)
      fork = forks.relevant
      act(now)
    },
    result: () => ({ ...result }),
  }
}
