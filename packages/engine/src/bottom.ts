import { chunkRecords, type Chunks, recordWords, word } from './chunks.ts'

const capacityMin = 128
/** In a longer run the place of an event is searched by steps that double, then by halves. */
const linearMax = 96
/** What is sorted by insertion; only events of one instant are ever more. */
const insertionMax = 64

/**
 * The earliest events of a queue, sorted by time and priority; equal ones in the order in which
 * they came. Times and places stand here in order; the records stay in their list.
 *
 * An event is inserted from the nearer end: one that is due at once does not pass all others.
 */
export class Bottom {
  /** Times in order, of which those from `first` to before `last` are pending. */
  keys = new Float64Array(capacityMin)
  /** The places of their records. */
  order = new Int32Array(capacityMin)
  first = 0
  last = 0
  private chunks: Chunks
  private list: number
  /** Places in the list whose records are gone. */
  private free = new Int32Array(capacityMin)
  private freeCount = 0

  constructor(chunks: Chunks, list: number) {
    this.chunks = chunks
    this.list = list
  }

  get bytes(): number {
    return this.keys.byteLength + this.order.byteLength + this.free.byteLength
  }

  /** Makes room for a record, to be filled in and then inserted. */
  place(): number {
    if (this.freeCount > 0) return this.free[--this.freeCount]!
    return this.chunks.append(this.list)
  }

  /** Takes the first record out; its place is used again. */
  shift(): void {
    this.free[this.freeCount++] = this.order[this.first++]!
  }

  /** Lets go of all records, and of the columns where they are large. */
  clear(): void {
    this.chunks.clear(this.list)
    this.first = 0
    this.last = 0
    this.freeCount = 0
    if (this.keys.length > 64 * capacityMin) this.resize(capacityMin)
  }

  insert(record: number): void {
    if (this.last === this.keys.length) this.makeRoom()
    const { keys, order, first, last } = this
    const time = this.chunks.times[record * 4]!
    const count = last - first
    let at: number
    if (count > linearMax) at = this.openGap(time, record)
    else if (first > 0 && count > 0 && time < keys[first + (count >> 1)]!) {
      // The event at the middle is later, so that the search ends there.
      at = first
      while (keys[at]! < time || (keys[at] === time && !this.isLater(at, record))) {
        keys[at - 1] = keys[at]!
        order[at - 1] = order[at]!
        at++
      }
      at--
      this.first = first - 1
    } else {
      at = last
      while (at > first && keys[at - 1]! >= time) {
        if (keys[at - 1] === time && !this.isLater(at - 1, record)) break
        keys[at] = keys[at - 1]!
        order[at] = order[at - 1]!
        at--
      }
      this.last = last + 1
    }
    keys[at] = time
    order[at] = record
  }

  /** Sorts the records that the list was given, so many; there were none before. */
  load(count: number): void {
    if (count > this.keys.length) this.resize(count + capacityMin)
    const { keys, order, chunks } = this
    const { times } = chunks
    let chunk = chunks.head(this.list)
    let at = 0
    let sorted = true
    for (let left = count; left > 0; left -= chunkRecords) {
      const from = chunk * chunkRecords
      const until = from + (left < chunkRecords ? left : chunkRecords)
      for (let record = from; record < until; record++) {
        const time = times[record * 4]!
        keys[at] = time
        order[at] = record
        if (at > 0 && keys[at - 1]! >= time) {
          sorted &&= keys[at - 1] === time && !this.isLater(at - 1, record)
        }
        at++
      }
      chunk = chunks.after[chunk]!
    }
    this.first = 0
    this.last = count
    this.freeCount = 0
    if (sorted) return
    if (count > insertionMax && this.isOneInstant()) this.sortByPriority()
    else this.sortByInsertion()
  }

  /** Whether the event at a place of the run has a later priority than a record. */
  private isLater(at: number, record: number): boolean {
    const { words } = this.chunks
    const there = words[this.order[at]! * recordWords + word.head]!
    return there >> 24 > words[record * recordWords + word.head]! >> 24
  }

  private isOneInstant(): boolean {
    const { keys, last } = this
    for (let index = 1; index < last; index++) if (keys[index] !== keys[0]) return false
    return true
  }

  private sortByInsertion(): void {
    const { keys, order, last } = this
    for (let index = 1; index < last; index++) {
      const time = keys[index]!
      const record = order[index]!
      let at = index
      while (at > 0 && keys[at - 1]! >= time) {
        if (keys[at - 1] === time && !this.isLater(at - 1, record)) break
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
    const { order, free, last } = this
    const { words } = this.chunks
    const starts = new Int32Array(257)
    const rankOf = (record: number): number =>
      (words[record * recordWords + word.head]! >> 24) + 128
    free.set(order.subarray(0, last))
    for (let index = 0; index < last; index++) {
      const rank = rankOf(free[index]!) + 1
      starts[rank] = starts[rank]! + 1
    }
    for (let rank = 1; rank < 257; rank++) starts[rank] = starts[rank]! + starts[rank - 1]!
    for (let index = 0; index < last; index++) {
      const rank = rankOf(free[index]!)
      const at = starts[rank]!
      starts[rank] = at + 1
      order[at] = free[index]!
    }
  }

  /** Opens a gap for a record in a long run, behind all that is not later. */
  private openGap(time: number, record: number): number {
    const { keys, order, first, last } = this
    const count = last - first
    let low = first
    let high = last
    // Mostly the place is near an end: what is due at once, or after all others of an instant.
    for (let step = 1; step < count; step *= 2) {
      if (!this.comesBefore(time, record, last - step)) {
        low = last - step + 1
        high = last - (step >> 1)
        break
      }
      if (this.comesBefore(time, record, first + step)) {
        low = first + (step >> 1)
        high = first + step
        break
      }
    }
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.comesBefore(time, record, middle)) high = middle
      else low = middle + 1
    }
    if (first > 0 && low - first < last - low) {
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

  private comesBefore(time: number, record: number, at: number): boolean {
    const found = this.keys[at]!
    return time < found || (time === found && this.isLater(at, record))
  }

  /** Moves the run to the beginning of the columns, or widens them. */
  private makeRoom(): void {
    const { keys, order, first, last } = this
    keys.copyWithin(0, first, last)
    order.copyWithin(0, first, last)
    this.first = 0
    this.last = last - first
    if (this.last * 2 > keys.length) this.resize(keys.length * 2)
  }

  private resize(capacity: number): void {
    const { keys, order, free } = this
    this.keys = new Float64Array(capacity)
    this.keys.set(keys.subarray(0, this.last))
    this.order = new Int32Array(capacity)
    this.order.set(order.subarray(0, this.last))
    this.free = new Int32Array(capacity)
    this.free.set(free.subarray(0, this.freeCount))
  }
}
