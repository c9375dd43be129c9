import { fuzzParameters } from '@counterpoise/dev'
import { seconds } from '@counterpoise/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runMinerLevel } from './runMinerLevel.ts'
import { replayByHand } from './testing.ts'

test('property: where branches differ in difficulty, miners follow the one of most work', () => {
  const [interval, clamp] = [4, 4]
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 20, max: 400 }),
      (seed, delaySeconds) => {
        const shares = [4, 3, 2, 1]
        const result = runMinerLevel({
          ...{ seed: `${seed}`, shares, blocks: 400, tree: true },
          ...{ retarget: 'bitcoin', retargetInterval: interval, retargetClampFactor: clamp },
          delayMs: { kind: 'constant', value: 1_000 * delaySeconds },
        })
        const delay = (): number => seconds(delaySeconds)
        const retarget = { interval, target: seconds(600), clamp }
        const reference = replayByHand(result.tree!, shares.length, delay, retarget)
        expect([...result.tree!.parents]).toEqual(reference.parents)
        expect(result.chainBlocks).toBe(reference.chainBlocks)
        expect(result.stale).toBe(reference.stale)
      },
    ),
    // In the example a miner has heard of nothing beyond the last settled block.
    { ...fuzzParameters(40), examples: [[63_307, 363]] },
  )
})
