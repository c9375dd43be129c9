import { actions, type Fork } from './attack.ts'
import type { TableAction } from './policyTable.ts'
import { optionsOfStates } from './raceStates.ts'

const roundsMax = 100_000
/** Values and shares are iterated until a round changes them by less than this. */
const precision = 1e-10

export type RaceSolver = {
  /** Finds the best policy for a price per block of the chain. */
  improve: (price: number) => void
  /** The attacker's part of the chain's blocks under that policy. */
  revenue: () => number
  actionAt: (own: number, others: number, fork: Fork) => TableAction
}

/** The decision process as columns: states have options, options have outcomes. */
function columnsOf(alpha: number, gamma: number, size: number) {
  const options = optionsOfStates(alpha, gamma, size)
  const flat = options.flat()
  const ways = flat.flatMap((option) => option.ways)
  const starts = (counts: number[]): Int32Array => {
    const sums = new Int32Array(counts.length + 1)
    counts.forEach((count, index) => {
      sums[index + 1] = sums[index]! + count
    })
    return sums
  }
  return {
    states: options.length,
    optionStart: starts(options.map((each) => each.length)),
    wayStart: starts(flat.map((option) => option.ways.length)),
    action: Uint8Array.from(flat, (option) => option.action),
    probability: Float64Array.from(ways, (way) => way.probability),
    target: Int32Array.from(ways, (way) => way.state),
    own: Float64Array.from(ways, (way) => way.own),
    others: Float64Array.from(ways, (way) => way.others),
  }
}

export function createRaceSolver(alpha: number, gamma: number, size: number): RaceSolver {
  const columns = columnsOf(alpha, gamma, size)
  const { states, optionStart, wayStart, action, probability, target, own, others } = columns
  /** The option taken in each state. */
  const choices = Int32Array.from({ length: states }, (_, state) => optionStart[state]!)
  let values = new Float64Array(states)
  let nextValues = new Float64Array(states)
  let shares = new Float64Array(states)
  let nextShares = new Float64Array(states)
  shares[0] = 1

  /** One round of value iteration; returns by how much the changes of values differ. */
  const iterate = (rewards: Float64Array): number => {
    let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const origin = values[0]!
    for (let state = 0; state < states; state++) {
      let best = Number.NEGATIVE_INFINITY
      for (let option = optionStart[state]!; option < optionStart[state + 1]!; option++) {
        let value = rewards[option]!
        for (let way = wayStart[option]!; way < wayStart[option + 1]!; way++) {
          value += probability[way]! * values[target[way]!]!
        }
        if (value <= best) continue
        best = value
        choices[state] = option
      }
      const change = best - values[state]!
      if (change < lowest) lowest = change
      if (change > highest) highest = change
      nextValues[state] = best - origin
    }
    ;[values, nextValues] = [nextValues, values]
    return highest - lowest
  }

  /** Moves the shares of states by one block; returns what the chain gets by it. */
  const move = (): { own: number; others: number; change: number } => {
    nextShares.fill(0)
    let [gained, lost, change] = [0, 0, 0]
    for (let state = 0; state < states; state++) {
      const share = shares[state]!
      if (share < 1e-300) continue
      const option = choices[state]!
      for (let way = wayStart[option]!; way < wayStart[option + 1]!; way++) {
        const part = share * probability[way]!
        nextShares[target[way]!]! += part
        gained += part * own[way]!
        lost += part * others[way]!
      }
    }
    for (let state = 0; state < states; state++) {
      change += Math.abs(nextShares[state]! - shares[state]!)
    }
    ;[shares, nextShares] = [nextShares, shares]
    return { own: gained, others: lost, change }
  }

  return {
    improve: (price) => {
      const rewards = new Float64Array(action.length)
      for (let option = 0; option < action.length; option++) {
        for (let way = wayStart[option]!; way < wayStart[option + 1]!; way++) {
          const reward = (1 - price) * own[way]! - price * others[way]!
          rewards[option]! += probability[way]! * reward
        }
      }
      for (let round = 0; round < roundsMax && iterate(rewards) > precision; round++);
    },
    revenue: () => {
      let step = move()
      for (let round = 0; round < roundsMax && step.change > precision; round++) step = move()
      return step.own / (step.own + step.others)
    },
    actionAt: (ownBlocks, othersBlocks, fork) => {
      const side = size + 1
      const state = (fork * side + ownBlocks) * side + othersBlocks
      return (action[choices[state]!] ?? actions.adopt) as TableAction
    },
  }
}
