import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { ShuffledQueue } from './shuffledQueue.ts'
import { createSimulation, priorities, type Simulation } from './simulation.ts'
import { ms } from './time.ts'

const shuffled = (seed: string, replication = 0): Simulation =>
  createSimulation({ seed, replication, ties: 'shuffle' })

/** The targets of `count` events of one instant, in the order in which they happened. */
function orderOf(simulation: Simulation, count: number): number[] {
  const order: number[] = []
  const note = simulation.define('note', (target) => void order.push(target))
  for (let target = 0; target < count; target++) simulation.at(5, note, target)
  simulation.run()
  return order
}

describe('ties: shuffle', () => {
  test('a run ends after the events of its last instant', () => {
    const simulation = shuffled('until')
    const times: number[] = []
    const note = simulation.define('note', () => void times.push(simulation.now()))
    for (const time of [1, 10, 10, 11]) simulation.at(time, note)
    expect([simulation.run({ until: 10 }), times]).toEqual(['until', [1, 10, 10]])
  })

  test('default: the order of an instant depends on seed and replication, and repeats', () => {
    const order = orderOf(shuffled('a'), 50)
    expect(order.toSorted((one, two) => one - two)).toEqual(Array.from({ length: 50 }, (_, k) => k))
    expect(orderOf(shuffled('a'), 50)).toEqual(order)
    const others = [shuffled('b'), shuffled('a', 1), createSimulation({ seed: 'a' })]
    const orders = [order, ...others.map((simulation) => orderOf(simulation, 50))]
    expect(new Set(orders.map(String)).size).toBe(4)
    expect(orders[3]).toEqual(Array.from({ length: 50 }, (_, k) => k))
  })

  test('each order of an instant is as likely as any other', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 6_000; seed++) {
      const order = String(orderOf(shuffled(`seed ${seed}`), 3))
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - 1_000) ** 2 / 1_000, 0)
    expect(counts.size).toBe(6)
    // 99.9 % of a chi-squared distribution with 5 degrees of freedom.
    expect(chiSquared).toBeLessThan(20.52)
  })

  test('priorities keep their order', () => {
    const simulation = shuffled('phases')
    const order: number[] = []
    for (const priority of Object.values(priorities)) {
      const kind = simulation.define(`${priority}`, () => void order.push(priority), priority)
      for (let count = 0; count < 20; count++) simulation.at(1, kind)
    }
    simulation.run()
    expect(order).toEqual(order.toSorted((one, two) => one - two))
  })

  test('what an event schedules for its own instant follows it, among its siblings', () => {
    const places = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const simulation = shuffled(`cause ${seed}`)
      const order: string[] = []
      const effect = simulation.define('effect', () => void order.push('effect'))
      const urgent = simulation.define('urgent', () => void order.push('urgent'), -1)
      const cause = simulation.define('cause', () => {
        order.push('cause')
        simulation.after(0, effect)
        simulation.after(0, urgent)
      })
      const sibling = simulation.define('sibling', () => void order.push('sibling'))
      simulation.at(1, cause)
      simulation.at(1, sibling)
      simulation.run()
      places.add(order.join(' '))
    }
    expect([...places].sort()).toEqual([
      'cause urgent effect sibling',
      'cause urgent sibling effect',
      'sibling cause urgent effect',
    ])
  })

  test('a run that is paused and resumed is one run; its digest is another than under fifo', () => {
    const whole = createSmallWorld({ seed: 'pause', ties: 'shuffle' })
    whole.run({ until: ms(2_000) })
    const parts = createSmallWorld({ seed: 'pause', ties: 'shuffle' })
    for (let time = 0; time <= 2_000; time += 7) parts.run({ until: ms(time) })
    while (parts.run({ until: ms(2_000), eventsMax: 13 }) === 'events');
    expect(parts.digest()).toBe(whole.digest())
    const fifo = createSmallWorld({ seed: 'pause' })
    fifo.run({ until: ms(2_000) })
    expect(fifo.digest()).not.toBe(whole.digest())
  })
})

describe('ShuffledQueue', () => {
  const event = fc.record({
    time: fc.nat(3),
    priority: fc.integer({ min: -128, max: 127 }).map((priority) => priority % 2),
    isCancelled: fc.boolean(),
  })

  /** The sequence numbers in the order of leaving. */
  const drained = (queue: ShuffledQueue): number[] => {
    const left: number[] = []
    while (queue.peek() < Number.POSITIVE_INFINITY) {
      const next = queue.peek()
      queue.pop()
      expect(queue.time).toBe(next)
      left.push(queue.target)
    }
    expect([queue.pop(), queue.size]).toEqual([false, 0])
    return left
  }

  test('two tied events leave in one order, whatever else is or was pending', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), fc.string(), (events, seed) => {
        const fill = (isTied: boolean): { queue: ShuffledQueue; handles: number[] } => {
          const queue = new ShuffledQueue({ seed, replication: 0 })
          const handles = events.map(({ time, priority }, k) =>
            queue.push(isTied ? 0 : time, isTied ? 0 : priority, 1, k, 0, 0, 0),
          )
          return { queue, handles }
        }
        const places = drained(fill(true).queue)
        const { queue, handles } = fill(false)
        events.forEach(({ isCancelled }, k) => {
          if (isCancelled) expect(queue.cancel(handles[k]!)).toBe(true)
          if (isCancelled) expect(queue.cancel(handles[k]!)).toBe(false)
        })
        const kept = places.filter((k) => !events[k]!.isCancelled)
        expect(queue.size).toBe(kept.length)
        // Sorting is stable, so ties stay in the order of the drawn places.
        const expected = kept.toSorted(
          (one, two) =>
            events[one]!.time - events[two]!.time || events[one]!.priority - events[two]!.priority,
        )
        expect(drained(queue)).toEqual(expected)
        expect(handles.some((handle) => queue.cancel(handle))).toBe(false)
      }),
      fuzzParameters(200),
    )
  })
})
