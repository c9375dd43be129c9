import { chunkRecords, Chunks, recordWords, word } from './chunks.ts'

const capacityMin = 128
/** In a longer run the place of an event is searched by steps that double, then by halves. */
const linearMax = 96
/** What is sorted by insertion; only events of one instant are ever more. */
const insertionMax = 64
/** The list that the records of the bottom are in. */
export const bottomList = 1

/**
 * The earliest events of a queue, sorted by time and priority; equal ones in the order in which
 * they came. Times and places stand here in order; the records stay in their list.
 *
 * An event is inserted from the nearer end: one that is due at once does not pass all others.
 */
export class Bottom extends Chunks {
  /** Times in order, of which those from `first` to before `last` are pending. */
  keys = new Float64Array(capacityMin)
  /** The places of their records; from `spare` to before `first`, places that are free. */
  order = new Int32Array(capacityMin)
  first = 0
  last = 0
  private spare = 0

  /** The memory that the columns take. */
  get bytes(): number {
    return this.storeBytes + this.keys.byteLength + this.order.byteLength
  }

  /** The priority of the event at a place of the run. */
  protected priorityAt(at: number): number {
    return this.words[this.order[at]! * recordWords + word.head]! >> 24
  }

  /** Lets go of all records, and of the columns where they are large. */
  protected clearBottom(): void {
    this.clear(bottomList)
    this.first = 0
    this.last = 0
    this.spare = 0
    if (this.keys.length > 64 * capacityMin) this.resize(capacityMin)
  }

  /** Makes room for a record in its order and returns its place. */
  protected insert(time: number, priority: number): number {
    if (this.last === this.keys.length) this.makeRoom()
    const { keys, order, first, last, spare } = this
    const count = last - first
    let record: number
    let at: number
    if (first > 0 && count > 0 && count <= linearMax && time < keys[first + (count >> 1)]!) {
      // The event at the middle is later, so that the search ends there.
      if (spare < first) record = order[first - 1]!
      else {
        record = this.append(bottomList)
        this.spare = first - 1
      }
      at = first
      while (keys[at]! <= time) {
        if (keys[at] === time && this.priorityAt(at) > priority) break
        keys[at - 1] = keys[at]!
        order[at - 1] = order[at]!
        at++
      }
      at--
      this.first = first - 1
    } else {
      if (spare < first) {
        record = order[spare]!
        this.spare = spare + 1
      } else record = this.append(bottomList)
      if (count > linearMax) at = this.openGap(time, priority)
      else {
        at = last
        while (at > first && keys[at - 1]! >= time) {
          if (keys[at - 1] === time && this.priorityAt(at - 1) <= priority) break
          keys[at] = keys[at - 1]!
          order[at] = order[at - 1]!
          at--
        }
        this.last = last + 1
      }
    }
    keys[at] = time
    order[at] = record
    return record
  }

  /** Sorts the records that the list was given, so many; there were none before. */
  protected loadBottom(count: number): void {
    if (count > this.keys.length) this.resize(count + capacityMin)
    this.first = 0
    this.last = count
    this.spare = 0
    if (count <= insertionMax) this.sortInto()
    else this.sortLong(count)
  }

  /** Inserts the records of the list one by one. */
  private sortInto(): void {
    const { keys, order, times, after, last } = this
    let chunk = this.head(bottomList)
    let place = 0
    for (;;) {
      let record = chunk * chunkRecords
      const end = last - place < chunkRecords ? last : place + chunkRecords
      for (; place < end; place++, record++) {
        const time = times[record * 4]!
        let at = place
        // As little as can be in this loop: with a call in it, all columns are looked up anew.
        while (at > 0 && keys[at - 1]! > time) {
          keys[at] = keys[at - 1]!
          order[at] = order[at - 1]!
          at--
        }
        if (at > 0 && keys[at - 1] === time) at = this.passEqual(at, this.priorityOf(record))
        keys[at] = time
        order[at] = record
      }
      if (place === last) return
      chunk = after[chunk]!
    }
  }

  /** Moves a gap on, before events of the same time and a higher priority. */
  private passEqual(gap: number, priority: number): number {
    const { keys, order } = this
    const time = keys[gap - 1]!
    let at = gap
    while (at > 0 && keys[at - 1] === time && this.priorityAt(at - 1) > priority) {
      keys[at] = time
      order[at] = order[at - 1]!
      at--
    }
    return at
  }

  private priorityOf(record: number): number {
    return this.words[record * recordWords + word.head]! >> 24
  }

  /** A long list is of one instant, but for the last rungs: mostly in order as it is. */
  private sortLong(count: number): void {
    const { keys, order, times, after, words } = this
    let chunk = this.head(bottomList)
    let at = 0
    let isOneInstant = true
    let lowest = 127
    let highest = -128
    for (let left = count; left > 0; left -= chunkRecords) {
      const from = chunk * chunkRecords
      const until = from + (left < chunkRecords ? left : chunkRecords)
      for (let record = from; record < until; record++) {
        const time = times[record * 4]!
        const priority = words[record * recordWords + word.head]! >> 24
        if (priority < lowest) lowest = priority
        if (priority > highest) highest = priority
        keys[at] = time
        order[at] = record
        if (time !== keys[0]) isOneInstant = false
        at++
      }
      chunk = after[chunk]!
    }
    if (!isOneInstant) this.sortByInsertion()
    else if (lowest < highest) this.sortByPriority()
  }

  private sortByInsertion(): void {
    const { keys, order, last } = this
    for (let index = 1; index < last; index++) {
      const time = keys[index]!
      const record = order[index]!
      const priority = this.priorityOf(record)
      let at = index
      while (at > 0 && keys[at - 1]! >= time) {
        if (keys[at - 1] === time && this.priorityAt(at - 1) <= priority) break
        keys[at] = keys[at - 1]!
        order[at] = order[at - 1]!
        at--
      }
      keys[at] = time
      order[at] = record
    }
  }

  /** Counts the priorities of events of one instant and puts each where it belongs. */
  private sortByPriority(): void {
    const { order, last, words } = this
    const starts = new Int32Array(257)
    const rankOf = (record: number): number =>
      (words[record * recordWords + word.head]! >> 24) + 128
    const unsorted = order.slice(0, last)
    for (let index = 0; index < last; index++) {
      const rank = rankOf(unsorted[index]!) + 1
      starts[rank] = starts[rank]! + 1
    }
    for (let rank = 1; rank < 257; rank++) starts[rank] = starts[rank]! + starts[rank - 1]!
    for (let index = 0; index < last; index++) {
      const rank = rankOf(unsorted[index]!)
      const at = starts[rank]!
      starts[rank] = at + 1
      order[at] = unsorted[index]!
    }
  }

  /** Opens a gap for a record in a long run, behind all that is not later. */
  private openGap(time: number, priority: number): number {
    const { keys, order, first, last } = this
    const count = last - first
    let low = first
    let high = last
    // Mostly the place is near an end: what is due at once, or after all others of an instant.
    for (let step = 1; step < count; step *= 2) {
      if (!this.comesBefore(time, priority, last - step)) {
        low = last - step + 1
        high = last - (step >> 1)
        break
      }
      if (this.comesBefore(time, priority, first + step)) {
        low = first + (step >> 1)
        high = first + step
        break
      }
    }
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.comesBefore(time, priority, middle)) high = middle
      else low = middle + 1
    }
    if (first > 0 && low - first < last - low) {
      // The free place that the run grows over goes where one has just been taken.
      if (this.spare < first) order[--this.spare] = order[first - 1]!
      else this.spare = first - 1
      keys.copyWithin(first - 1, first, low)
      order.copyWithin(first - 1, first, low)
      this.first = first - 1
      return low - 1
    }
    if (low < last) {
      keys.copyWithin(low + 1, low, last)
      order.copyWithin(low + 1, low, last)
    }
    this.last = last + 1
    return low
  }

  private comesBefore(time: number, priority: number, at: number): boolean {
    const found = this.keys[at]!
    return time < found || (time === found && this.priorityAt(at) > priority)
  }

  /** Moves the run to the beginning of the columns, or widens them. */
  private makeRoom(): void {
    const { keys, order, spare, first, last } = this
    // The run and its free places are what is needed.
    if ((last - spare) * 2 > keys.length) {
      this.resize(keys.length * 2)
      return
    }
    for (let from = spare, to = 0; from < last; from++, to++) {
      keys[to] = keys[from]!
      order[to] = order[from]!
    }
    this.first = first - spare
    this.last = last - spare
    this.spare = 0
  }

  private resize(capacity: number): void {
    const { keys, order } = this
    this.keys = new Float64Array(capacity)
    this.keys.set(keys.subarray(0, this.last))
    this.order = new Int32Array(capacity)
    this.order.set(order.subarray(0, this.last))
  }
}
