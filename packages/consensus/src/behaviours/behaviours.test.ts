import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { type Behaviour, createCluster } from '../cluster.ts'
import { defineConsensus } from '../contract.ts'
import * as z from 'zod'
import {
  censoringLeader,
  both,
  doubleVoter,
  equivocatingLeader,
  replayer,
  selectiveSender,
  selfContradictor,
  silent,
  skewedClock,
  slow,
  strayLeader,
  voteWithholder,
} from './behaviours.ts'

type Message = { type: 'proposal' | 'vote' | 'certificate'; block: number }

/** Member 0 proposes once a second and certifies at once; all vote for what they hear of. */
const toy = defineConsensus<object, Message>({
  name: 'toy',
  parameters: z.strictObject({}),
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: () => 0,
  isOwnWord: ({ type }) => type !== 'certificate',
  createReplica: (_, context) => ({
    start: () => context.setTimer(0, context.self === 0 ? seconds(1) : seconds(100)),
    receive: (_from, { block, type }) => {
      if (type === 'proposal') context.broadcast({ type: 'vote', block }, 1)
    },
    expire: () => {
      const block = context.build(0, { round: Math.round(context.now() / seconds(1)) })
      context.broadcast({ type: 'proposal', block }, 1)
      context.broadcast({ type: 'certificate', block }, 1)
      context.setTimer(0, seconds(1))
    },
    recover: () => {},
  }),
})

type Heard = { time: number; to: number; from: number; message: Message }

/** What members hear where one of them has a behaviour. */
function hear(liar: number, behaviour: Behaviour, until = seconds(1.5)): Heard[] {
  const simulation = createSimulation({ seed: 'toy' })
  const heard: Heard[] = []
  const listen =
    (inner?: Behaviour): Behaviour =>
    (honest, context) => {
      const replica = inner === undefined ? honest(context) : inner(honest, context)
      return {
        ...replica,
        receive: (from, message) => {
          const said = message as unknown as Message
          heard.push({ time: simulation.now(), to: context.self, from, message: said })
          replica.receive(from, message)
        },
      }
    }
  createCluster(simulation, {
    name: 'toy',
    model: toy,
    parameters: {},
    members: Array.from({ length: 4 }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency: constantLatency(ms(10)),
    behaviours: new Map(
      [0, 1, 2, 3].map((node) => [node, listen(node === liar ? behaviour : undefined)]),
    ),
  })
  simulation.run({ until })
  return heard
}

const own = (message: Message): boolean => message.type !== 'certificate'
const from = (heard: Heard[], node: number): Heard[] => heard.filter((each) => each.from === node)
const honest: Behaviour = (make, context) => make(context)

describe('behaviours', () => {
  test('silent: nothing is heard of it', () => {
    expect(from(hear(1, honest), 1)).toHaveLength(3)
    expect(from(hear(1, silent()), 1)).toEqual([])
  })

  test('slow: all that it says comes later', () => {
    const late = from(hear(1, slow(ms(200))), 1)
    const usual = from(hear(1, honest), 1)
    expect(late).toEqual(usual.map((each) => ({ ...each, time: each.time + ms(200) })))
  })

  test('selective sender: only some hear it', () => {
    const heard = from(hear(1, selectiveSender([3])), 1)
    expect(heard.map(({ to }) => to)).toEqual([3])
  })

  test('vote withholder: proposes and certifies, does not vote', () => {
    expect(from(hear(1, voteWithholder(own)), 1)).toEqual([])
    expect(from(hear(0, voteWithholder(own)), 0)).toHaveLength(6)
  })

  test('equivocating leader: two blocks, one certificate', () => {
    const heard = from(hear(0, equivocatingLeader(own)), 0)
    const blocks = heard.map(({ message: { type, block }, to }) => `${type} ${block} to ${to}`)
    expect(blocks).toEqual([
      'proposal 2 to 1',
      'proposal 1 to 2',
      'proposal 2 to 3',
      'certificate 1 to 1',
      'certificate 1 to 2',
      'certificate 1 to 3',
    ])
  })

  test('equivocating leader: a side of its choice hears of the first block', () => {
    const heard = from(hear(0, equivocatingLeader(own, [3])), 0)
    const proposals = heard.filter(({ message: { type } }) => type === 'proposal')
    expect(proposals.map(({ message: { block }, to }) => `${block} to ${to}`)).toEqual([
      ...['2 to 1', '2 to 2', '1 to 3'],
    ])
  })

  test('both: what comes out of one goes through the other', () => {
    const chosen = from(hear(0, both(selectiveSender([2]), equivocatingLeader(own))), 0)
    const seen = chosen.map(({ message: { type, block }, to }) => `${type} ${block} to ${to}`)
    expect(seen).toEqual(['proposal 1 to 2', 'certificate 1 to 2'])
    const late = from(hear(0, both(equivocatingLeader(own), slow(ms(200)))), 0)
    expect(late).toHaveLength(6)
    expect(new Set(late.map(({ message: { block } }) => block))).toEqual(new Set([1, 2]))
  })

  test('double voter: votes for all that it has heard of in a round', () => {
    const both: Behaviour = (make, context) => {
      const replica = doubleVoter(own)(make, context)
      const other = context.blocks.append({ parent: 0, proposer: 2, time: 0, round: 1 })
      replica.receive(2, { type: 'vote', block: other } as never)
      return replica
    }
    const votes = from(hear(1, both), 1).filter(({ to }) => to === 3)
    expect(votes.map(({ message }) => message.block)).toEqual([2, 1])
  })

  test('double voter: votes also for what it hears of later', () => {
    let other = 0
    const late: Behaviour = (make, context) => {
      const replica = doubleVoter(own)(make, context)
      return {
        ...replica,
        receive: (sender, message) => {
          replica.receive(sender, message)
          if (other > 0) return
          other = context.blocks.append({ parent: 0, proposer: 2, time: 0, round: 1 })
          replica.receive(2, { type: 'vote', block: other } as never)
          // Told once more, it says nothing more.
          replica.receive(3, { type: 'vote', block: other } as never)
        },
      }
    }
    const votes = from(hear(1, late), 1).filter(({ to }) => to === 3)
    expect(votes.map(({ message }) => message.block)).toEqual([1, other])
  })

  test('censoring leader: what it leaves out comes with the block that it builds', () => {
    const omitted: unknown[] = []
    const censor: Behaviour = (make, context) =>
      censoringLeader(new Set([7]))(make, {
        ...context,
        build: (parent, header) => {
          omitted.push(header.omits)
          return context.build(parent, header)
        },
      })
    hear(0, censor)
    expect(omitted).toEqual([new Set([7])])
  })

  test('stray leader: builds where it likes', () => {
    const parents: number[] = []
    const stray: Behaviour = (make, context) =>
      strayLeader((parent, round, blocks) => parent + round + blocks.size())(make, {
        ...context,
        build: (parent, header) => {
          parents.push(parent)
          return context.build(0, header)
        },
      })
    hear(0, stray)
    // Genesis is all that there is, in the first round.
    expect(parents).toEqual([2])
  })

  test('self-contradictor: two replicas speak, and the timers of one run out early', () => {
    const usual = from(hear(0, honest, seconds(2.5)), 0).filter(({ to }) => to === 3)
    const both = from(hear(0, selfContradictor(0.5), seconds(2.5)), 0).filter(({ to }) => to === 3)
    const times = (said: Heard[]): number[] =>
      said.filter(({ message: { type } }) => type === 'proposal').map(({ time }) => time)
    const [first] = times(usual)
    expect(times(both)).toEqual(expect.arrayContaining(times(usual)))
    expect(times(both).length).toBeGreaterThan(times(usual).length)
    expect(first).toBeDefined()
  })

  test('replayer: says again what it said before', () => {
    const votes = from(hear(1, replayer(1), seconds(2.5)), 1).filter(({ to }) => to === 3)
    expect(votes.map(({ message }) => message.block)).toEqual([1, 2, 1])
  })

  test('skewed clock: what it makes of the time is off', () => {
    const rounds: (number | undefined)[] = []
    const ahead: Behaviour = (make, context) =>
      skewedClock(seconds(3))(make, {
        ...context,
        build: (parent, header) => {
          rounds.push(header.round, header.time)
          return context.build(parent, header)
        },
      })
    hear(0, ahead)
    expect(rounds).toEqual([4, seconds(4)])
  })
})
