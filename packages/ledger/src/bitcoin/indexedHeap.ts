import { widened } from './transactions.ts'

/** A binary heap of small integers that may leave it, or change their rank, from any place. */
export type IndexedHeap = {
  size: () => number
  /** The one before all others, or −1. */
  top: () => number
  has: (id: number) => boolean
  /** Adds one, or puts one right whose rank has changed. */
  put: (id: number) => void
  /** Takes one out, if it is in. */
  remove: (id: number) => void
  /** What stands at a place, from 0; the places below it are 2 · place + 1 and + 2. */
  at: (place: number) => number
}

/**
 * Makes an empty heap.
 *
 * @param before Whether one stands before another: a total order.
 */
export function createIndexedHeap(before: (one: number, other: number) => boolean): IndexedHeap {
  let ids = new Int32Array(64)
  /** One more than the place of an id; 0 where it is not in. */
  let places = new Int32Array(1024)
  let length = 0

  const set = (place: number, id: number): void => {
    ids[place] = id
    places[id] = place + 1
  }
  const siftUp = (start: number, id: number): number => {
    let place = start
    while (place > 0) {
      const parent = (place - 1) >> 1
      const other = ids[parent]!
      if (!before(id, other)) break
      set(place, other)
      place = parent
    }
    set(place, id)
    return place
  }
  const siftDown = (start: number, id: number): void => {
    let place = start
    for (;;) {
      let child = place * 2 + 1
      if (child >= length) break
      const right = child + 1
      if (right < length && before(ids[right]!, ids[child]!)) child = right
      const other = ids[child]!
      if (before(id, other)) break
      set(place, other)
      place = child
    }
    set(place, id)
  }

  return {
    size: () => length,
    top: () => (length > 0 ? ids[0]! : -1),
    has: (id) => id < places.length && places[id] !== 0,
    put: (id) => {
      while (id >= places.length) places = widened(places, new Int32Array(places.length * 2))
      const place = places[id]! - 1
      if (place >= 0) {
        if (siftUp(place, id) === place) siftDown(place, id)
        return
      }
      if (length === ids.length) ids = widened(ids, new Int32Array(length * 2))
      siftUp(length++, id)
    },
    remove: (id) => {
      if (id >= places.length || places[id] === 0) return
      const place = places[id]! - 1
      places[id] = 0
      const last = ids[--length]!
      if (last === id) return
      if (siftUp(place, last) === place) siftDown(place, last)
    },
    at: (place) => ids[place]!,
  }
}

/** Goes through a heap in order without changing it; the heap must not change meanwhile. */
export type HeapWalk = {
  /** The next one, or −1. */
  peek: () => number
  skip: () => void
}

/** Starts a walk at the top of a heap: O(log n) for the n-th step. */
export function walk(
  heap: IndexedHeap,
  before: (one: number, other: number) => boolean,
): HeapWalk {
  /** Places whose parents have been passed, as a heap by what stands there. */
  const frontier = createIndexedHeap((one, other) => before(heap.at(one), heap.at(other)))
  if (heap.size() > 0) frontier.put(0)
  return {
    peek: () => (frontier.size() > 0 ? heap.at(frontier.top()) : -1),
    skip: () => {
      const place = frontier.top()
      frontier.remove(place)
      const child = place * 2 + 1
      if (child < heap.size()) frontier.put(child)
      if (child + 1 < heap.size()) frontier.put(child + 1)
    },
  }
}
