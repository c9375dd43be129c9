/** Who stands in a line, and where. */
export type Place<value> = {
  value: value
  priority: number
  /** Breaks ties: who came first, or is put in front. */
  order: number
  /** Position in the heap; −1 once it has left. */
  index: number
}

/** A line of waiting things: smallest priority first, then in the order of arrival. */
export type Line<value> = {
  size: () => number
  /** Joins the line behind all of its priority, or in front of them. */
  add: (value: value, priority: number, inFront?: boolean) => Place<value>
  first: () => Place<value> | undefined
  /** The first that a predicate holds for; the whole line is searched. */
  find: (holds: (value: value) => boolean) => Place<value> | undefined
  /** False where it has left already. */
  remove: (place: Place<value>) => boolean
}

/** An empty line: a binary heap that knows everyone's position. */
export function createLine<value>(): Line<value> {
  const heap: Place<value>[] = []
  let last = 0
  let front = 0

  const put = (place: Place<value>, index: number): void => {
    heap[index] = place
    place.index = index
  }
  const rise = (place: Place<value>, from: number): void => {
    let index = from
    while (index > 0) {
      const above = heap[(index - 1) >> 1]!
      if (!precedes(place, above)) break
      put(above, index)
      index = (index - 1) >> 1
    }
    put(place, index)
  }
  const sink = (place: Place<value>, from: number): void => {
    let index = from
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && precedes(heap[child + 1]!, heap[child]!)) child++
      if (!precedes(heap[child]!, place)) break
      put(heap[child]!, index)
      index = child
    }
    put(place, index)
  }

  return {
    size: () => heap.length,
    add: (value, priority, inFront = false) => {
      const order = inFront ? --front : ++last
      const place = { value, priority, order, index: heap.length }
      heap.push(place)
      rise(place, place.index)
      return place
    },
    first: () => heap[0],
    find: (holds) => {
      let best: Place<value> | undefined
      for (const place of heap) {
        if ((best === undefined || precedes(place, best)) && holds(place.value)) best = place
      }
      return best
    },
    remove: (place) => {
      const { index } = place
      if (index < 0) return false
      place.index = -1
      const moved = heap.pop()!
      if (moved !== place) {
        if (precedes(moved, place)) rise(moved, index)
        else sink(moved, index)
      }
      return true
    },
  }
}

const precedes = <value>(one: Place<value>, other: Place<value>): boolean =>
  one.priority < other.priority || (one.priority === other.priority && one.order < other.order)
