import type { Simulation } from '../simulation.ts'
import { ProcessUsageError } from './errors.ts'
import { createLevel } from './level.ts'
import { createLine, type Line } from './line.ts'
import { requireSame } from './process.ts'
import { checkPriority } from './resource.ts'
import { createWait, type Wait, type Waiter, type Withdraw } from './wait.ts'

/** A shelf of things that processes put there and take away, in order. */
export type Store<item> = {
  name: string
  /** Waits for a free place where the store is full. Puts are served in the order of arrival. */
  put: (item: item) => Wait
  /** Waits for the first item, or the first that `where` holds for. */
  get: {
    <kind extends item>(options: {
      where: (item: item) => item is kind
      priority?: number | undefined
    }): Wait<kind>
    (options?: GetOptions<item>): Wait<item>
  }
  /** Puts at once, from a handler of an event for example. False where the store is full. */
  tryPut: (item: item) => boolean
  /** The first item, taken at once, or `undefined`; also for handlers of events. */
  tryGet: () => item | undefined
  size: () => number
  /** How many wait for an item. */
  gettersWaiting: () => number
  /** How many wait for a place. */
  puttersWaiting: () => number
  /** Items in the store since the last reset: their mean over time, and the largest number. */
  statistics: () => { meanSize: number; sizeMax: number }
  /** Begins the statistics anew: at the end of a warm-up. */
  resetStatistics: () => void
}

export type GetOptions<item> = {
  /**
   * Which items will do. It must look at nothing but the item: an item is shown to a request that
   * waits only once.
   */
  where?: ((item: item) => boolean) | undefined
  /** Among those that wait for an item the smallest is served first; default 0. */
  priority?: number | undefined
}

export type StoreOptions<item> = {
  name: string
  /** How many items have room; default: any number. */
  capacity?: number | undefined
  /** The smallest comes out first; without it the oldest does. Equals come out by age. */
  priority?: ((item: item) => number) | undefined
}

type Wanted<item> = { waiter: Waiter<item>; where: ((item: item) => boolean) | undefined }
type Getter<item> = Wanted<item> & { settle: (item: item) => void }
type Putter<item> = { waiter: Waiter<void>; item: item }

/**
 * Makes a store. It is SimPy's `Store`, `FilterStore` (`get({ where })`) and `PriorityStore`
 * (`priority`) in one.
 *
 * @example
 * const mailbox = createStore<Message>(simulation, { name: 'mailbox' })
 * process(simulation, 'reader', function* () {
 *   for (;;) read(yield* mailbox.get())
 * })
 */
export function createStore<item>(
  simulation: Simulation,
  options: StoreOptions<item>,
): Store<item> {
  const { name, capacity = Number.POSITIVE_INFINITY } = options
  if (!(capacity >= 1)) {
    throw new ProcessUsageError(
      `The store '${name}' needs room for at least one item.`,
      `Found: a capacity of ${capacity}`,
    )
  }
  const size = createLevel(simulation, 0)
  const shelf = createShelf(name, capacity, options.priority ?? (() => 0), size.set)

  return {
    name,
    put: (item) =>
      createWait(
        () => `put into '${name}'`,
        (waiter) => {
          requireSame(simulation, waiter, `the store '${name}'`)
          return shelf.put({ waiter, item })
        },
      ),
    get: ({ where, priority = 0 }: GetOptions<item> = {}): Wait<never> => {
      checkPriority(name, priority)
      return createWait<item>(
        () => `get from '${name}'`,
        (waiter) => {
          requireSame(simulation, waiter, `the store '${name}'`)
          return shelf.get({ waiter, where }, priority)
        },
      ) as Wait<never>
    },
    tryPut: (item) => shelf.items.size() < capacity && shelf.accept(item),
    tryGet: () => shelf.take(undefined)?.value,
    size: shelf.items.size,
    gettersWaiting: shelf.getters.size,
    puttersWaiting: shelf.putters.size,
    statistics: () => ({ meanSize: size.mean(), sizeMax: size.max() }),
    resetStatistics: size.reset,
  }
}

type Shelf<item> = {
  items: Line<item>
  getters: Line<Getter<item>>
  putters: Line<Putter<item>>
  get: (getter: Wanted<item>, priority: number) => Withdraw
  put: (putter: Putter<item>) => Withdraw
  /** Hands an item to the first who waits for such a one, or keeps it. Always true. */
  accept: (item: item, inFront?: boolean) => true
  take: (where: Wanted<item>['where']) => { value: item } | undefined
}

/** The items and the two lines beside them. */
function createShelf<item>(
  name: string,
  capacity: number,
  rank: (item: item) => number,
  onSize: (size: number) => void,
): Shelf<item> {
  const items = createLine<item>()
  const getters = createLine<Getter<item>>()
  const putters = createLine<Putter<item>>()

  const accept: Shelf<item>['accept'] = (item, inFront = false) => {
    const priority = rank(item)
    checkPriority(name, priority)
    const getter = getters.find(({ where }) => where === undefined || where(item))
    if (getter === undefined) {
      items.add(item, priority, inFront)
      onSize(items.size())
    } else {
      getters.remove(getter)
      getter.value.settle(item)
    }
    return true
  }
  const take: Shelf<item>['take'] = (where) => {
    const place = where === undefined ? items.first() : items.find(where)
    if (place === undefined) return undefined
    items.remove(place)
    onSize(items.size())
    while (items.size() < capacity) {
      const putter = putters.first()
      if (putter === undefined) break
      putters.remove(putter)
      accept(putter.value.item)
      putter.value.waiter.settle()
    }
    return place
  }

  return {
    ...{ items, getters, putters, accept, take },
    get: (getter, priority) => {
      const found = take(getter.where)
      if (found !== undefined) {
        getter.waiter.settle(found.value)
        return () => accept(found.value, true)
      }
      let given: { value: item } | undefined
      const settle = (value: item): void => {
        given = { value }
        getter.waiter.settle(value)
      }
      const place = getters.add({ ...getter, settle }, priority)
      return () => {
        if (given === undefined) getters.remove(place)
        else accept(given.value, true)
      }
    },
    put: (putter) => {
      if (items.size() < capacity) {
        accept(putter.item)
        putter.waiter.settle()
        return () => undefined
      }
      const place = putters.add(putter, 0)
      return () => putters.remove(place)
    },
  }
}
