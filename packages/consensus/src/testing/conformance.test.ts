import { ms, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { ConsensusModel, Replica, ReplicaContext } from '../contract.ts'
import { conformanceChecks } from './conformance.ts'
import { lottery } from './models/lottery.ts'
import { majority } from './models/majority.ts'
import type { ConformanceOptions } from './setting.ts'

const honest: readonly ConformanceOptions<any, any>[] = [
  { model: majority, progressWithin: seconds(3) },
  { model: majority, progressWithin: seconds(3), weights: [3, 0, 2, 2, 0, 2], fifo: true },
  { model: majority, progressWithin: seconds(2), weights: [1, 1], validationTime: ms(30) },
  // So many that any slip of Paxos shows: two quorums that miss each other, a broken promise.
  { model: majority, progressWithin: seconds(3), weights: [1, 1, 1, 1, 1], runs: 1_500 },
  { model: lottery, progressWithin: seconds(6) },
  { model: lottery, progressWithin: seconds(9), weights: [1, 1, 1, 1, 1], latency: slow() },
]

describe.each(honest)('$model.name with weights $weights', (options) => {
  for (const check of conformanceChecks(options)) test(check.name, check.run)
})

function slow() {
  return { sample: () => ms(150), typical: () => ms(150) }
}

/** A model whose replicas are changed on the way. */
function changed(
  model: ConsensusModel,
  change: (
    create: (context: ReplicaContext<any>) => Replica<any>,
    context: ReplicaContext<any>,
  ) => Replica<any>,
): ConsensusModel {
  return {
    ...model,
    createReplica: (parameters, context) =>
      change((given) => model.createReplica(parameters, given), context),
  }
}

/** What the check with this word in its name says of a model, or undefined where it passes. */
function verdict(word: string, model: ConsensusModel, more: object = {}): string | undefined {
  const options = { model, progressWithin: seconds(3), ...more }
  const check = conformanceChecks(options).find(({ name }) => name.includes(word))!
  try {
    check.run()
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

describe('parameters', () => {
  test('behavior: a schema that lets unknown keys pass', () => {
    const loose = z.object({ slotMs: z.number().default(500) })
    expect(verdict('unknown keys', { ...lottery, parameters: loose })).toContain('accepts unknown')
  })

  test('behavior: a parameter without a default', () => {
    const parameters = z.strictObject({ slotMs: z.number() })
    const model = { ...lottery, parameters }
    expect(verdict('unknown keys', model, { parameters: { slotMs: 500 } })).toContain('slotMs')
    expect(() => conformanceChecks({ model, progressWithin: 1 })).toThrow('slotMs')
  })
})

describe('determinism', () => {
  test('behavior: state outside of the replicas', () => {
    let runs = 0
    const model = changed(lottery, (create, context) => {
      runs++
      const { setTimer } = context
      return create({ ...context, setTimer: (timer, delay) => setTimer(timer, delay + runs) })
    })
    expect(verdict('determinism', model)).toContain('with one seed differ')
  })
})

describe('messages', () => {
  test('behavior: a receiver who writes into a message', () => {
    const model = changed(majority, (create, context) => {
      const replica = create(context)
      const receive = (from: number, message: any): void => {
        message.round += 0
        replica.receive(from, message)
      }
      return { ...replica, receive }
    })
    expect(verdict('never altered', model)).toContain('read only')
  })

  test('behavior: a sender who goes on using the bytes that he sent', () => {
    const model = changed(lottery, (create, context) => {
      const seen = new Uint8Array(1)
      const replica = create({
        ...context,
        broadcast: (message, bytes) => context.broadcast({ ...message, seen }, bytes),
      })
      const receive = (from: number, message: any): void => {
        seen[0] = from + 1
        replica.receive(from, message)
      }
      return { ...replica, receive }
    })
    expect(verdict('never altered', model)).toContain('alters a message')
  })
})

describe('progress', () => {
  test('behavior: no head', () => {
    const model = changed(lottery, (create, context) =>
      create({ ...context, report: { ...context.report, headChanged: () => {} } }),
    )
    expect(verdict('progress', model)).toContain('does not grow')
  })

  test('behavior: no finality', () => {
    const model = changed(majority, (create, context) =>
      create({ ...context, report: { ...context.report, finalised: () => {} } }),
    )
    expect(verdict('progress', model)).toContain('becomes final')
  })

  test('behavior: an event storm', () => {
    const model = changed(lottery, (create, context) => ({
      ...create(context),
      start: () => context.setTimer(0, 0),
      expire: () => context.setTimer(0, 0),
    }))
    expect(verdict('progress', model, { eventsMax: 10_000 })).toContain('more events')
  })
})

describe('reports', () => {
  test('behavior: a block that nobody proposed', () => {
    const model = changed(lottery, (create, context) =>
      create({ ...context, report: { ...context.report, proposed: () => {} } }),
    )
    expect(verdict('in order', model)).toContain('nobody has proposed')
  })

  test('behavior: notarised after final', () => {
    const model = changed(majority, (create, context) => {
      const { report } = context
      const notarised = (): void => {}
      const finalised = (block: number): void => {
        report.finalised(block)
        report.notarised(block)
      }
      return create({ ...context, report: { ...report, notarised, finalised } })
    })
    expect(verdict('in order', model)).toContain('notarises what is final')
  })

  test('behavior: finality that is taken back', () => {
    const model = changed(majority, (create, context) => {
      const finalised = (block: number): void => {
        context.report.finalised(block)
        context.report.finalised(context.blocks.parent(block))
      }
      return create({ ...context, report: { ...context.report, finalised } })
    })
    expect(verdict('in order', model)).toContain('takes back')
  })

  test('behavior: finality of a model that has none', () => {
    const model = changed(lottery, (create, context) => {
      const headChanged = (block: number): void => {
        context.report.headChanged(block)
        context.report.finalised(block)
      }
      return create({ ...context, report: { ...context.report, headChanged } })
    })
    expect(verdict('in order', model)).toContain('cannot give')
  })
})

describe('followers', () => {
  test('behavior: a protocol that counts heads', () => {
    const model = changed(majority, (create, context) => {
      const { committee, setTimer } = context
      const late = committee.size
      return create({ ...context, setTimer: (timer, delay) => setTimer(timer, delay + late) })
    })
    expect(verdict('followers', model)).toContain('changes the chain')
  })

  test('behavior: a follower who hears nothing', () => {
    const model = changed(lottery, (create, context) => {
      const replica = create(context)
      return context.committee.weights[context.self] === 0
        ? { ...replica, receive: () => {} }
        : replica
    })
    expect(verdict('followers', model)).toContain('stays behind')
  })
})

describe('faults', () => {
  /** Half of the weight is enough for a quorum: two halves may decide differently. */
  const hasty = changed(majority, (create, context) => {
    const totalWeight = context.committee.totalWeight / 2
    return create({ ...context, committee: { ...context.committee, totalWeight } })
  })

  test('behavior: quorums that do not meet', () => {
    const found = verdict('agreement', hasty)
    expect(found).toContain('final at one height')
    expect(found).toContain('"outages"')
  })

  test('behavior: progress without a quorum', () => {
    expect(verdict('halt', hasty)).toContain('beyond its fault limit')
  })

  test('behavior: a vote that an outage makes it forget', () => {
    const model = changed(majority, (create, context) => {
      let replica = create(context)
      return {
        start: () => replica.start(),
        receive: (from, message) => replica.receive(from, message),
        expire: (timer) => replica.expire(timer),
        recover: () => {
          replica = create(context)
          replica.start()
        },
      }
    })
    expect(verdict('agreement', model, { runs: 400 })).toBeDefined()
  })

  test('behavior: a timer that is not started again', () => {
    const model = changed(majority, (create, context) => {
      const replica = create(context)
      let rounds = 0
      const expire = (timer: number): void => {
        if (timer === 1 || ++rounds < 2) replica.expire(timer)
      }
      return { ...replica, expire }
    })
    expect(verdict('progress', model)).toBeUndefined()
    expect(verdict('liveness', model)).toContain('does not recover')
  })

  test('behavior: a member that never asks for what it missed', () => {
    const model = changed(majority, (create, context) => {
      const replica = create(context)
      let isBack = false
      return {
        ...replica,
        receive: (from, message) => (isBack ? undefined : replica.receive(from, message)),
        recover: () => {
          isBack = true
        },
      }
    })
    expect(verdict('catch-up', model)).toContain('does not catch up')
  })
})
