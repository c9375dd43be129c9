import { createStream } from '@counterpoise/engine'
import { bench, describe } from 'vitest'
import { createBeaconState, type EpochBehaviour, runEpochs } from '../src/index.ts'

/** Epochs per iteration; divide by its time for epochs per second. */
const epochs = 10_000

function run(count: number): void {
  const groups = Array.from({ length: count }, (_, index) => ({
    entity: `entity ${index}`,
    count: Math.round(900_000 / count),
    balanceEther: index % 4 === 0 ? 64 : 32,
    compounding: index % 4 === 0,
  }))
  const behaviours = groups.map((_, index): EpochBehaviour =>
    index % 10 === 0 ? { kind: 'share', target: 0.99 } : { kind: 'online' },
  )
  const state = createBeaconState({ groups, start: 'running' })
  const stream = createStream({ seed: 'bench', replication: 0, purpose: 'proposers' })
  runEpochs({ state, behaviours, epochs, stream, missedSlotProbability: 0.003 })
}

const options = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 }

describe('consensus-pos/epochs', () => {
  for (const groups of [10, 100, 1_000]) {
    bench(`run/groups=${groups},epochs=${epochs}`, () => run(groups), options)
  }
})
