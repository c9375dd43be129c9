import type { NodeId } from '../places.ts'

/** The last arrival on each directed link, so that nothing overtakes it. */
export type ArrivalOrder = {
  /** The earliest time, at or after the given one, that keeps the order of the link. */
  after: (from: NodeId, to: NodeId, arrival: number) => number
  /** Notes an arrival; it must not lie before what `after` gave. */
  note: (from: NodeId, to: NodeId, arrival: number) => void
}

/** Up to so many nodes every pair has its own number: 8 MB. */
const denseMax = 1_000

/** Keeps the order of the links between `size` nodes; `now` is the clock, in µs. */
export const createArrivalOrder = (size: number, now: () => number): ArrivalOrder =>
  size <= denseMax ? createDenseOrder(size) : createSparseOrder(size, now)

function createDenseOrder(size: number): ArrivalOrder {
  const last = new Float64Array(size * size)
  return {
    after: (from, to, arrival) => Math.max(arrival, last[from * size + to]!),
    note: (from, to, arrival) => {
      last[from * size + to] = arrival
    },
  }
}

/**
 * A hash table of the links in use, with open addressing. An arrival in the past holds nothing up,
 * so when the table is full those are dropped: it grows with the messages under way, not with the
 * square of the nodes.
 */
export function createSparseOrder(size: number, now: () => number, capacityMin = 1_024) {
  let capacity = capacityMin
  let used = 0
  /** The link's number plus 1; 0 is an empty cell. */
  let links = new Float64Array(capacity)
  let last = new Float64Array(capacity)

  /** The cell of a link, or the empty one where it belongs. */
  const cellOf = (link: number): number => {
    const mask = capacity - 1
    let cell = Math.imul((link % 4_294_967_296) | 0, 0x9e3779b1)
    cell = (cell ^ (cell >>> 15)) & mask
    while (links[cell] !== 0 && links[cell] !== link) cell = (cell + 1) & mask
    return cell
  }

  const rebuild = (): void => {
    const [oldLinks, oldLast, time] = [links, last, now()]
    let alive = 0
    for (let cell = 0; cell < capacity; cell++) if (oldLast[cell]! > time) alive++
    // At most a quarter full afterwards, so that it is not rebuilt at once.
    capacity = capacityMin
    while (alive * 4 > capacity) capacity *= 2
    links = new Float64Array(capacity)
    last = new Float64Array(capacity)
    used = alive
    for (let cell = 0; cell < oldLinks.length; cell++) {
      if (!(oldLast[cell]! > time)) continue
      const to = cellOf(oldLinks[cell]!)
      links[to] = oldLinks[cell]!
      last[to] = oldLast[cell]!
    }
  }

  const order: ArrivalOrder & { capacity: () => number } = {
    after: (from, to, arrival) => {
      const cell = cellOf(from * size + to + 1)
      return Math.max(arrival, last[cell]!)
    },
    note: (from, to, arrival) => {
      const link = from * size + to + 1
      let cell = cellOf(link)
      if (links[cell] === 0) {
        if (used * 2 >= capacity) {
          rebuild()
          cell = cellOf(link)
        }
        links[cell] = link
        used++
      }
      last[cell] = arrival
    },
    /** Cells of the table. */
    capacity: () => capacity,
  }
  return order
}
