import type { ReplicaContext } from '@counterpoise/consensus'
import { exponential, ms, type Time } from '@counterpoise/engine'
import { hashRateAt, nextHashRateStep } from './difficulty.ts'
import type { WorkMessage } from './messages.ts'
import type { NakamotoParameters } from './parameters.ts'

/** A block that would be found later than this from now is not waited for: 100 years, µs. */
const horizon: Time = 3_155_760_000_000_000

/** When a miner finds its next block. Hashing has no memory: it may be drawn anew at any moment. */
export type MiningClock = {
  /** Draws the moment for a difficulty, and starts the timer. Nothing happens without a share. */
  draw: (difficulty: number) => void
  /** How often it has been drawn. */
  draws: () => number
  isDueBefore: (time: Time) => boolean
  /** Starts the timer of the next change of the hash rate, if there is one. */
  awaitStep: () => void
}

/** The clock of one member; `mine` and `hashRate` are numbers of timers. */
export function createMiningClock(
  parameters: NakamotoParameters,
  context: ReplicaContext<WorkMessage>,
  timers: { mine: number; hashRate: number },
): MiningClock {
  const { committee, self } = context
  const { hashRateSteps } = parameters
  const share = committee.weights[self]! / committee.totalWeight
  const targetInterval = ms(parameters.targetIntervalMs)
  let due: Time = Number.POSITIVE_INFINITY
  let draws = 0

  return {
    draw: (difficulty) => {
      if (share === 0) return
      const hashRate = share * hashRateAt(hashRateSteps, context.now())
      const mean = (difficulty * targetInterval) / hashRate
      const delay = Math.round(exponential(context.random('mining'), mean))
      draws++
      due = context.now() + delay
      if (delay > horizon) context.clearTimer(timers.mine)
      else context.setTimer(timers.mine, delay)
    },
    draws: () => draws,
    isDueBefore: (time) => due < time,
    awaitStep: () => {
      const delay = nextHashRateStep(hashRateSteps, context.now()) - context.now()
      if (delay < horizon) context.setTimer(timers.hashRate, delay)
    },
  }
}
