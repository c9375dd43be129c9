import { createStream, ms } from '@counterpoise/engine'
import { randomTopology } from '@counterpoise/network'
import { bench, describe } from 'vitest'
import { createMiners, equalWeights, runBlocks } from '../src/testing.ts'

/** Blocks per call; node-blocks per second are calls per second × blocks × nodes. */
const blocksPerCall = 20

describe('consensus-pow/nakamoto', () => {
  for (const nodes of [100, 1_000]) {
    const stream = createStream({ seed: 'bench', replication: 0, purpose: 'links' })
    const miners = createMiners({
      weights: equalWeights(nodes),
      delay: ms(100),
      topology: randomTopology({ size: nodes, outgoing: 8, stream }),
    })
    let made = 0
    bench(`flood/nodes=${nodes}/blocks=${blocksPerCall}`, () => {
      made += blocksPerCall
      runBlocks(miners, made)
    })
  }
})
