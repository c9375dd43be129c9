import { MinerLevelError } from '../minerLevel/errors.ts'
import { type Action, actions, type Fork, forks, type Strategy } from './attack.ts'

/**
 * A policy of withholding blocks, as plain data: what to do for each number of the attacker's own
 * blocks and of the others' blocks since the fork.
 *
 * Each text is a row for a number of own blocks, 0 … `size`; its letters stand for the others'
 * blocks, 0 … `size`: `a` adopt, `o` override, `m` match, `w` wait. The words are those of
 * A. Sapirstein, Y. Sompolinsky and A. Zohar, Optimal Selfish Mining Strategies in Bitcoin, 2016.
 */
export type PolicyTable = {
  name: string
  /** The largest number of blocks that the table knows. */
  size: number
  /** The attacker has found the last block. */
  irrelevant: readonly string[]
  /** The public branch has just got longer. */
  relevant: readonly string[]
  /** Both branches are public, of equal height when they became so. */
  active: readonly string[]
}

/** What a table can ask for. */
export type TableAction = Exclude<Action, 4>

const letters: Readonly<Record<string, TableAction>> = {
  a: actions.adopt,
  o: actions.override,
  m: actions.match,
  w: actions.wait,
}
const letterOf = ['a', 'o', 'm', 'w'] as const
const forkNames = ['irrelevant', 'relevant', 'active'] as const

/**
 * Makes a strategy of a table. Beyond the table it overrides where it can, and else adopts: a race
 * takes long where shares are near one half, and a small table gives a lead away.
 *
 * @throws MinerLevelError where the table lacks a row or asks for what cannot be done.
 */
export function strategyOfTable(table: PolicyTable): Strategy {
  const { name, size } = table
  const side = size + 1
  const decisions = new Uint8Array(forkNames.length * side * side)
  forkNames.forEach((fork, number) => {
    const rows = table[fork]
    if (rows.length !== side || rows.some((row) => row.length !== side)) {
      throw new MinerLevelError(`The policy '${name}' has ${side} rows of ${side} letters each.`, [
        `Found: ${rows.length} rows for a fork that is ${fork}`,
      ])
    }
    for (let own = 0; own <= size; own++) {
      for (let others = 0; others <= size; others++) {
        const letter = rows[own]!.charAt(others)
        const action = letters[letter]
        if (action === undefined || !isPossible(action, own, others, number as Fork)) {
          throw new MinerLevelError(`The policy '${name}' asks for what cannot be done.`, [
            `Found:    '${letter}' with ${own} own and ${others} other blocks, fork ${fork}`,
            'Expected: a, w, o with more own blocks, m just after a block of others and not behind',
          ])
        }
        decisions[(number * side + own) * side + others] = action
      }
    }
  })
  return {
    name,
    decide: (own, others, fork) => {
      if (own <= size && others <= size) {
        return decisions[(fork * side + own) * side + others]! as Action
      }
      return own > others ? actions.override : actions.adopt
    },
    begins: (own, others) => own > 0 && others > 0,
  }
}

function isPossible(action: Action, own: number, others: number, fork: Fork): boolean {
  if (action === actions.override) return own > others
  if (action === actions.match) return fork === forks.relevant && own >= others && others > 0
  return true
}

/** Writes a rule down as a table. */
export function tableOf(
  name: string,
  size: number,
  decide: (own: number, others: number, fork: Fork) => TableAction,
): PolicyTable {
  const rowsOf = (fork: Fork): string[] =>
    Array.from({ length: size + 1 }, (_row, own) =>
      Array.from({ length: size + 1 }, (_letter, others) => letterOf[decide(own, others, fork)])
        .join(''),
    )
  return {
    ...{ name, size },
    irrelevant: rowsOf(forks.irrelevant),
    relevant: rowsOf(forks.relevant),
    active: rowsOf(forks.active),
  }
}

/** Mines by the rules: publishes what it finds, adopts what it hears of. */
export function honestRule(own: number, others: number): TableAction {
  if (own > others) return actions.override
  return others > 0 ? actions.adopt : actions.wait
}

/**
 * Selfish mining SM1: adopts when behind, matches one block with one, overrides when one ahead of
 * at least one, and else keeps its lead to itself.
 *
 * @see I. Eyal and E. G. Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014.
 */
export function selfishRule(own: number, others: number, fork: Fork): TableAction {
  if (others > own) return actions.adopt
  if (own === 1 && others === 1 && fork === forks.relevant) return actions.match
  return own === others + 1 && others >= 1 ? actions.override : actions.wait
}

export const honestTable = (size = 40): PolicyTable => tableOf('honest', size, honestRule)

/** SM1 as a table: it ends a race at the edge, which the rule does not. */
export function selfishTable(size = 40): PolicyTable {
  return tableOf('selfish', size, (own, others, fork) =>
    Math.max(own, others) < size ? selfishRule(own, others, fork) : honestRule(own, others),
  )
}
