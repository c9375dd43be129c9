import { balancing } from './balancing.ts'
import { epochOf, slotsPerEpoch } from './chain.ts'
import type { AdversaryTurn, Strategy } from './strategy.ts'

/** What an attack counted; the run's measures say what came of it. */
export type Attack = Strategy & { attempts: () => number }

/**
 * Ex-ante reorg: a block is kept back together with the votes of `slots` slots in a row, and let
 * go when an honest proposer has built on what it knew. Succeeds where the adversary's votes of
 * those slots outweigh the proposer boost. Neuder and others, 2022.
 */
export function exAnteReorg(slots = 1): Attack {
  let attempts = 0
  let hidden = -1
  let from = -1
  const isOn = (slot: number): boolean => from >= 0 && slot < from + slots
  return {
    name: 'ex-ante-reorg',
    attempts: () => attempts,
    propose: (turn) => {
      if (isOn(turn.slot)) return { hidden: true, parent: hidden }
      if (!runOf(turn, slots)) return {}
      from = turn.slot
      attempts++
      return { hidden: true, parent: turn.publicHead, delayMs: 0 }
    },
    proposed: (turn, block) => {
      if (isOn(turn.slot)) hidden = block
    },
    vote: (turn) => {
      if (isOn(turn.slot) && hidden >= 0) return { head: hidden, withhold: true }
      return {}
    },
    release: ({ slot }) => {
      if (from < 0 || slot < from + slots) return false
      from = -1
      hidden = -1
      return true
    },
  }
}

/**
 * Sandwich reorg: the adversary proposes the slots before and after an honest one, keeps back the
 * first block and the votes of two slots, and builds the second one upon the first, with the boost.
 * Succeeds for a share β of the stake where 2β + boost > 1 − β. Schwarz-Schilling and others, 2021.
 */
export function sandwichReorg(): Attack {
  let attempts = 0
  let hidden = -1
  let from = -1
  return {
    name: 'sandwich-reorg',
    attempts: () => attempts,
    propose: (turn) => {
      const { slot, publicHead, proposes } = turn
      if (from >= 0 && slot === from + 2) {
        const parent = hidden
        return { parent, delayMs: 0 }
      }
      if (from >= 0 || proposes(slot + 1) || !proposes(slot + 2)) return {}
      from = slot
      attempts++
      return { hidden: true, parent: publicHead, delayMs: 0 }
    },
    proposed: (turn, block) => {
      if (turn.slot === from) hidden = block
    },
    vote: ({ slot }) => {
      if (from >= 0 && hidden >= 0 && slot < from + 2) return { head: hidden, withhold: true }
      return {}
    },
    release: ({ slot }) => {
      if (from < 0 || slot < from + 2) return false
      from = -1
      hidden = -1
      return true
    },
  }
}

/**
 * Withholding at the boundary of an epoch: the first block of an epoch comes when votes are due,
 * so that the slot's voters take the block before for their target, and the adversary's votes come
 * only when the epoch is over. What is left has to reach two thirds by the end of the epoch, or
 * the epoch is justified with the next one: (1 − β) · 30 / 32 with such a first block, and
 * (1 − β) · 31 / 32 without it, as the last slot's votes come too late by themselves.
 */
export function boundaryWithholding(delayMs = 3_700): Attack {
  let attempts = 0
  return {
    name: 'boundary-withholding',
    attempts: () => attempts,
    propose: ({ slot }) => {
      if (slot % slotsPerEpoch !== 0) return {}
      attempts++
      return { delayMs }
    },
    vote: () => ({ withhold: true }),
    release: ({ slot }) => slot % slotsPerEpoch === 0,
  }
}

/**
 * Double finality: where a partition parts the nodes, the adversary votes and proposes on either
 * side as if there were no other. With a share β of the stake on both sides and halves beside it,
 * each side has (1 + β) / 2, two thirds from β = 1/3 on. Who is caught at it is slashed.
 */
export function doubleFinality(): Attack {
  let attempts = 0
  return {
    name: 'double-finality',
    attempts: () => attempts,
    propose: () => ({ onEachSide: true }),
    vote: () => {
      attempts++
      return { onEachSide: true }
    },
  }
}

/**
 * Double votes: for the head that honest nodes follow and for the block before it. Once both are
 * known, equivocation discounting takes their weight away for good.
 */
export function doubleVote(): Attack {
  let attempts = 0
  return {
    name: 'double-vote',
    attempts: () => attempts,
    vote: ({ publicHead, parentOf }) => {
      if (publicHead === 0) return {}
      attempts++
      return { head: publicHead, second: parentOf(publicHead) }
    },
  }
}

/** Epochs between a surrounding vote's epoch and the head that it names. */
const surroundEpochs = 4

/**
 * Surrounding votes: in every other epoch for a head of four epochs ago, from which the vote's
 * source is older than that of the epoch before. Validators who say so are slashed as for two votes
 * in one epoch, and count no longer in the fork choice.
 */
export function surroundVote(): Attack {
  let attempts = 0
  return {
    name: 'surround-vote',
    attempts: () => attempts,
    vote: ({ slot, publicHead, parentOf, slotOf }) => {
      const epoch = epochOf(slot)
      if (epoch % 2 === 0) return {}
      attempts++
      let head = publicHead
      while (head > 0 && epochOf(slotOf(head)) > epoch - surroundEpochs) head = parentOf(head)
      return { head }
    },
  }
}

/**
 * Attesters who refuse blocks with payments that they object to: they neither vote for chains that
 * hold such a block above the final one nor build on them. With more than a half of the stake they
 * keep such payments out for good; with less, all they do is build blocks without them.
 */
export function refusal(): Attack {
  let attempts = 0
  return {
    name: 'refusal',
    attempts: () => attempts,
    propose: ({ cleanHead }) => {
      attempts++
      return { parent: cleanHead(), censors: true }
    },
    vote: ({ cleanHead }) => ({ head: cleanHead() }),
  }
}

/** True where the adversary proposes `slots` slots from this one, and an honest node follows. */
function runOf({ slot, proposes }: AdversaryTurn, slots: number): boolean {
  for (let next = slot; next < slot + slots; next++) if (!proposes(next)) return false
  return !proposes(slot + slots)
}

/** The attacks that a scenario can name, with their defaults. */
export const attacks = {
  'ex-ante-reorg': exAnteReorg,
  'sandwich-reorg': sandwichReorg,
  balancing,
  'boundary-withholding': boundaryWithholding,
  'double-finality': doubleFinality,
  'double-vote': doubleVote,
  'surround-vote': surroundVote,
  refusal,
} as const

export type AttackName = keyof typeof attacks
