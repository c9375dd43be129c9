import { defineConsensus } from '@counterpoise/consensus'
import { minutes, seconds } from '@counterpoise/engine'
import type { Payments } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { offeredRate } from './offeredLoad.ts'
import { broken, type Draft } from './testing.ts'
import { type Scenario, scenarioOf } from './validate.ts'
import { createWorld, variantsOf, type World, type WorldOptions } from './world.ts'

/** The hybrid preset with few payments and no faults. */
const small = (recipe: (draft: Draft) => void = () => {}): Scenario =>
  scenarioOf(
    broken('hybrid', (draft) => {
      draft.workload.for = '10s'
      draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 4 }]
      draft.faults = []
      recipe(draft)
    }),
  )

const build = (
  { data }: Scenario,
  variant: string,
  options: Partial<WorldOptions> = {},
): World => createWorld({ data, variant, ...options })

const run = (...given: Parameters<typeof build>): World => {
  const world = build(...given)
  world.run()
  return world
}

const held = { conservation: [], agreement: [], liveness: [] }

const column = (payments: Payments, read: (id: number) => unknown): unknown[] =>
  Array.from({ length: payments.count() }, (_, id) => read(id))

describe('determinism', () => {
  const digest = (...given: Parameters<typeof build>): string => run(...given).simulation.digest()
  const scenario = small()

  test('default: the same seed gives the same bits, whatever was run before', () => {
    for (const variant of ['bitcoin', 'tempo', 'hybrid']) {
      const first = digest(scenario, variant)
      digest(small((draft) => (draft.seed = 'between')), variant)
      expect(digest(small(), variant)).toBe(first)
    }
  })

  test('behavior: another seed, another replication', () => {
    const others = [
      digest(scenario, 'tempo'),
      digest(scenario, 'tempo', { replication: 1 }),
      digest(small((draft) => (draft.seed = '2')), 'tempo'),
      digest(small((draft) => (draft.seed = '2')), 'tempo', { replication: 1 }),
    ]
    expect(new Set(others).size).toBe(4)
    expect(digest(scenario, 'tempo', { replication: 0 })).toBe(others[0])
  })

  test('behavior: the order in which a file lists its rails does not matter', () => {
    const turned = small((draft) => {
      draft.rails = Object.fromEntries(Object.entries(draft.rails).reverse())
    })
    expect(digest(turned, 'hybrid')).toBe(digest(scenario, 'hybrid'))
  })
})

describe('common random numbers', () => {
  test('default: every variant is offered the same payments', () => {
    const scenario = small()
    const variants = variantsOf(scenario.data)
    expect(variants).toEqual(['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid'])
    const offered = variants.map((variant) => {
      const world = build(scenario, variant)
      world.simulation.run({ until: seconds(10) })
      const { payments } = world
      const { intendedAt, amount, from, to, patience } = payments
      return [intendedAt, amount, from, to, patience].map((read) => column(payments, read))
    })
    expect(offered[0]![0]!.length).toBeGreaterThan(20)
    for (const other of offered) expect(other).toEqual(offered[0])
  })

  test('behavior: payments are offered when their payers intend to pay', () => {
    const { payments } = run(small(), 'tempo')
    expect(column(payments, payments.submittedAt)).toEqual(column(payments, payments.intendedAt))
  })

  test('behavior: a fault changes what becomes of payments, not which there are', () => {
    const fault = { what: 'outage', at: '2s', for: '5s', where: { rail: 'tempo', name: 'stripe' } }
    const [calm, faulty] = [[], [fault]].map((faults) =>
      run(small((draft) => (draft.faults = faults)), 'tempo'),
    )
    const { amount } = calm!.payments
    const amounts = column(faulty!.payments, faulty!.payments.amount)
    expect(amounts).toEqual(column(calm!.payments, amount))
    expect(faulty!.simulation.digest()).not.toBe(calm!.simulation.digest())
  })
})

describe('the end of a run', () => {
  test.each(['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid'])(
    'default: %s ends when all is done, and every property held',
    (variant) => {
      const world = build(small(), variant)
      expect(world.run()).toBe('stopped')
      expect(world.violations()).toEqual(held)
      expect([world.entry.inFlight(), world.entry.waiting()]).toEqual([0, 0])
      expect(world.simulation.now()).toBeLessThan(world.until)
      expect(world.rails.every((rail) => rail.conserved())).toBe(true)
      const states = new Set(column(world.payments, world.payments.state))
      expect(states.has('final')).toBe(true)
      expect(states.has('submitted') || states.has('included')).toBe(false)
    },
  )

  test('behavior: a rail that rests makes no more events', () => {
    const world = run(small(), 'hybrid')
    const { simulation } = world
    const later = (): string => {
      simulation.run({ until: simulation.now() + minutes(10) })
      const { audit: _audit, rest: _rest, ...kinds } = simulation.eventsByKind()
      return JSON.stringify(kinds)
    }
    const settled = later()
    expect(later()).toBe(settled)
  })

  test('behavior: `until` ends it, whatever is under way', () => {
    const world = build(small((draft) => (draft.until = '3s')), 'bitcoin')
    expect([world.offeredUntil, world.until]).toEqual([seconds(3), seconds(3)])
    expect(world.run()).toBe('until')
    expect(world.simulation.now()).toBe(seconds(3))
    expect(world.entry.inFlight()).toBe(world.payments.count())
    const times = column(world.payments, world.payments.intendedAt) as number[]
    expect(Math.max(...times)).toBeLessThan(seconds(3))
    expect(world.violations()).toEqual(held)
  })

  test('behavior: the drain is the longest time that it waits', () => {
    const world = build(small((draft) => (draft.drain = '2s')), 'bitcoin')
    expect(world.run()).toBe('until')
    expect(world.simulation.now()).toBe(seconds(12))
  })

  test('behavior: the fuse', () => {
    const scenario = small((draft) => (draft.limits = { events: 500 }))
    expect(build(scenario, 'tempo').run()).toBe('events')
    expect(build(small(), 'tempo').run({ eventsMax: 100 })).toBe('events')
  })

  test('behavior: progress is told, and changes nothing', () => {
    const scenario = small((draft) => (draft.workload.arrivals[0].ratePerSecond = 100))
    const world = build(scenario, 'tempo')
    const told: number[] = []
    world.run({ onProgress: (now) => told.push(now) })
    expect(world.simulation.digest()).toBe(run(scenario, 'tempo').simulation.digest())
  })
})

describe('faults', () => {
  const scenario = small((draft) => {
    draft.faults = [
      { what: 'outage', at: '1s', for: '4s', where: { operator: 'Stripe' } },
      { what: 'outage', at: '1s', for: '4s', where: { region: 'us-east-1', role: 'issuer' } },
    ]
  })

  test('default: are scheduled where they hit something', () => {
    const counts = variantsOf(scenario.data).map((name) => build(scenario, name).faults.length)
    expect(counts).toEqual([0, 0, 1, 1, 2])
  })

  test('behavior: what is hit goes down and comes back', () => {
    const world = run(scenario, 'tempo')
    expect(world.simulation.eventsByKind()).toMatchObject({ 'fault begins': 1, 'fault ends': 1 })
    expect(world.violations()).toEqual(held)
  })
})

describe('liveness', () => {
  const outage = (names: readonly string[], length = '3m'): object => ({
    ...{ what: 'outage', at: '20s', for: length },
    where: { rail: 'tempo', name: [...names] },
  })
  const validators = ['stripe', 'visa', 'zodia', 'moneygram', 'validator-5']
  const during = (faults: object[], recipe: (draft: Draft) => void = () => {}): World =>
    run(
      small((draft) => {
        draft.workload.for = '4m'
        draft.drain = '2m'
        draft.workload.arrivals[0].ratePerSecond = 0.2
        draft.faults = faults
        recipe(draft)
      }),
      'tempo',
    )
  /** The longest time between two blocks, s. */
  const longestGap = (world: World): number => {
    const { times } = world.rails[0]!.blocks()!
    return times.reduce((gap, time, k) => Math.max(gap, time - (times[k - 1] ?? time)), 0) / 1e6
  }

  test('default: up to f validators down, the chain goes on', () => {
    const world = during([outage(validators.slice(0, 3))])
    expect(longestGap(world)).toBeLessThan(14)
    expect(world.violations()).toEqual(held)
  })

  test('behavior: more than f are down: it stands still, and nothing was promised', () => {
    const world = during([outage(validators.slice(0, 4))])
    expect(longestGap(world)).toBeGreaterThan(170)
    expect(world.violations()).toEqual(held)
  })

  test('behavior: a chain that stops without any fault is a violation', () => {
    const slow = (draft: Draft): void => {
      draft.rails.tempo.network.latency = { kind: 'constant', ms: 60_000 }
    }
    const world = during([], slow)
    expect(world.violations()).toEqual({ ...held, liveness: ['tempo: no progress at 1m'] })
    const excused = during([outage(validators.slice(0, 4), '4m')], slow)
    expect(excused.violations().liveness).toEqual(['tempo: no progress at 5m'])
  })

  test('behavior: a fault within its tolerance, or of another rail, is no excuse', () => {
    const slow = (draft: Draft): void => {
      draft.rails.tempo.network.latency = { kind: 'constant', ms: 60_000 }
    }
    const elsewhere = { what: 'outage', at: '0s', for: '1h', where: { rail: 'visa' } }
    for (const fault of [outage(validators.slice(0, 1), '1h'), elsewhere]) {
      expect(during([fault], slow).violations().liveness).toEqual(['tempo: no progress at 1m'])
    }
  })

  test('behavior: who cannot reach the chain cannot see it stand still', () => {
    const access = ['rpc-us', 'rpc-us-west', 'rpc-eu']
    expect(during([outage(access)]).violations()).toEqual(held)
  })
})

describe('the audit', () => {
  test('behavior: money that is made or lost is told once', () => {
    const world = build(small((draft) => (draft.workload.for = '3m')), 'tempo')
    Object.assign(world.rails[0]!, { conserved: () => false })
    world.run()
    expect(world.violations().conservation).toEqual(['tempo: money was made or lost'])
  })

  test('behavior: blocks that are final beside each other break agreement', () => {
    const split = defineConsensus<object, unknown>({
      name: 'test/split',
      parameters: z.strictObject({}),
      finality: 'deterministic',
      dissemination: 'direct',
      faultLimit: () => 0,
      createReplica: (_parameters, context) => ({
        start: () => context.setTimer(0, seconds(1)),
        receive: () => {},
        recover: () => {},
        // Each holds a block of its own for final.
        expire: () => context.report.finalised(context.build(0, { round: 1 + context.self })),
      }),
    })
    const input = broken('tempo', (draft) => {
      draft.workload.for = '5s'
      draft.rails.tempo.consensus = { kind: 'test/split' }
    })
    const models = [split]
    const { data } = scenarioOf(input, { models })
    const world = createWorld({ data, variant: 'tempo', models })
    world.run()
    expect(world.violations().agreement[0]).toMatch(/^tempo: final blocks \d+ and \d+ conflict$/)
  })
})

test('the rate that is offered, for the report', () => {
  const { workload } = small((draft) => {
    draft.workload.arrivals.push({ kind: 'regular', ratePerSecond: 3, from: '2s', until: '5s' })
  }).data
  const rate = offeredRate(workload)!
  expect([0, 3, 6].map((at) => rate.meanRate(seconds(at)))).toEqual([4, 7, 4])
  expect(offeredRate({ ...workload, arrivals: [], trace: { csv: 'time\n1\n' } })).toBeUndefined()
})
