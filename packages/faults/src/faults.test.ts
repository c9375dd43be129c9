import { createSimulation, minutes, priorities, seconds, type Time } from '@counterpoise/engine'
import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FaultPlanError } from './errors.ts'
import { isWithin, outageWindows, type FaultPlan } from './plan.ts'
import { scheduleFaults, type FaultSite } from './schedule.ts'
import type { Selector } from './selector.ts'

type Entry = [now: Time, what: 'down' | 'up', site: string]

/** Four sites of two rails that write down what happens to them. */
const createWorld = () => {
  const simulation = createSimulation({ seed: 'faults' })
  const log: Entry[] = []
  const site = (name: string, rail: string, cloud: string): FaultSite => ({
    name,
    role: 'validator',
    rail,
    attributes: { region: 'us-east-1', operator: name, cloud },
    takeDown: () => log.push([simulation.now(), 'down', name]),
    bringUp: () => log.push([simulation.now(), 'up', name]),
  })
  const sites = [
    site('a', 'tempo', 'aws'),
    site('b', 'tempo', 'gcp'),
    site('c', 'card', 'aws'),
    site('d', 'card', 'gcp'),
  ]
  return { simulation, log, sites }
}
const outage = (at: Time, duration: Time, where: Selector) =>
  ({ what: 'outage', at, duration, where }) as const

const run = (plan: FaultPlan): Entry[] => {
  const { simulation, log, sites } = createWorld()
  scheduleFaults(simulation, plan, sites)
  simulation.run()
  return log
}

describe('scheduleFaults', () => {
  test('default: down at its beginning, up at its end, and a report of whom it hits', () => {
    const { simulation, log, sites } = createWorld()
    const plan = [outage(seconds(5), seconds(2), { cloud: 'aws' }), outage(9, 1, { name: 'd' })]
    const schedule = scheduleFaults(simulation, plan, sites)
    expect(schedule.hits).toEqual([
      { fault: 0, sites: [0, 2] },
      { fault: 1, sites: [3] },
    ])
    const down = (): boolean[] => sites.map((_, index) => schedule.isDown(index))
    simulation.run({ until: seconds(6) })
    expect(down()).toEqual([true, false, true, false])
    simulation.run()
    expect(down()).toEqual([false, false, false, false])
    expect(log).toEqual([
      [9, 'down', 'd'],
      [10, 'up', 'd'],
      [seconds(5), 'down', 'a'],
      [seconds(5), 'down', 'c'],
      [seconds(7), 'up', 'a'],
      [seconds(7), 'up', 'c'],
    ])
  })

  test('behavior: faults that overlap take a site down once and bring it up once', () => {
    const plan = [
      outage(10, 10, { cloud: 'aws' }),
      outage(15, 20, { name: 'a' }),
      outage(16, 1, { rail: 'tempo' }),
    ]
    expect(run(plan)).toEqual([
      [10, 'down', 'a'],
      [10, 'down', 'c'],
      [16, 'down', 'b'],
      [17, 'up', 'b'],
      [20, 'up', 'c'],
      [35, 'up', 'a'],
    ])
  })

  test('behavior: back to back is one outage, in whichever order the plan has them', () => {
    const plan = [outage(20, 5, { name: 'a' }), outage(10, 10, { name: 'a' })]
    const expected = [
      [10, 'down', 'a'],
      [25, 'up', 'a'],
    ]
    expect(run(plan)).toEqual(expected)
    expect(run([...plan].reverse())).toEqual(expected)
  })

  test('behavior: a duration of 0 is a restart', () => {
    expect(run([outage(3, 0, { name: 'b' })])).toEqual([
      [3, 'down', 'b'],
      [3, 'up', 'b'],
    ])
  })

  test('behavior: faults come before everything else of their instant', () => {
    const { simulation, log, sites } = createWorld()
    const arrive = simulation.define(
      'arrive',
      () => log.push([simulation.now(), 'up', 'message']),
      priorities.deliver,
    )
    simulation.at(10, arrive)
    simulation.at(20, arrive)
    scheduleFaults(simulation, [outage(10, 10, { name: 'a' })], sites)
    simulation.run()
    expect(log.map(([, what, name]) => `${what} ${name}`)).toEqual([
      ...['down a', 'up message', 'up a', 'up message'],
    ])
  })

  test('behavior: what hits nothing is an error that lists what there is', () => {
    const { simulation, sites } = createWorld()
    const plan = [outage(1, 1, {}), outage(1, 1, { cloud: 'azure' })]
    const attempt = () => scheduleFaults(simulation, plan, sites)
    expect(attempt).toThrow(FaultPlanError)
    expect(attempt).toThrow(
      "Fault 1 of the plan: it hits nothing. No site has the cloud 'azure'; known: 'aws', 'gcp'.",
    )
    expect(simulation.pending()).toBe(0)
  })

  test.each([
    [-1, 1, 'it must begin'],
    [0.5, 1, 'it must begin'],
    [Number.POSITIVE_INFINITY, 1, 'it must begin'],
    [1, -1, 'it must last'],
    [1, 0.5, 'it must last'],
    [1, Number.NaN, 'it must last'],
    [1, Number.MAX_SAFE_INTEGER, 'it must last'],
  ])('behavior: an outage at %d for %d is refused', (at, duration, message) => {
    expect(() => run([outage(at, duration, {})])).toThrow(message)
  })

  test('behavior: the past is refused', () => {
    const { simulation, sites } = createWorld()
    simulation.run({ until: 100 })
    const plan = [outage(99, 5, {})]
    expect(() => scheduleFaults(simulation, plan, sites)).toThrow('not in the past')
  })
})

describe('plans', () => {
  const plan = [
    outage(minutes(10), minutes(5), { name: 'a' }),
    outage(minutes(1), minutes(2), { name: 'b' }),
    outage(minutes(12), minutes(1), { name: 'c' }),
    outage(minutes(15), minutes(1), { name: 'c' }),
    outage(minutes(30), 0, { name: 'c' }),
  ]

  test('default: windows are in order and apart', () => {
    expect(outageWindows(plan)).toEqual([
      { from: minutes(1), to: minutes(3) },
      { from: minutes(10), to: minutes(16) },
    ])
    expect(outageWindows([])).toEqual([])
  })

  test('behavior: the beginning is within, the end is not', () => {
    const times = [minutes(1) - 1, minutes(1), minutes(3) - 1, minutes(3), minutes(15), minutes(30)]
    expect(times.map((time) => isWithin(plan, time))).toEqual([
      ...[false, true, true, false, true, false],
    ])
  })
})

describe('properties', () => {
  const where: fc.Arbitrary<Selector> = fc.constantFrom<Selector>(
    {},
    { cloud: 'aws' },
    { rail: ['tempo'] },
    { name: ['a', 'd'] },
    { name: 'b' },
  )
  const plans = fc.array(
    fc.record({
      what: fc.constant('outage' as const),
      at: fc.nat(40),
      duration: fc.nat(15),
      where,
    }),
    { maxLength: 8 },
  )

  test('at every time a site is down if and only if a fault that hits it is on', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { simulation, log, sites } = createWorld()
        const { hits, isDown } = scheduleFaults(simulation, plan, sites)
        for (let time = 0; time <= 60; time++) {
          simulation.run({ until: time })
          sites.forEach((_, site) => {
            const its = plan.filter((_, fault) => hits[fault]!.sites.includes(site))
            expect(isDown(site)).toBe(isWithin(its, time))
          })
          const inWindow = outageWindows(plan).some(({ from, to }) => from <= time && time < to)
          expect(inWindow).toBe(isWithin(plan, time))
        }
        for (const { name } of sites) {
          const steps = log.flatMap(([, what, site]) => (site === name ? [what] : []))
          expect(steps).toEqual(steps.map((_, index) => (index % 2 === 0 ? 'down' : 'up')))
          expect(steps.length % 2).toBe(0)
        }
      }),
      fuzzParameters(300),
    )
  })

  test('the same plan gives the same digest, another one a different digest', () => {
    const digestOf = (plan: FaultPlan): string => {
      const { simulation, sites } = createWorld()
      scheduleFaults(simulation, plan, sites)
      simulation.run()
      return simulation.digest()
    }
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 9 }), (plan, more) => {
        const digest = digestOf(plan)
        expect(digestOf(structuredClone(plan))).toBe(digest)
        if (plan.length === 0) return
        const [first, ...rest] = plan
        const longer = { ...first!, duration: first!.duration + more }
        expect(digestOf([longer, ...rest])).not.toBe(digest)
      }),
      fuzzParameters(150),
    )
  })
})
