import { actions, type Fork, forks } from './attack.ts'
import type { TableAction } from './policyTable.ts'

/** What an action may lead to: with which probability to which state, at what reward. */
export type Outcome = { probability: number; state: number; own: number; others: number }

/** Something that can be done in a state. */
export type Option = { action: TableAction; ways: Outcome[] }

/**
 * For every state of a race (fork, own blocks, others' blocks, in this order of significance) what
 * can be done there, and what may come of it.
 */
export function optionsOfStates(
  alpha: number,
  gamma: number,
  size: number,
): Option[][] {
  const side = size + 1
  const stateOf = (own: number, others: number, fork: Fork): number =>
    (fork * side + own) * side + others
  const { irrelevant, relevant, active } = forks
  const way = (
    probability: number,
    [own, others, fork]: [number, number, Fork],
    rewards: readonly [number, number] = [0, 0],
  ): Outcome => ({
    ...{ probability, state: stateOf(own, others, fork) },
    ...{ own: rewards[0], others: rewards[1] },
  })
  /** The attacker's block comes next with probability alpha, else one of the others. */
  const optionsOf = (own: number, others: number, fork: Fork): Option[] => {
    const adopted: [number, number] = [0, others]
    const options: Option[] = [
      {
        action: actions.adopt,
        ways: [
          way(alpha, [1, 0, irrelevant], adopted),
          way(1 - alpha, [0, 1, relevant], adopted),
        ],
      },
    ]
    if (own > others) {
      const won: [number, number] = [others + 1, 0]
      const lead = own - others - 1
      options.push({
        action: actions.override,
        ways: [
          way(alpha, [lead + 1, 0, irrelevant], won),
          way(1 - alpha, [lead, 1, relevant], won),
        ],
      })
    }
    if (own === size || others === size) return options
    if (fork !== active) {
      options.push({
        action: actions.wait,
        ways: [
          way(alpha, [own + 1, others, irrelevant]),
          way(1 - alpha, [own, others + 1, relevant]),
        ],
      })
    }
    const canMatch = fork === relevant && own >= others && others > 0
    if (fork === active || canMatch) {
      options.push({
        action: fork === active ? actions.wait : actions.match,
        ways: [
          way(alpha, [own + 1, others, active]),
          ...(own >= others
            ? [
                way(gamma * (1 - alpha), [own - others, 1, relevant], [others, 0] as const),
                way((1 - gamma) * (1 - alpha), [own, others + 1, relevant]),
              ]
            : [way(1 - alpha, [own, others + 1, relevant])]),
        ],
      })
    }
    return options
  }
  const all: Option[][] = []
  for (const fork of [irrelevant, relevant, active]) {
    for (let own = 0; own <= size; own++) {
      for (let others = 0; others <= size; others++) all.push(optionsOf(own, others, fork))
    }
  }
  return all
}
