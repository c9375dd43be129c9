import type { Attack } from './attacks.ts'
import { epochOf } from './chain.ts'
import type { AdversaryTurn } from './strategy.ts'

/**
 * Balancing: a proposer shows each half of the nodes another block, and from then on votes that
 * were held back reach each half before the slot in which it votes, so that either sees its own
 * branch lead. It goes on as long as the votes of a slot outweigh what they have to undo: chance
 * alone without a proposer boost; with one, the boost, and once more to be even again. With the
 * targets of the epochs split too, nothing becomes final. Neu, Tas, Tse 2021.
 */
export function balancing(): Attack {
  let attempts = 0
  let roots: number[] = []
  let isOn = false
  return {
    name: 'balancing',
    attempts: () => attempts,
    propose: () => {
      if (isOn) return { skips: true }
      roots = []
      return { equivocates: true, delayMs: 0 }
    },
    proposed: (_turn, block) => {
      roots.push(block)
      if (roots.length < 2) return
      isOn = true
      attempts++
    },
    vote: () => (isOn ? { holds: true } : {}),
    sway: (turn) => {
      const [first, second] = roots
      if (!isOn || first === undefined || second === undefined) return []
      const votes = votesFor(turn, first, second)
      isOn = votes !== undefined
      if (votes === undefined) return []
      const both = votes.map((ether, half) => ({ head: roots[half]!, half, ether }))
      // Who voted for one branch an epoch ago now votes for the other, or the vote changes nothing.
      return epochOf(turn.slot - 1) % 2 === 0 ? both : both.reverse()
    },
  }
}

/** How much each half has to see for its branch, ETH; undefined where that is too much. */
function votesFor(
  turn: AdversaryTurn,
  first: number,
  second: number,
): [number, number] | undefined {
  const weightOf = turn.forecast()
  const lead = weightOf(first) - weightOf(second)
  // An honest proposer builds on its half's branch before anything is boosted; then the other half
  // has the boost against it. A tie is the second branch's, whose block is the later one.
  const against = (half: number): number => (turn.proposerHalf === 1 - half ? turn.boostEther : 0)
  const needed = [Math.max(0, -lead + against(0) + 1), Math.max(0, lead + against(1))] as const
  const spare = turn.heldEther() - needed[0] - needed[1]
  if (spare < 0) return undefined
  // As even as can be when both halves have seen all; what is left then is shared.
  const tilt = lead + needed[0] - needed[1]
  const mended = Math.min(spare, Math.abs(tilt))
  const rest = (spare - mended) / 2
  return [needed[0] + rest + (tilt < 0 ? mended : 0), needed[1] + rest + (tilt > 0 ? mended : 0)]
}
