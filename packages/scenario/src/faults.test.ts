import { minutes } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { faultPeriods } from './faultPlan.ts'
import { broken, type Draft, messages, wrapped } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld, type World } from './world.ts'

/** Tempo with equal delays, so that what a fault adds is all that differs; two minutes of it. */
const tempo = (faults: Draft[], recipe: (rail: Draft, draft: Draft) => void = () => {}): Draft =>
  broken('tempo', (draft) => {
    draft.workload.for = '2m'
    draft.workload.arrivals = [{ kind: 'regular', ratePerSecond: 2 }]
    draft.drain = '30s'
    draft.faults = faults
    draft.rails.tempo.network = { latency: { kind: 'constant', ms: 20 } }
    draft.rails.tempo.access.gossipDelayMs = { kind: 'constant', value: 10 }
    recipe(draft.rails.tempo, draft)
  })

const worldOf = (input: Draft, variant = 'tempo', replication = 0): World =>
  createWorld({ data: scenarioOf(input).data, variant, replication })

const runOf = (...given: Parameters<typeof worldOf>): World => {
  const world = worldOf(...given)
  world.run()
  return world
}

const held = { conservation: [], agreement: [], liveness: [] }

/** When the blocks that an access node knows were made, s. */
const blockTimes = (world: World): number[] =>
  Array.from(world.rails[0]!.blocks()!.times, (time) => time / 1e6)

const between = (times: readonly number[], from: number, to: number): number[] =>
  times.filter((time) => time >= from && time < to)

/** The usual distance of the blocks made within a span, ms. */
function interval(world: World, from: number, to: number): number {
  const times = between(blockTimes(world), from, to)
  const gaps = times.slice(1).map((time, k) => Math.round((time - times[k]!) * 1e3))
  return gaps.sort((one, other) => one - other)[Math.floor(gaps.length / 2)]!
}

const minority = ['stripe', 'visa', 'zodia']
const access = ['rpc-us', 'rpc-us-west', 'rpc-eu']
const span = { at: '30s', for: '40s' }

describe('a partition', () => {
  test('default: who is cut off stops finalising, the others go on, and all catch up', () => {
    const sides = [{ name: [...minority, ...access] }]
    const world = runOf(tempo([{ what: 'partition', ...span, sides }]))
    const { payments } = world
    const final = Array.from({ length: payments.count() }, (_, id) => payments.finalAt(id) / 1e6)
    expect(between(final, 0, 30).length).toBeGreaterThan(40)
    expect(between(final, 30.1, 70)).toEqual([])
    // What the majority made meanwhile comes over as soon as there is a way.
    expect(between(blockTimes(world), 31, 69).length).toBeGreaterThan(20)
    expect(between(final, 70, 80).length).toBeGreaterThan(90)
    expect(between(final, 80, 125).length).toBeGreaterThan(80)
    expect(between(final, 0, 150).length).toBe(240)
    expect(world.violations()).toEqual(held)
  })

  test('behavior: without a quorum on any side nobody goes on, and nothing was promised', () => {
    const halves = [
      { name: [...minority, 'moneygram', 'validator-5'] },
      { name: ['validator-6', 'validator-7', 'validator-8', 'validator-9', 'validator-10'] },
    ]
    const whole = { at: '20s', for: '80s', sides: halves }
    const world = runOf(tempo([{ what: 'partition', ...whole }]))
    expect(between(blockTimes(world), 21, 99)).toEqual([])
    expect(between(blockTimes(world), 101, 120).length).toBeGreaterThan(5)
    expect(world.violations()).toEqual(held)
  })

  test('behavior: what is held arrives in the end, what is slow takes so much longer', () => {
    const part = { what: 'partition', ...span, sides: [{ name: minority }] }
    const [dropped, keeping, slow] = ['drop', 'hold', { slowMs: 100 }].map((mode) =>
      runOf(tempo([{ ...part, mode }])),
    )
    expect(keeping!.simulation.digest()).not.toBe(dropped!.simulation.digest())
    // Nobody needs to skip the leaders of the minority while they are only slow.
    const made = [dropped!, slow!].map((world) => between(blockTimes(world), 31, 69).length)
    expect(made[1]!).toBeGreaterThan(made[0]! * 1.3)
    for (const world of [dropped!, keeping!, slow!]) expect(world.violations()).toEqual(held)
  })
})

describe('links', () => {
  const all = { rail: 'tempo' }

  test('default: a delay is added to every trip: of the block, and of its votes', () => {
    const world = runOf(tempo([{ what: 'delay', ...span, where: all, delayMs: 100 }]))
    const [before, during, after] = [
      ...[interval(world, 2, 30), interval(world, 31, 70), interval(world, 72, 110)],
    ]
    expect([during! - before!, after! - before!]).toEqual([200, 0])
  })

  test('behavior: a delay one way, and one that is drawn', () => {
    // Only what goes to the validators of the first region: the others make up a quorum.
    const some = { name: minority }
    const oneWay = runOf(tempo([{ what: 'delay', ...span, where: all, to: some, delayMs: 100 }]))
    const both = runOf(tempo([{ what: 'delay', ...span, where: some, delayMs: 100 }]))
    const within = (world: World): number => between(blockTimes(world), 31, 70).length
    expect(within(oneWay)).toBeGreaterThan(within(both))
    const delayMs = { kind: 'uniform', low: 50, high: 150 }
    const drawn = runOf(tempo([{ what: 'delay', ...span, where: all, delayMs }]))
    expect(interval(drawn, 31, 70)).toBeGreaterThan(interval(drawn, 2, 30) + 200)
  })

  test('behavior: a loss of everything stops the chain, and it comes back', () => {
    const world = runOf(tempo([{ what: 'loss', ...span, where: all, probability: 1 }]))
    expect(between(blockTimes(world), 31, 69)).toEqual([])
    expect(between(blockTimes(world), 85, 120).length).toBeGreaterThan(20)
    expect(world.violations()).toEqual(held)
  })

  test('behavior: a throttle takes as much longer as there is less bandwidth', () => {
    const limited = (rail: Draft): void => {
      rail.network.bandwidth = { upMbps: 2 }
    }
    const world = runOf(tempo([{ what: 'throttle', ...span, where: all, share: 0.25 }], limited))
    const free = interval(runOf(tempo([])), 31, 70)
    const extra = interval(world, 2, 30) - free
    expect(extra).toBeGreaterThan(3)
    // All that bandwidth adds is bytes over bandwidth: four times as much at a quarter of it.
    expect((interval(world, 31, 70) - free) / extra).toBeCloseTo(4, 0)
  })
})

describe('outages', () => {
  test('default: of whatever lies within some km, for as long as the run lasts', () => {
    // Northern Virginia: two validators and an access node.
    const within = { latitude: 38.9, longitude: -77.4, km: 100 }
    const world = worldOf(tempo([{ what: 'outage', at: '30s', where: { within } }]))
    const { end, downAt } = watched(world)
    world.run()
    expect(downAt).toEqual(['stripe@30', 'visa@30', 'rpc-us@30'])
    expect(end()).toEqual([])
  })

  test('behavior: an autonomous system, of places that say theirs', () => {
    const world = worldOf(
      tempo([{ what: 'outage', ...span, where: { autonomousSystem: 'AS64500' } }], (rail) => {
        rail.validators.value[4].autonomousSystem = 'AS64500'
      }),
    )
    const { end, downAt } = watched(world)
    world.run()
    expect([downAt, end()]).toEqual([['validator-5@30'], ['validator-5@70']])
  })

  /** Who goes down and comes back when, s. */
  function watched({ simulation, rails }: World): { downAt: string[]; end: () => string[] } {
    const downAt: string[] = []
    const upAt: string[] = []
    const now = (): number => simulation.now() / 1e6
    for (const site of rails[0]!.sites) {
      const { takeDown, bringUp, name } = site
      Object.assign(site, {
        takeDown: () => (downAt.push(`${name}@${now()}`), takeDown()),
        bringUp: () => (upAt.push(`${name}@${now()}`), bringUp()),
      })
    }
    return { downAt, end: () => upAt }
  }
})

describe('repetition', () => {
  const flicker = { what: 'outage', at: '10s', for: '1s', where: { name: 'stripe' } }
  const begun = (repeat: Draft, replication = 0): number =>
    runOf(tempo([{ ...flicker, repeat }]), 'tempo', replication).simulation.eventsByKind()[
      'fault begins'
    ]!

  test('default: at equal distances to the end of the run, or so often', () => {
    // At 10 s, 30 s, … 110 s; the run ends once the last payment is final, soon after 120 s.
    expect(begun({ every: '20s' })).toBe(6)
    expect(begun({ every: '20s', times: 2 })).toBe(2)
  })

  test('behavior: at random, the same for a replication, another for the next', () => {
    const random = { every: '4s', spread: 'exponential' }
    const counts = [0, 0, 1, 2].map((replication) => begun(random, replication))
    expect(counts[1]).toBe(counts[0])
    expect(new Set(counts).size).toBeGreaterThan(1)
    for (const count of counts) expect(Math.abs(count - 28)).toBeLessThan(20)
  })

  test('behavior: the report knows when; of those at random, only the first', () => {
    const label = 'flicker'
    const periods = (repeat: Draft): unknown[] =>
      faultPeriods(scenarioOf(tempo([{ ...flicker, label, repeat }])).data).map(
        ({ from, until }) => [from / 1e6, until / 1e6],
      )
    expect(periods({ every: '1m' })).toEqual([[10, 11], [70, 71], [130, 131]])
    expect(periods({ every: '1m', spread: 'exponential' })).toEqual([[10, 11]])
  })
})

describe('churn', () => {
  const churn = {
    session: { kind: 'exponential', mean: '50m' },
    downtime: { kind: 'constant', length: '10m' },
  }
  const bitcoin = (recipe: (rail: Draft) => void): Draft =>
    broken('bitcoin', (draft) => {
      draft.workload.for = '4h'
      draft.workload.arrivals = [{ kind: 'regular', ratePerSecond: 0.02 }]
      recipe(draft.rails.bitcoin)
    })

  test('default: relays come and go, and payments still arrive', () => {
    const world = runOf(bitcoin(({ network }) => (network.churn = churn)), 'bitcoin')
    const events = world.simulation.eventsByKind()
    const hours = world.simulation.now() / minutes(60)
    // Forty relays, each away once an hour in the mean.
    expect(events['bitcoin/churn/down']! / (40 * hours)).toBeCloseTo(1, 0)
    expect(world.entry.inFlight()).toBe(0)
    expect(world.violations()).toEqual(held)
  })

  test('behavior: a node that both churn and a fault take down comes back with the last', () => {
    const input = bitcoin(({ network }) => {
      network.churn = { ...churn, start: 'up', session: { kind: 'constant', length: '10m' } }
    })
    const faults = [{ what: 'outage', at: '5m', for: '10m', where: { name: 'relay-1' } }]
    const world = worldOf({ ...input, faults }, 'bitcoin')
    const site = world.rails[0]!.sites.find(({ name }) => name === 'relay-1')!
    const seen: number[] = []
    const { bringUp } = site
    Object.assign(site, {
      bringUp: () => {
        seen.push(world.simulation.now() / minutes(1))
        bringUp()
      },
    })
    world.simulation.run({ until: minutes(39) })
    // The fault is over after 15 min, but churn holds it down from 10 to 20 min.
    expect(seen).toEqual([20])
  })
})

describe('what cannot be', () => {
  const found = (fault: Draft, recipe: (rail: Draft) => void = () => {}): string =>
    wrapped(
      messages(
        broken('hybrid', (draft) => {
          draft.faults = [fault]
          recipe(draft.rails)
        }),
      ),
    ).trim()

  test.each<[Draft, string]>([
    [{ what: 'partitoin', at: '1s' }, 'partition, delay, loss, throttle, found "partitoin"'],
    [{ what: 'partition', ...span, sides: [] }, 'faults[0].sides: expected a list of at least 1'],
    [{ what: 'partition', ...span, sides: [{ region: 'mars' }] }, 'faults[0].sides[0].region'],
    [{ what: 'partition', ...span, sides: [{ name: 'stripe' }], where: {} }, 'keys at, for, label'],
    [{ what: 'delay', ...span, where: { rail: 'visa' }, delayMs: 5 }, 'a card rail has none'],
    [{ what: 'delay', ...span, where: { rail: 'tempo' }, delayMs: -5 }, 'faults[0].delayMs'],
    [{ what: 'loss', ...span, where: { rail: 'tempo' }, probability: 2 }, 'at most 1, found 2'],
    [{ what: 'throttle', ...span, where: { rail: 'bitcoin' }, share: 0.5 }, '`network.bandwidth`'],
    [{ what: 'throttle', ...span, where: { rail: 'tempo' }, share: 0 }, 'faults[0].share'],
    [{ what: 'outage', at: '1s', where: { cloud: 'azur' } }, 'faults[0].where.cloud'],
    [
      { what: 'outage', ...span, where: { rail: 'tempo' }, repeat: { every: '1s' } },
      'repeat.every: expected at most 1000 repetitions within the run, found',
    ],
    [
      { what: 'outage', ...span, where: { within: { latitude: 0, longitude: -140, km: 10 } } },
      'faults[0].where: expected attributes that some site has together',
    ],
    [
      { what: 'partition', ...span, sides: [{ rail: ['tempo', 'bitcoin', 'ethereum'] }] },
      'expected a side that leaves somebody on the other one',
    ],
    [
      { what: 'partition', ...span, sides: [{ name: 'stripe' }, { rail: 'tempo' }] },
      'faults[0].sides[1]: expected sides that share no node with each other',
    ],
  ])('behavior: %j', (fault, text) => {
    expect(found(fault).replaceAll(/\s+/g, ' ')).toContain(text)
  })

  test('behavior: a partition of a hybrid cuts each chain on its own', () => {
    const sides = [{ region: 'us-east-1' }, { rail: 'ethereum', region: 'eu-central-1' }]
    const input = broken('hybrid', (draft) => {
      draft.workload.for = '1m'
      draft.faults = [{ what: 'partition', at: '10s', for: '10s', sides }]
    })
    const hits = ['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid'].map(
      (variant) => worldOf(input, variant).faults.length,
    )
    // Of two sides, bitcoin, tempo and visa have one only: nobody is there to be cut off from.
    expect(hits).toEqual([0, 1, 0, 0, 1])
  })
})
