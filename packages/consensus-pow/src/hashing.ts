import type { ReplicaContext } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import { hashRateAt, nextHashRateStep } from './difficulty.ts'
import type { WorkMessage } from './messages.ts'
import type { NakamotoParameters } from './parameters.ts'

/** A step that is later than this from now is not waited for: 100 years, µs. */
const horizon = 3_155_760_000_000_000

/** A miner's part in the race for the next block. */
export type Hashing = {
  /** Competes at a difficulty from now on. */
  workAt: (difficulty: number) => void
  /** Starts the timer of the next change of the hash rate, if there is one. */
  awaitStep: () => void
}

/** The part of one member; `timer` is for changes of its hash rate. */
export function createHashing(
  parameters: NakamotoParameters,
  context: ReplicaContext<WorkMessage>,
  timer: number,
): Hashing {
  const { committee, self } = context
  const { hashRateSteps } = parameters
  const share = committee.totalWeight > 0 ? committee.weights[self]! / committee.totalWeight : 0
  const targetInterval = ms(parameters.targetIntervalMs)
  return {
    workAt: (difficulty) => {
      if (share === 0) return
      const hashRate = share * hashRateAt(hashRateSteps, context.now(), self)
      context.compete(hashRate / (difficulty * targetInterval))
    },
    awaitStep: () => {
      if (share === 0 || hashRateSteps.length === 0) return
      const delay = nextHashRateStep(hashRateSteps, context.now()) - context.now()
      if (delay < horizon) context.setTimer(timer, delay)
    },
  }
}
