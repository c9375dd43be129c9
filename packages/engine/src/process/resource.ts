import type { Simulation } from '../simulation.ts'
import type { Time } from '../time.ts'
import { ProcessPreempted, ProcessUsageError } from './errors.ts'
import { createLine, type Place } from './line.ts'
import { requireSame } from './process.ts'
import {
  createResourceMeter,
  type ResourceMeter,
  type ResourceStatistics,
} from './resourceMeter.ts'
import { createWait, type Steps, type Wait, type Waiter, type Withdraw } from './wait.ts'

export type AcquireOptions = {
  /** Smaller goes first, as with events; default 0. Equals are served in the order of arrival. */
  priority?: number | undefined
  /** Takes the slot of a less important holder where all are in use; default false. */
  preempt?: boolean | undefined
}

/** A slot of a resource in someone's hands. */
export type Lease = {
  /** Since when. */
  since: Time
  /** False once it has been released or lost to a more important request. */
  isHeld: () => boolean
  /**
   * Gives the slot to whoever waits first. Where it was lost this does nothing, so that a `finally`
   * may always call it.
   *
   * @throws ProcessUsageError at the second call.
   */
  release: () => void
}

/** A number of equal slots and the queue for them. */
export type Resource = {
  name: string
  capacity: number
  acquire: (options?: AcquireOptions) => Wait<Lease>
  /** A slot that is free right now, or `undefined`; also for handlers of events. */
  tryAcquire: () => Lease | undefined
  /**
   * Acquires, does what the body says, and releases whatever happens; as SimPy's `with`.
   *
   * @example
   * yield* counter.use(() => hold(seconds(30)))
   */
  use: <result>(
    body: (lease: Lease) => Wait<result> | Steps<result>,
    options?: AcquireOptions,
  ) => Steps<result>
  inUse: () => number
  /** How many wait. */
  queueLength: () => number
  statistics: () => ResourceStatistics
  /** Begins the statistics anew: at the end of a warm-up. */
  resetStatistics: () => void
}

export type ResourceOptions = {
  name: string
  /** Number of slots; default 1. */
  capacity?: number | undefined
}

/** One request, from asking to giving back. */
type Request = {
  state: 'waiting' | 'held' | 'lost' | 'over'
  /** Who asked; `undefined` for `tryAcquire`. */
  waiter: Waiter<Lease> | undefined
  priority: number
  asked: Time
  since: Time
}

/**
 * Makes a resource: servers, channels, machines. It is SimPy's `Resource`, `PriorityResource` and
 * `PreemptiveResource` in one; which of them is up to the requests.
 *
 * @example
 * const counter = createResource(simulation, { name: 'counter', capacity: 2 })
 * process(simulation, 'customer', function* () {
 *   const slot = yield* counter.acquire()
 *   yield* hold(minutes(3))
 *   slot.release()
 * })
 */
export function createResource(simulation: Simulation, options: ResourceOptions): Resource {
  const { name, capacity = 1 } = options
  checkCapacity(name, capacity)
  const slots = createSlots(simulation, name, capacity)

  const acquire = ({ priority = 0, preempt = false }: AcquireOptions = {}): Wait<Lease> => {
    checkPriority(name, priority)
    return createWait(
      () => `acquire '${name}'`,
      (waiter) => {
        requireSame(simulation, waiter, `the resource '${name}'`)
        return slots.request(waiter, priority, preempt)
      },
    )
  }

  return {
    name,
    capacity,
    acquire,
    tryAcquire: slots.take,
    *use(body, acquireOptions) {
      const lease = yield* acquire(acquireOptions)
      try {
        return yield* body(lease)
      } finally {
        if (lease.isHeld()) lease.release()
      }
    },
    inUse: () => slots.inUse(),
    queueLength: () => slots.waiting(),
    statistics: slots.meter.read,
    resetStatistics: slots.meter.reset,
  }
}

type Slots = {
  request: (waiter: Waiter<Lease>, priority: number, preempt: boolean) => Withdraw
  take: () => Lease | undefined
  inUse: () => number
  waiting: () => number
  meter: ResourceMeter
}

/** The slots themselves: who has them, who waits. */
function createSlots(simulation: Simulation, name: string, capacity: number): Slots {
  /** In the order in which they were granted. */
  const holders = new Set<Request>()
  const queue = createLine<Request>()
  const meter = createResourceMeter(simulation, capacity)

  const grant = (request: Request): Lease => {
    request.state = 'held'
    request.since = simulation.now()
    holders.add(request)
    meter.granted(request.since - request.asked)
    return {
      since: request.since,
      isHeld: () => request.state === 'held',
      release: () => {
        if (request.state === 'over') throw releasedTwice(name)
        giveBack(request)
      },
    }
  }
  const giveBack = (request: Request): void => {
    request.state = 'over'
    if (!holders.delete(request)) return
    const next = queue.first()
    if (next !== undefined) {
      queue.remove(next)
      next.value.waiter!.settle(grant(next.value))
    }
    meter.note(holders.size, queue.size())
  }
  /** Takes the slot of the least important holder, where that one is less important. */
  const evict = (priority: number, by: string): void => {
    let victim: Request | undefined
    for (const holder of holders) {
      if (victim === undefined || holder.priority >= victim.priority) victim = holder
    }
    if (victim === undefined || victim.priority <= priority) return
    victim.state = 'lost'
    holders.delete(victim)
    meter.preempted()
    victim.waiter?.interrupt(new ProcessPreempted({ resource: name, by, since: victim.since }))
  }
  const open = (waiter: Waiter<Lease> | undefined, priority: number): Request => {
    const asked = simulation.now()
    return { state: 'waiting', waiter, priority, asked, since: asked }
  }

  return {
    request: (waiter, priority, preempt) => {
      const request = open(waiter, priority)
      if (holders.size === capacity && preempt) evict(priority, waiter.name)
      let place: Place<Request> | undefined
      if (holders.size < capacity) waiter.settle(grant(request))
      else place = queue.add(request, priority)
      meter.note(holders.size, queue.size())
      return () => {
        if (request.state !== 'waiting') return giveBack(request)
        request.state = 'over'
        queue.remove(place!)
        meter.withdrawn()
        meter.note(holders.size, queue.size())
      }
    },
    take: () => {
      if (holders.size === capacity) return undefined
      const lease = grant(open(undefined, 0))
      meter.note(holders.size, queue.size())
      return lease
    },
    inUse: () => holders.size,
    waiting: () => queue.size(),
    meter,
  }
}

function checkCapacity(name: string, capacity: number): void {
  if (Number.isSafeInteger(capacity) && capacity >= 1) return
  throw new ProcessUsageError(
    `The resource '${name}' needs a whole number of slots, at least 1.`,
    `Found: ${capacity}`,
  )
}

/** Lines are sorted by priority: it must be a number. */
export function checkPriority(name: string, priority: number): void {
  if (!Number.isNaN(priority)) return
  throw new ProcessUsageError(`A request at '${name}' has a priority that is not a number.`)
}

const releasedTwice = (name: string): ProcessUsageError =>
  new ProcessUsageError(
    `A slot of '${name}' was released twice.`,
    'Release it in one place only, for example in a `finally`, or with `use`.',
  )
