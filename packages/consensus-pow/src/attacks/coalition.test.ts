import { seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createMiners, runBlocks } from '../testing.ts'

test('behavior: what a coalition shows, all of its members follow at once', () => {
  const miners = createMiners({
    ...{ seed: 'coalition', weights: [1, 1, 0], delay: seconds(60) },
    parameters: { retarget: 'none', attacks: [{ kind: 'majority', miners: [0, 1] }] },
  })
  const finders = new Set<number>()
  for (let made = 1; made <= 12; made++) {
    runBlocks(miners, made)
    const { cluster, blocks } = miners
    finders.add(blocks.proposer(made))
    // The block is a minute away from who is no member.
    expect([cluster.head(0), cluster.head(1)]).toEqual([made, made])
    expect(cluster.head(2)).toBeLessThan(made)
  }
  expect(finders).toEqual(new Set([0, 1]))
})
