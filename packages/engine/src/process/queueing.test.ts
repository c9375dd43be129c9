import { describe, expect, test } from 'vitest'
import { exponential } from '../distributions.ts'
import { createSimulation } from '../simulation.ts'
import { microseconds, type Time } from '../time.ts'
import { hold, process } from './process.ts'
import { createResource } from './resource.ts'
import type { ResourceStatistics } from './resourceMeter.ts'

type Class = { rate: number; priority?: number }
type Queue = {
  servers: number
  /** Arrivals per mean service. */
  classes: readonly Class[]
  service: 'exponential' | 'constant'
  preemptive?: boolean
}
type Run = ResourceStatistics & { waits: number[] }

const unit = 1_000_000
const customers = 6_000

/** One replication, after a warm-up. Mean waits by class, in mean service times. */
function serve({ servers, classes, service }: Queue, replication: number): Run {
  const simulation = createSimulation({ seed: 'queueing', replication })
  const desk = createResource(simulation, { name: 'desk', capacity: servers })
  const sums = classes.map(() => ({ wait: 0, count: 0 }))
  const services = simulation.stream('service')
  const serviceTime = (): Time =>
    service === 'constant' ? unit : microseconds(exponential(services, unit))
  const total = classes.reduce((sum, each) => sum + each.rate, 0)
  const warmUp = (unit * customers) / total / 6
  classes.forEach(({ rate, priority = 0 }, index) => {
    const arrivals = simulation.stream('arrivals', index)
    process(simulation, `source ${index}`, function* () {
      for (;;) {
        yield* hold(microseconds(exponential(arrivals, unit / rate)))
        const arrived = simulation.now()
        process(simulation, 'customer', function* () {
          const slot = yield* desk.acquire({ priority })
          if (arrived >= warmUp) {
            sums[index]!.wait += simulation.now() - arrived
            sums[index]!.count++
          }
          yield* hold(serviceTime())
          slot.release()
        })
      }
    })
  })
  simulation.run({ until: Math.round(warmUp) })
  desk.resetStatistics()
  simulation.run({ until: Math.round(7 * warmUp) })
  return { ...desk.statistics(), waits: sums.map(({ wait, count }) => wait / count / unit) }
}

/** How many standard errors the mean of replications is from what it should be. */
function deviation(values: readonly number[], expected: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return (mean - expected) / Math.sqrt(squares / (values.length - 1) / values.length)
}

/** Erlang's C: the share of customers that wait. */
function erlangC(servers: number, load: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked)
  return blocked / (1 - (load / servers) * (1 - blocked))
}

describe('queues agree with closed forms', () => {
  /** Student's t with 9 degrees of freedom: beyond 4.78 once in a thousand. */
  const critical = 4.78
  const replications = Array.from({ length: 10 }, (_, replication) => replication)

  test.each([
    ['M/M/1', 1, 0.7, 'exponential', 0.7 / 0.3],
    ['M/D/1', 1, 0.7, 'constant', 0.7 / 0.6],
    ['M/M/3', 3, 2.4, 'exponential', erlangC(3, 2.4) / (3 - 2.4)],
  ] as const)('%s', (_, servers, rate, service, expected) => {
    const runs = replications.map((n) => serve({ servers, classes: [{ rate }], service }, n))
    const distance = (of: (run: Run) => number, value: number): number =>
      Math.abs(deviation(runs.map(of), value))
    expect(distance((run) => run.waits[0]!, expected)).toBeLessThan(critical)
    expect(distance((run) => run.meanWait / unit, expected)).toBeLessThan(critical)
    expect(distance((run) => run.utilisation, rate / servers)).toBeLessThan(critical)
    // Little's law: the mean queue is rate times wait.
    expect(distance((run) => run.meanQueue, rate * expected)).toBeLessThan(critical)
    // The test can tell: it would not take a wait a quarter longer for the right one.
    expect(distance((run) => run.waits[0]! * 1.25, expected)).toBeGreaterThan(critical)
  })

  test('M/M/1 with priorities (Cobham)', () => {
    const classes = [
      { rate: 0.3, priority: 0 },
      { rate: 0.4, priority: 1 },
    ]
    const runs = replications.map((n) => serve({ servers: 1, classes, service: 'exponential' }, n))
    // Residual work of 0.7, seen by an arrival, over what the classes before it leave.
    const expected = [0.7 / 0.7, 0.7 / (0.7 * 0.3)]
    expected.forEach((wait, index) => {
      const waits = runs.map((run) => run.waits[index]!)
      expect(Math.abs(deviation(waits, wait))).toBeLessThan(critical)
    })
  })
})
