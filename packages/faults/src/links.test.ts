import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { constantLatency, createNetwork } from '@counterpoise/network'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultLinksOf } from './links.ts'
import { type FaultPlan, type LinkFaultEntry, outageWindows } from './plan.ts'
import { type FaultSite, scheduleFaults } from './schedule.ts'
import { sitesHit } from './sitesHit.ts'

const regions = ['east', 'east', 'west', 'west', 'south']
const span = { at: seconds(1), duration: seconds(1) }

/** Two networks of five nodes each; the second has its nodes in reverse order. */
function createWorld() {
  const simulation = createSimulation({ seed: 'links' })
  const log: string[] = []
  const networks = ['tempo', 'card'].map((rail) => {
    const order = rail === 'tempo' ? [0, 1, 2, 3, 4] : [4, 3, 2, 1, 0]
    const places = order.map((index) => ({
      name: `${rail} ${index}`,
      attributes: { region: regions[index]!, operator: 'o' },
      uplinkBytesPerSecond: 1_000_000,
    }))
    const network = createNetwork<number>(simulation, {
      name: rail,
      places,
      latency: constantLatency(ms(10)),
      deliver: (to, from) => {
        const [sender, receiver] = [order[from]!, order[to]!]
        log.push(`${rail} ${sender}→${receiver} ${(simulation.now() - sentAt) / 1_000}`)
      },
    })
    return { rail, order, places, network }
  })
  let sentAt = 0
  const sites = networks.flatMap(({ rail, places, network }) =>
    places.map(({ name, attributes }, node): FaultSite => {
      const takeDown = (): void => network.takeDown(node)
      return { name, role: 'validator', rail, attributes, takeDown, bringUp: () => {} }
    }),
  )
  const links = faultLinksOf(
    networks.map(({ network }, index) => ({
      network,
      sites: [0, 1, 2, 3, 4].map((node) => node + 5 * index),
    })),
  )
  /** What arrives of a message of 1 kB from one node to another, sent at a time. */
  const sent = (rail: number, from: number, to: number, at: number): string[] => {
    simulation.run({ until: at })
    log.length = 0
    sentAt = at
    const { order, network } = networks[rail]!
    network.send(order.indexOf(from), order.indexOf(to), 1, 1_000)
    simulation.run({ until: at + ms(100) })
    return [...log]
  }
  return { simulation, sites, links, sent, log }
}

const during = seconds(1.5)

/** How long messages take during the fault, ms, by rail and link; undefined where none arrives. */
function timesDuring(entry: LinkFaultEntry, pairs: readonly (readonly [number, number, number])[]) {
  return pairs.map(([rail, from, to]) => {
    const world = createWorld()
    scheduleFaults(world.simulation, [entry], world.sites, world.links)
    const [text] = world.sent(rail, from, to, during)
    // Before and after the fault nothing is wrong.
    expect(world.sent(rail, from, to, seconds(3))).toEqual([
      `${rail === 0 ? 'tempo' : 'card'} ${from}→${to} 11`,
    ])
    return text === undefined ? undefined : Number(text.split(' ')[2])
  })
}

describe('each kind', () => {
  test('partition: between the sides, on every network', () => {
    const sides = [{ region: 'east' }, { region: 'west' }]
    const pairs = [
      ...([[0, 0, 2], [0, 2, 0], [1, 1, 3], [0, 0, 1], [1, 2, 3], [0, 0, 4], [1, 4, 2]] as const),
    ]
    expect(timesDuring({ what: 'partition', ...span, sides }, pairs)).toEqual([
      ...[undefined, undefined, undefined, 11, 11, 11, 11],
    ])
    const mode = { slow: ms(30) }
    expect(timesDuring({ what: 'partition', ...span, sides, mode }, pairs)).toEqual([
      ...[41, 41, 41, 11, 11, 11, 11],
    ])
  })

  test('partition: one side is cut off from all others', () => {
    const entry = { what: 'partition', ...span, sides: [{ region: 'east', rail: 'card' }] } as const
    const pairs = [...([[1, 0, 2], [1, 4, 1], [1, 0, 1], [1, 2, 4], [0, 0, 2]] as const)]
    expect(timesDuring(entry, pairs)).toEqual([undefined, undefined, 11, 11, 11])
  })

  test('partition: what is held comes when it is over', () => {
    const { simulation, sites, links, sent, log } = createWorld()
    const sides = [{ region: 'east' }, { region: 'west' }]
    scheduleFaults(simulation, [{ what: 'partition', ...span, sides, mode: 'hold' }], sites, links)
    expect(sent(0, 0, 2, during)).toEqual([])
    simulation.run()
    expect(log).toEqual(['tempo 0→2 511'])
  })

  test('partition: what is sent meanwhile is dropped, where nothing is said', () => {
    const { simulation, sites, links, sent, log } = createWorld()
    const sides = [{ region: 'east' }, { region: 'west' }]
    scheduleFaults(simulation, [{ what: 'partition', ...span, sides }], sites, links)
    expect(sent(0, 0, 2, during)).toEqual([])
    simulation.run()
    expect(log).toEqual([])
  })

  test('delay, throttle and loss: to and from the sites, or one way only', () => {
    const pairs = [...([[0, 0, 2], [0, 2, 0], [0, 2, 3]] as const)]
    const where = { region: 'east' }
    const delay = { kind: 'constant', value: 5 } as const
    expect(timesDuring({ what: 'delay', ...span, where, delay }, pairs)).toEqual([16, 16, 11])
    const to = { region: 'west' }
    expect(timesDuring({ what: 'delay', ...span, where, to, delay }, pairs)).toEqual([16, 11, 11])
    const throttle = { what: 'throttle', ...span, where, to, share: 0.25 } as const
    expect(timesDuring(throttle, pairs)).toEqual([14, 11, 11])
    const loss = { what: 'loss', ...span, where, probability: 1 } as const
    expect(timesDuring(loss, pairs)).toEqual([undefined, undefined, 11])
  })
})

test('the report names the sites of all selectors, and no site is down', () => {
  const { simulation, sites, links } = createWorld()
  const plan: FaultPlan = [
    { what: 'partition', ...span, sides: [{ region: 'south' }, { name: 'tempo 0' }] },
    { what: 'loss', ...span, where: { name: 'card 1' }, to: { name: 'card 4' }, probability: 0.5 },
  ]
  const { hits, isDown } = scheduleFaults(simulation, plan, sites, links)
  expect(hits).toEqual([
    { fault: 0, sites: [0, 4, 5] },
    { fault: 1, sites: [5, 8] },
  ])
  simulation.run({ until: during })
  expect(sites.some((_, site) => isDown(site))).toBe(false)
  expect(outageWindows(plan)).toEqual([{ from: seconds(1), to: seconds(2) }])
})

test('the sites that a fault names are in the order of the list, each once', () => {
  const sites = Array.from({ length: 12 }, (_, site) => ({
    name: `site ${site}`,
    role: site % 5 === 2 ? 'hub' : 'leaf',
    attributes: { region: 'here', operator: 'o' },
  }))
  const where = { role: 'hub' }
  const entry: LinkFaultEntry = { what: 'loss', ...span, where, to: {}, probability: 1 }
  expect(sitesHit(entry, 0, sites)).toEqual(sites.map((_, site) => site))
  expect(sitesHit({ ...entry, to: { name: 'site 11' } }, 0, sites)).toEqual([2, 7, 11])
  const sides = [{ name: ['site 10', 'site 3'] }, where]
  expect(sitesHit({ what: 'partition', ...span, sides }, 0, sites)).toEqual([2, 3, 7, 10])
})

test.each<[LinkFaultEntry, string]>([
  [{ what: 'partition', ...span, sides: [{ region: 'north' }] }, 'it hits nothing'],
  [{ what: 'partition', ...span, sides: [{ region: 'east' }, {}] }, "'tempo 0' is on two of its"],
  [{ what: 'partition', ...span, sides: [{}], mode: { slow: 0.5 } }, 'integer number of µs'],
  [{ what: 'loss', ...span, where: {}, probability: 2 }, 'from 0 to 1'],
  [{ what: 'throttle', ...span, where: {}, share: 0 }, 'above 0'],
  [{ what: 'loss', ...span, where: {}, to: { name: 'x' }, probability: 1 }, 'it hits nothing'],
])('error: %j', (entry, message) => {
  const { simulation, sites, links } = createWorld()
  expect(() => scheduleFaults(simulation, [entry], sites, links)).toThrow(message)
  expect(simulation.pending()).toBe(0)
})

test('error: a fault of links where there are none', () => {
  const { simulation, sites } = createWorld()
  const plan: FaultPlan = [{ what: 'loss', ...span, where: {}, probability: 1 }]
  expect(() => scheduleFaults(simulation, plan, sites)).toThrow('a loss of links, and there are')
})

test('property: faults that overlap leave nothing behind', () => {
  const entry = fc.record({ at: fc.nat(30), duration: fc.nat(30), kind: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
      const world = createWorld()
      const plan = entries.map(({ at, duration, kind }): LinkFaultEntry => {
        const when = { at: ms(at), duration: ms(duration) }
        const where = { region: regions[kind]! }
        if (kind === 0) return { what: 'partition', ...when, sides: [where] }
        if (kind === 1) return { what: 'loss', ...when, where, probability: 1 }
        if (kind === 2) return { what: 'throttle', ...when, where, share: 0.5 }
        return { what: 'delay', ...when, where, delay: { kind: 'constant', value: 50 } }
      })
      scheduleFaults(world.simulation, plan, world.sites, world.links)
      expect(world.sent(0, 0, 2, ms(200))).toEqual(['tempo 0→2 11'])
    }),
    fuzzParameters(50),
  )
})
