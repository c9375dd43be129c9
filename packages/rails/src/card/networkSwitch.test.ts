import { createSimulation, hours, minutes, ms, seconds, type Time } from '@counterpoise/engine'
import { usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createNetworkSwitch } from './networkSwitch.ts'
import { certain, createCardWorld, offerPoisson } from './testing.ts'

const path = ms(60 + 1 + 30 + 250 + 60)

describe('the queue of a data centre', () => {
  test.each([
    [0.5, 60_000],
    [0.8, 120_000],
  ])('default: at a load of %f the mean wait is that of M/D/1', (load, count) => {
    const batches = 20
    const world = createCardWorld({ seed: `M/D/1 ${load}` })
    offerPoisson(world, { count, perSecond: load * 1_000, amount: usd(0.01) })
    world.simulation.run({ until: hours(1) })
    // Consecutive waits hang together: the interval is that of the means of long batches.
    const means = Array.from({ length: batches }, (_, batch) => {
      const size = count / batches
      let sum = 0
      for (let id = batch * size; id < (batch + 1) * size; id++) {
        sum += world.payments.includedAt(id) - world.payments.intendedAt(id) - path
      }
      return sum / size
    })
    const mean = means.reduce((sum, each) => sum + each, 0) / batches
    const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (batches - 1)
    const expected = (load / (2 * (1 - load))) * ms(1)
    // Student's t at 19 degrees of freedom, 99.9 %.
    expect(Math.abs(mean - expected)).toBeLessThan(3.88 * Math.sqrt(variance / batches))
    expect(Math.abs(mean - expected) / expected).toBeLessThan(0.15)
  })

  test('behavior: beyond its capacity it serves at its capacity', () => {
    const world = createCardWorld()
    offerPoisson(world, { count: 20_000, perSecond: 2_000, amount: usd(0.01) })
    world.simulation.run({ until: seconds(6) })
    const included = world.rail.activity.authorised
    world.simulation.run({ until: seconds(8) })
    expect(world.rail.activity.authorised - included).toBe(2_000)
    // Half of what came in eight seconds, nearly, waits; a quote says how long.
    const { timeToInclusion } = world.rail.quote(0)
    expect(timeToInclusion).toBeGreaterThan(seconds(7))
  })
})

describe('fail-over', () => {
  test('behavior: each message goes to its own centre, or to the next in order that is up', () => {
    const simulation = createSimulation({ seed: 'switch' })
    const attributes = { region: 'somewhere', operator: 'network' }
    const { route, sites } = createNetworkSwitch(simulation, {
      ...{ name: 'card', heartbeat: seconds(1) },
      dataCentres: ['A', 'B', 'C'].map((name) => ({ name, attributes, capacity: 10 })),
    })
    const routes = (): number[] => {
      simulation.run({ until: simulation.now() + seconds(1) })
      return [0, 1, 2].map(route)
    }
    expect(routes()).toEqual([0, 1, 2])
    sites[1]!.takeDown()
    expect(routes()).toEqual([0, 2, 2])
    sites[2]!.takeDown()
    expect(routes()).toEqual([0, 0, 0])
    sites[0]!.takeDown()
    expect(routes()).toEqual([-1, -1, -1])
    sites[1]!.bringUp()
    expect(routes()).toEqual([1, 1, 1])
    sites[2]!.bringUp()
    expect(routes()).toEqual([1, 1, 2])
  })

  test('behavior: a data centre that falls loses its queue', () => {
    const world = createCardWorld()
    for (let index = 0; index < 5_000; index++) world.pay({ amount: usd(1) })
    world.takeDownAt(ms(100), 'A')
    world.bringUpAt(ms(200), 'A')
    const later = world.pay({ intendedAt: ms(300) })
    world.simulation.run({ until: seconds(1) })
    expect(world.payments.includedAt(later)).toBe(ms(300) + path)
    expect(world.rail.activity).toMatchObject({ authorised: 1 })
  })

  /** One payment every 10 ms for 10 s, the outcomes by state. */
  const run = (prepare: (world: ReturnType<typeof createCardWorld>) => void) => {
    const world = createCardWorld()
    const ids = Array.from({ length: 1_000 }, (_, index) =>
      world.pay({ intendedAt: index * ms(10), amount: usd(1) }),
    )
    prepare(world)
    world.simulation.run({ until: minutes(1) })
    const failedFrom = (reason: string): Time[] =>
      ids
        .filter((id) => world.payments.reason(id) === reason)
        .map((id) => world.payments.intendedAt(id))
    return { world, ids, failedFrom }
  }

  test('default: traffic moves to the other data centre at the next heartbeat', () => {
    const { world, failedFrom } = run(({ takeDownAt }) => takeDownAt(ms(3_400), 'A'))
    const lost = failedFrom('timed out')
    // In the centre's hands at 3.4 s: what came at most 60 + 1 + 30 + 250 ms earlier. Then what
    // reaches the network until the heartbeat of 4 s.
    expect(lost.at(0)).toBe(ms(3_400 - 340))
    expect(lost.at(-1)).toBe(ms(4_000 - 60))
    expect(lost.length).toBe((lost.at(-1)! - lost[0]!) / ms(10) + 1)
    expect(world.rail.activity).toMatchObject({ authorised: 1_000 - lost.length })
    expect(world.rail.activity.lost).toBe(lost.length)
    expect(world.payments.endedAt(lost[0]! / ms(10)) - lost[0]!).toBe(seconds(30))
    expect(world.book.inFlight()).toBe((1_000 - lost.length) * usd(1))
  })

  test('behavior: it returns to the first when that is back, and loses nothing', () => {
    const { world, failedFrom } = run(({ takeDownAt, bringUpAt }) => {
      takeDownAt(ms(3_400), 'A')
      bringUpAt(ms(5_500), 'A')
      takeDownAt(ms(6_500), 'B')
    })
    // Nothing is lost with B: at 6 s its traffic went back to A, and at 6.5 s B has no message.
    expect(failedFrom('timed out').at(-1)).toBe(ms(3_940))
    expect(world.rail.activity.lost).toBe(failedFrom('timed out').length)
  })

  test('behavior: with both down there is no access as soon as it is known', () => {
    const { failedFrom } = run(({ takeDownAt }) => {
      takeDownAt(ms(3_400), 'A')
      takeDownAt(ms(3_500), 'B')
    })
    const refused = failedFrom('no access')
    // What is under way at the heartbeat reaches an acquirer that knows no way into the network.
    expect(refused[0]).toBe(ms(3_950))
    expect(refused.at(-1)).toBe(ms(9_990))
    expect(failedFrom('timed out').at(-1)).toBe(ms(3_940))
  })

  test('behavior: an acquirer that is down gives no access, and loses what it has', () => {
    const { world, ids, failedFrom } = run((each) => {
      const acquirer = `acquirer ${each.rail.acquirerOf(1) + 1}`
      each.takeDownAt(ms(3_005), acquirer)
      each.bringUpAt(ms(4_005), acquirer)
    })
    const [refused, lost] = [failedFrom('no access'), failedFrom('timed out')]
    expect([refused[0], refused.at(-1)]).toEqual([ms(3_010), ms(4_000)])
    expect(world.payments.endedAt(refused[0]! / ms(10))).toBe(refused[0])
    expect([lost[0], lost.at(-1)]).toEqual([ms(2_610), ms(3_000)])
    expect(ids.length - refused.length - lost.length).toBe(world.rail.activity.authorised)
    expect(world.book.inFlight()).toBe(world.rail.activity.authorised * usd(1))
  })

  test('behavior: acquirers may prefer different data centres', () => {
    const attributes = { region: 'us-east-1', operator: 'acquirer' }
    const world = createCardWorld({
      acquirers: [0, 1].map((home) => ({ name: `acquirer ${home}`, attributes, home })),
      parameters: certain({ heartbeat: minutes(1) }),
    })
    world.site('B').takeDown()
    const ids = Array.from({ length: 40 }, (_, to) => world.pay({ to, amount: usd(1) }))
    world.simulation.run({ until: seconds(50) })
    const states = ids.map((id) => world.payments.state(id))
    expect(states).toEqual(
      ids.map((to) => (world.rail.acquirerOf(to) === 0 ? 'included' : 'failed')),
    )
  })
})
