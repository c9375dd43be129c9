import { describe, expect, test } from 'vitest'
import { createSimulation, type Simulation } from '../simulation.ts'
import { allOf, anyOf, within } from './combine.ts'
import { ProcessPreempted, ProcessUsageError } from './errors.ts'
import { hold, process } from './process.ts'
import { type AcquireOptions, createResource, type Lease, type Resource } from './resource.ts'

const world = (capacity = 1) => {
  const simulation = createSimulation({ seed: 'resources' })
  const resource = createResource(simulation, { name: 'desk', capacity })
  const log: string[] = []
  const say = (text: string): number => log.push(`${simulation.now()} ${text}`)
  return { simulation, resource, log, say }
}

/** A process that comes, uses a slot and goes, and says so. */
const visit = (
  { simulation, resource, say }: ReturnType<typeof world>,
  name: string,
  [delay, service]: [number, number],
  options: AcquireOptions = {},
): unknown =>
  process(
    simulation,
    name,
    function* () {
      yield* resource.use(function* () {
        say(`${name} in`)
        yield* hold(service)
      }, options)
      say(`${name} out`)
    },
    { delay },
  )

describe('a resource', () => {
  test('serves in the order of arrival, as many as it has slots', () => {
    const here = world(2)
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) visit(here, name, [index, 5])
    here.simulation.run()
    expect(here.log).toEqual([
      ...['0 a in', '1 b in', '5 a out', '5 c in', '6 b out', '6 d in', '10 c out', '11 d out'],
    ])
  })

  test('serves the smallest priority first, equals in the order of arrival', () => {
    const here = world()
    visit(here, 'first', [0, 10])
    for (const [name, priority] of [['a', 2], ['b', -1], ['c', 2], ['d', 0.5]] as const) {
      visit(here, name, [1, 1], { priority })
    }
    here.simulation.run()
    expect(here.log.filter((line) => line.endsWith('in'))).toEqual([
      ...['0 first in', '10 b in', '11 d in', '12 a in', '13 c in'],
    ])
  })

  test('measures itself over time', () => {
    const here = world(2)
    for (const name of ['a', 'b', 'c']) visit(here, name, [0, 10])
    here.simulation.run({ until: 40 })
    expect(here.resource.statistics()).toEqual({
      ...{ utilisation: 30 / 80, meanInUse: 0.75, meanQueue: 0.25, queueMax: 1 },
      ...{ granted: 3, withdrawn: 0, preempted: 0, meanWait: 10 / 3, waitMax: 10 },
    })
    here.resource.resetStatistics()
    here.simulation.run({ until: 50 })
    expect(here.resource.statistics()).toMatchObject({ utilisation: 0, granted: 0, queueMax: 0 })
  })

  test('forgets at a reset what happened before, not who is there', () => {
    const here = world(2)
    for (const name of ['a', 'b', 'c']) visit(here, name, [0, 10])
    here.simulation.run({ until: 4 })
    here.resource.resetStatistics()
    here.simulation.run({ until: 8 })
    expect(here.resource.statistics()).toMatchObject({
      ...{ utilisation: 1, meanQueue: 1, queueMax: 1, granted: 0, meanWait: 0 },
    })
  })

  test('who gives up waiting leaves the queue', () => {
    const here = world()
    const { simulation, resource, say, log } = here
    visit(here, 'long', [0, 10])
    process(simulation, 'hasty', function* () {
      say(String(yield* within(4, resource.acquire())))
      expect(resource.queueLength()).toBe(1)
    })
    const disturbed = process(simulation, 'disturbed', function* () {
      yield* resource.acquire()
    })
    process(simulation, 'end', function* () {
      yield* hold(5)
      disturbed.interrupt()
      expect(resource.queueLength()).toBe(0)
    })
    expect(() => simulation.run()).toThrow('interrupted')
    expect(log).toEqual(['0 long in', '4 undefined'])
    // Two wait until 4, one until 5.
    expect(resource.statistics()).toMatchObject({ withdrawn: 2, meanQueue: 9 / 5 })
  })

  test('waits count for those who got a slot in the end', () => {
    const here = world()
    const { simulation, resource } = here
    visit(here, 'long', [0, 10])
    process(simulation, 'hasty', function* () {
      yield* within(4, resource.acquire())
    })
    visit(here, 'patient', [2, 1])
    simulation.run()
    const counts = { granted: 2, withdrawn: 1, meanWait: 4, waitMax: 8 }
    expect(resource.statistics()).toMatchObject(counts)
  })

  test('all of: an interrupt gives back what had been granted', () => {
    const { simulation, resource } = world(1)
    const greedy = process(simulation, 'greedy', function* () {
      try {
        yield* allOf([resource.acquire(), resource.acquire()])
      } catch {
        expect([resource.inUse(), resource.queueLength()]).toEqual([0, 0])
      }
      const lease = yield* resource.acquire()
      return lease.isHeld()
    })
    simulation.run()
    expect([resource.inUse(), resource.queueLength()]).toEqual([1, 1])
    greedy.interrupt()
    simulation.run()
    expect([greedy.isAlive(), resource.inUse()]).toEqual([false, 1])
  })

  test('nested combinations give back as well', () => {
    const { simulation, resource } = world()
    const foreign = world().resource
    process(simulation, 'a', function* (self) {
      for (const wait of [
        allOf([anyOf([resource.acquire(), hold(9)]), hold(100)]),
        allOf([anyOf([hold(100), hold(9)]), within(50, resource.acquire()), hold(100)]),
      ]) {
        process(simulation, 'disturber', function* () {
          yield* hold(5)
          expect(resource.inUse()).toBe(1)
          self.interrupt()
        })
        try {
          yield* wait
        } catch {
          expect(resource.inUse()).toBe(0)
        }
      }
      // What cannot be asked for takes back what was asked for before it.
      try {
        yield* allOf([resource.acquire(), foreign.acquire()])
      } catch (error) {
        expect((error as Error).message).toContain('of another simulation')
      }
      expect(resource.inUse()).toBe(0)
    })
    simulation.run()
    expect(simulation.now()).toBe(10)
  })

  test('any of: only what came is kept', () => {
    const { simulation, resource } = world(2)
    const other = createResource(simulation, { name: 'other' })
    process(simulation, 'a', function* () {
      const first = yield* anyOf([other.acquire(), resource.acquire(), other.acquire()])
      expect([first.index, other.inUse(), resource.inUse()]).toEqual([0, 1, 0])
    })
    simulation.run()
    expect([other.queueLength(), resource.queueLength()]).toEqual([0, 0])
  })

  test('a slot can be had and given back outside processes', () => {
    const { simulation, resource } = world()
    const lease = resource.tryAcquire()!
    expect(resource.tryAcquire()).toBeUndefined()
    const late = process(simulation, 'late', () => resource.use(() => hold(3)))
    simulation.run()
    expect(late.isAlive()).toBe(true)
    lease.release()
    simulation.run()
    expect([late.isAlive(), resource.inUse(), simulation.now()]).toEqual([false, 0, 3])
  })
})

describe('preemption', () => {
  const preempting = { priority: -1, preempt: true }

  test('takes the slot of the least important holder, the youngest of equals', () => {
    const here = world(3)
    const { simulation, resource, log, say } = here
    for (const [name, priority] of [['a', 0], ['b', 1], ['c', 1]] as const) {
      process(simulation, name, function* () {
        const lease = yield* resource.acquire({ priority })
        try {
          yield* hold(10)
        } catch (error) {
          if (!(error instanceof ProcessPreempted)) throw error
          say(`${name} lost ${error.resource} of ${error.since} to ${error.by}: ${lease.isHeld()}`)
        } finally {
          lease.release()
        }
        expect(() => lease.release()).toThrow(ProcessUsageError)
      })
    }
    visit(here, 'chief', [4, 1], preempting)
    visit(here, 'polite', [4, 1], { priority: -1 })
    simulation.run()
    expect(log).toEqual([
      ...['4 c lost desk of 0 to chief: false', '4 chief in', '5 chief out', '5 polite in'],
      '6 polite out',
    ])
    expect(resource.statistics().preempted).toBe(1)
    expect(resource.inUse()).toBe(0)
  })

  test('spares equals and the more important; then the request waits', () => {
    const here = world()
    visit(here, 'equal', [0, 10], { priority: -1 })
    visit(here, 'chief', [4, 1], preempting)
    here.simulation.run()
    expect(here.log).toEqual(['0 equal in', '10 equal out', '10 chief in', '11 chief out'])
  })

  test('at the instant of the grant: the victim learns of it at its next wait', () => {
    const { simulation, resource, log, say } = world()
    process(simulation, 'victim', function* () {
      const lease = yield* resource.acquire()
      say(`has it: ${lease.isHeld()}`)
      try {
        yield* hold(5)
      } catch (error) {
        say((error as Error).name)
      }
    })
    process(simulation, 'chief', function* () {
      yield* resource.acquire(preempting)
      say('chief')
    })
    simulation.run()
    expect(log).toEqual(['0 has it: false', '0 chief', '0 ProcessPreempted'])
  })
})

describe('mistakes', () => {
  test('releasing twice', () => {
    const { simulation, resource } = world()
    let lease: Lease | undefined
    process(simulation, 'a', function* () {
      lease = yield* resource.acquire()
    })
    simulation.run()
    lease!.release()
    expect(() => lease!.release()).toThrow("A slot of 'desk' was released twice.")
    expect(resource.inUse()).toBe(0)
  })

  test('a body that releases by itself, or throws', () => {
    const { simulation, resource } = world()
    process(simulation, 'a', function* () {
      const value = yield* resource.use(function* (lease) {
        yield* hold(1)
        lease.release()
        return 'value'
      })
      expect(value).toBe('value')
      yield* resource.use(() => {
        throw new Error('on purpose')
      })
    })
    expect(() => simulation.run()).toThrow('on purpose')
    expect(resource.inUse()).toBe(0)
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity])('a capacity of %d', (capacity) => {
    expect(() => world(capacity)).toThrow("'desk' needs a whole number of slots")
  })

  test('a priority that is no number, a process of another simulation', () => {
    const { resource } = world()
    expect(() => resource.acquire({ priority: Number.NaN })).toThrow('not a number')
    const { simulation } = world()
    const stray = (foreign: Resource, at: Simulation): unknown =>
      process(at, 'stray', function* () {
        yield* foreign.acquire()
      })
    stray(resource, simulation)
    expect(() => simulation.run()).toThrow("waits for the resource 'desk' of another simulation")
  })
})
