import type { Simulation } from '../simulation.ts'
import { ProcessUsageError } from './errors.ts'
import { createLevel } from './level.ts'
import { createLine } from './line.ts'
import { requireSame } from './process.ts'
import { checkPriority } from './resource.ts'
import { createWait, type Wait, type Waiter } from './wait.ts'

/** An amount of something that flows in and out: fuel, liquidity, gas. */
export type Container = {
  name: string
  capacity: number
  /** Waits until the amount has room. */
  put: (amount: number, options?: AmountOptions) => Wait
  /** Waits until the amount is there. Who asks for much is not overtaken by who asks for little. */
  get: (amount: number, options?: AmountOptions) => Wait
  level: () => number
  gettersWaiting: () => number
  puttersWaiting: () => number
  /** The level since the last reset: its mean over time, and the largest one. */
  statistics: () => { meanLevel: number; levelMax: number }
  /** Begins the statistics anew: at the end of a warm-up. */
  resetStatistics: () => void
}

export type AmountOptions = {
  /** Among those that wait the smallest is served first; default 0. */
  priority?: number | undefined
}

export type ContainerOptions = {
  name: string
  /** The largest level; default: any. */
  capacity?: number | undefined
  /** The level at the beginning; default 0. */
  level?: number | undefined
}

type Side = 'put' | 'get'
type Request = { waiter: Waiter<void>; amount: number; served: boolean }

/**
 * Makes a container. Amounts may be fractions, which add up with their usual rounding; integers are
 * exact up to 2⁵³.
 *
 * @example
 * const tank = createContainer(simulation, { name: 'tank', capacity: 200, level: 200 })
 * // In a process: yield* tank.get(40)
 */
export function createContainer(simulation: Simulation, options: ContainerOptions): Container {
  const { name, capacity = Number.POSITIVE_INFINITY, level: initial = 0 } = options
  if (!(capacity > 0) || !(initial >= 0 && initial <= capacity) || !Number.isFinite(initial)) {
    throw new ProcessUsageError(
      `The container '${name}' needs a capacity above 0 and a finite level from 0 to that.`,
      `Found: a capacity of ${capacity}, a level of ${initial}`,
    )
  }
  const meter = createLevel(simulation, initial)
  const lines = { put: createLine<Request>(), get: createLine<Request>() }
  let level = initial

  /** What the first of a line asks for happens, if it can. */
  const serve = (side: Side): boolean => {
    const place = lines[side].first()
    if (place === undefined) return false
    const { amount, waiter } = place.value
    const next = side === 'put' ? level + amount : level - amount
    if (next < 0 || next > capacity) return false
    level = next
    meter.set(level)
    lines[side].remove(place)
    place.value.served = true
    waiter.settle()
    return true
  }
  const serveAll = (): void => {
    while (serve('put') || serve('get'));
  }
  const ask = (side: Side, amount: number, priority = 0): Wait => {
    checkAmount(name, amount, capacity)
    checkPriority(name, priority)
    const what = (): string => `${side} ${amount} ${side === 'put' ? 'into' : 'from'} '${name}'`
    return createWait<void>(what, (waiter) => {
      requireSame(simulation, waiter, `the container '${name}'`)
      const request: Request = { waiter, amount, served: false }
      const place = lines[side].add(request, priority)
      serveAll()
      return () => {
        if (!request.served) lines[side].remove(place)
        else if (side === 'get') meter.set((level += amount))
        serveAll()
      }
    })
  }

  return {
    name,
    capacity,
    put: (amount, { priority } = {}) => ask('put', amount, priority),
    get: (amount, { priority } = {}) => ask('get', amount, priority),
    level: () => level,
    gettersWaiting: lines.get.size,
    puttersWaiting: lines.put.size,
    statistics: () => ({ meanLevel: meter.mean(), levelMax: meter.max() }),
    resetStatistics: meter.reset,
  }
}

function checkAmount(name: string, amount: number, capacity: number): void {
  if (amount > 0 && amount <= capacity && Number.isFinite(amount)) return
  throw new ProcessUsageError(
    `An amount at '${name}' must be finite, above 0 and at most the capacity of ${capacity}.`,
    `Found: ${amount}`,
    amount > capacity ? 'It would be waited for without end.' : 'Put and get say which way.',
  )
}
