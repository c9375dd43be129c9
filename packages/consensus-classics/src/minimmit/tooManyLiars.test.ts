import type { Behaviour } from '@counterpoise/consensus'
import { sharedTypes } from '@counterpoise/consensus/parts'
import { type AttackResult, runAttack } from '@counterpoise/consensus/testing'
import { ms, seconds } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { messageTypes } from './messages.ts'
import { minimmit } from './minimmit.ts'

/**
 * Among six members the leaders of views 1 and 2 may lie. The leader of view 1 shows block A to
 * members 2, 3 and 4, and block B to member 5. Member 2, which nobody hears, sees five votes for A:
 * A is final. Three votes for B, of both liars and member 5, are enough to build on it: the leader
 * of view 2 proposes C on B, for which five vote, and C is final for the others.
 */
const [first, second, unheard, others] = [0, 1, 2, [3, 4, 5]] as const

type Said = { to: readonly NodeId[]; message: object }

/** Says what it is told to at two times and nothing else. */
function scripted(script: (build: Build) => { early: Said[]; late: () => Said[] }): Behaviour {
  return (_honest, context) => {
    const { early, late } = script((parent, round) => context.build(parent, { round }))
    const say = (all: readonly Said[]): void => {
      for (const { to, message } of all) {
        for (const each of to) context.send(each, message as never, 200)
      }
    }
    return {
      start: () => {
        say(early)
        context.setTimer(0, ms(100))
      },
      receive: () => {},
      expire: () => say(late()),
      recover: () => {},
    }
  }
}
type Build = (parent: number, round: number) => number

function run(liars: readonly NodeId[]): AttackResult {
  const { notarisation, notarise, proposal } = messageTypes
  const shown = (block: number, view: number, to: readonly NodeId[]): Said[] => [
    { to, message: { type: proposal, view, block } },
    { to, message: { type: notarise, view, block } },
  ]
  let [a, b, c] = [0, 0, 0]
  const leaderOfFirst = scripted((build) => {
    a = build(0, 1)
    b = build(0, 1)
    return {
      early: [...shown(a, 1, [unheard, 3, 4]), ...shown(b, 1, [5])],
      late: () => [
        { to: others, message: { type: sharedTypes.block, block: b } },
        { to: others, message: { type: notarisation, view: 1, block: b } },
        { to: others, message: { type: notarise, view: 2, block: c } },
      ],
    }
  })
  const leaderOfSecond = scripted((build) => {
    c = build(b, 2)
    return {
      early: [{ to: [unheard], message: { type: notarise, view: 1, block: a } }],
      // Its own messages leave after those of the other, at the same time.
      late: () => shown(c, 2, others),
    }
  })
  const behaviours = new Map<NodeId, Behaviour>([
    [first, leaderOfFirst],
    [second, leaderOfSecond],
  ])
  return runAttack({
    model: minimmit,
    members: 6,
    behaviours: new Map([...behaviours].filter(([node]) => liars.includes(node))),
    cuts: [0, 1, 3, 4, 5].map((to) => [unheard, to] as const),
    cutUntil: seconds(5),
    until: seconds(30),
  })
}

test('behavior: with f liars they agree', () => {
  const { conflict, finals } = run([first])
  expect(conflict).toBe(undefined)
  expect(finals).toBeGreaterThan(0)
})

test('behavior: with f + 1 liars they do not', () => {
  expect(run([first, second]).conflict).toMatch(/are both final/)
})
