import type { Behaviour, Replica } from '@counterpoise/consensus'
import { createStream, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import type { WorkContext } from '../conduct.ts'
import { createMiners, runBlocks } from '../testing.ts'
import { type Coalition, swayedBy } from './coalition.ts'

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

test('behavior: who is swayed chooses only in a race of which it has both blocks', () => {
  const [own, other, elsewhere] = [5, 7, 3]
  let race: readonly [number, number] | undefined = [own, other]
  const choiceAt = (gamma: number) => {
    const coalition: Partial<Coalition> = { race: () => race }
    let given: WorkContext | undefined
    const honest = ((context: WorkContext) => {
      given = context
      return {} as Replica<unknown>
    }) as unknown as Parameters<Behaviour>[0]
    const context = {
      random: (purpose: string) => createStream({ seed: 'swayed', replication: 0, purpose }),
    }
    const behaviour = swayedBy(coalition as Coalition, gamma)
    behaviour(honest, context as unknown as Parameters<Behaviour>[1])
    return given!.conduct!.choose!
  }
  const [all, none] = [choiceAt(1), choiceAt(0)]
  const hasBoth = (): boolean => true
  expect([own, other, elsewhere].map((tip) => all(tip, hasBoth))).toEqual([own, own, elsewhere])
  expect([own, other, elsewhere].map((tip) => none(tip, hasBoth))).toEqual([
    other,
    other,
    elsewhere,
  ])
  for (const tip of [own, other]) {
    expect([all, none].map((choose) => choose(tip, (block) => block === tip))).toEqual([tip, tip])
  }
  race = undefined
  expect([own, other].map((tip) => all(tip, hasBoth))).toEqual([own, other])
})
