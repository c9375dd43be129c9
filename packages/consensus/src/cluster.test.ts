import { ms, seconds, SnapshotError } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import type { Behaviour } from './cluster.ts'
import { doAt, scripted } from './testing/scripted.ts'

describe('what a cluster gives its replicas', () => {
  test('one beacon for all, which differs by round and by seed', () => {
    const draws: number[][] = []
    const { simulation } = scripted((context) => ({
      start: () => {
        // In another order for every member.
        const rounds = context.self === 0 ? [1, 2, 3] : [3, 1, 2]
        draws.push(rounds.sort((one, other) => one - other).map(context.beacon))
      },
    }))
    simulation.run()
    expect(draws[1]).toEqual(draws[0])
    expect(new Set(draws[0]).size).toBe(3)
  })

  test('random streams of its own', () => {
    const draws: number[] = []
    const { simulation } = scripted((context) => ({
      start: () => draws.push(context.random('x').bits(), context.random('y').bits()),
    }))
    simulation.run()
    expect(new Set(draws).size).toBe(4)
  })

  test('a behaviour replaces the honest replica of its node only', () => {
    const behaviour: Behaviour = (honest, context) => ({
      ...honest({ ...context, broadcast: () => {} }),
      receive: () => {},
    })
    const { simulation, lines } = scripted(
      (context, log) => ({
        start: () => context.broadcast({ text: 'hello' }, 1),
        receive: (from) => log(`from ${from}`),
      }),
      { size: 3, behaviours: new Map([[1, behaviour]]) },
    )
    simulation.run()
    expect(lines).toEqual(['10 #2 from 0', '10 #0 from 2'])
  })

  test('observers hear the same; the final block only rises, the head may fall', () => {
    const { simulation, cluster, lines } = scripted(
      (context) => ({
        start: () => {
          const low = context.build(0, { round: 1 })
          const high = context.build(low, { round: 2 })
          for (const block of [high, low]) context.report.finalised(block)
          for (const block of [high, high, low]) context.report.headChanged(block)
          context.report.notarised(low)
          context.report.equivocated(7)
        },
      }),
      { size: 1 },
    )
    cluster.observe({ headChanged: (_, head, previous) => lines.push(`${previous} to ${head}`) })
    cluster.observe({ equivocated: (_, offender) => lines.push(`offender ${offender}`) })
    simulation.run()
    expect(lines).toEqual(['0 to 2', '2 to 1', 'offender 7'])
    expect([cluster.finalised(0), cluster.head(0)]).toEqual([2, 1])
  })
})

test('rest: no timer, no message, no report, no start any more', () => {
  const { simulation, cluster, lines } = scripted((context, log) => ({
    start: () => context.setTimer(0, ms(10)),
    receive: () => log('message'),
    recover: () => log('recover'),
    expire: () => {
      log('timer')
      context.setTimer(0, ms(10))
      context.broadcast({ text: 'tick' }, 1)
      context.spend(ms(3))
      context.broadcast({ text: 'tock' }, 1)
    },
  }))
  doAt(simulation, ms(51), () => {
    cluster.rest()
    lines.length = 0
  })
  doAt(simulation, ms(60), () => cluster.network.takeDown(0))
  doAt(simulation, ms(70), () => cluster.network.bringUp(0))
  expect(simulation.run({ until: seconds(1) })).toBe('empty')
  expect(lines).toEqual([])
})

test('error: a snapshot would lack what the replicas know, and says so', () => {
  const { simulation } = scripted(() => ({}))
  expect(() => simulation.snapshot()).toThrow(SnapshotError)
  expect(() => simulation.snapshot()).toThrow(/the replicas of the cluster/)
})
