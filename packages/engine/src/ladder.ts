import { Bottom } from './bottom.ts'
import { chunkRecords, Chunks, copyRecord, eachRecord } from './chunks.ts'
import type { Time } from './time.ts'

/** As many lists as the cache holds the ends of. */
const bucketsMax = 1_024
const bucketsMin = 16
/** Every rung is at least eight times finer than the one above, and times have 53 bits. */
const rungsMax = 20
/** How many events a bucket should hold. */
const bucketEvents = 8
/** A bucket of at most so many events is sorted as it is. */
const sortMax = 48
/** A bottom of more events than this is taken apart again. */
const bottomMax = 96
const samplesMax = 16
/** A ladder that was never longer than this keeps its memory. */
const shrinkMin = 4_096

/** The list of the far future; the buckets of the rungs come after the three. */
const topList = 0
export const bottomList = 1
/** What is due before all rungs, unsorted, after the bottom has become too long. */
const frontList = 2
const rungLists = 3

/**
 * Events in the order of time, priority and arrival: a ladder queue (Tang, Goh, Thng 2005) of
 * chunks in one buffer, with buckets few enough for the cache.
 *
 * The far future stands unsorted in the *top*. When it is due, it is spread over the buckets of a
 * *rung*; a bucket of many events is spread over a finer rung below; one of few becomes the
 * *bottom*, which is sorted. Few events are in the bottom from the beginning; when they become
 * many, they wait unsorted in the *front* until one is asked for. Every move keeps the order of
 * what it moves, and events of one time are always in one list, so that no comparison needs a
 * sequence.
 *
 * Widths of buckets are powers of two and times are integers, so the index of a bucket is exact.
 * The last bucket of a rung also takes what is later than the rung and not yet in one above it.
 */
export class Ladder {
  readonly chunks = new Chunks()
  readonly bottom = new Bottom(this.chunks, bottomList)
  /** How many records there are. */
  length = 0

  /** The first time of the top. */
  private topStart: Time = Number.POSITIVE_INFINITY
  /** Where events before all rungs go: the bottom or the front. */
  private nearList = bottomList
  private rungs = 0
  private starts = new Float64Array(rungsMax)
  /** 1 / width of the buckets of a rung. */
  private inverses = new Float64Array(rungsMax)
  private sizes = new Int32Array(rungsMax)
  /** The first bucket of a rung that was not opened. */
  private currents = new Int32Array(rungsMax)
  /** The list of the first bucket of a rung. */
  private bases = new Int32Array(rungsMax + 1).fill(rungLists)
  private counts = new Int32Array(rungsMax)

  /** What was seen when a list was looked through last. */
  private earliest: Time = 0
  private latest: Time = 0
  private samples = new Float64Array(samplesMax)
  private sampled = 0
  /** The last rung took less than half of the top: do not trust the samples again. */
  private isMisled = false
  private lengthMax = 0

  get bytes(): number {
    return this.chunks.bytes + this.bottom.bytes
  }

  /** The list for an event of this time, which is about to be added to it. */
  route(time: Time): number {
    if (time >= this.topStart) return topList
    const { starts, inverses, currents, rungs } = this
    for (let rung = 0; rung < rungs; rung++) {
      const place = (time - starts[rung]!) * inverses[rung]!
      if (place >= currents[rung]!) {
        const final = this.sizes[rung]! - 1
        this.counts[rung] = this.counts[rung]! + 1
        // Compared before it is made an integer of 32 bits, which far times would overflow.
        return this.bases[rung]! + (place >= final ? final : place | 0)
      }
    }
    return this.nearList
  }

  /** Puts a record of the bottom in its order. */
  insert(record: number): void {
    this.bottom.insert(record)
    if (this.bottom.last - this.bottom.first > bottomMax) this.foldBottom()
  }

  /** Fills the empty bottom with what is due next. False where nothing is pending. */
  refill(): boolean {
    this.bottom.clear()
    for (;;) {
      if (this.length > this.lengthMax) this.lengthMax = this.length
      if (this.nearList === frontList) {
        this.nearList = bottomList
        if (this.open(frontList)) return true
      } else if (this.rungs > 0) {
        if (this.openBucket()) return true
      } else if (this.chunks.count(topList) > 0) {
        if (this.openTop()) return true
      } else {
        this.topStart = Number.POSITIVE_INFINITY
        return false
      }
    }
  }

  /** Whether the memory is that of a peak of long ago. */
  isSparse(): boolean {
    return this.lengthMax > shrinkMin && this.length * 8 < this.lengthMax
  }

  /** Moves what is to be kept into memory of the right size. */
  rebuild(isKept: (words: Int32Array, record: number) => boolean): void {
    const { chunks, bottom } = this
    const { first, last } = bottom
    const order = bottom.order.slice(first, last)
    const old = chunks.release(this.length)
    this.length = 0
    const keep = (record: number): void => {
      if (!isKept(old.words, record)) return
      this.length++
      copyRecord(old, record, chunks, chunks.append(topList))
    }
    bottom.clear()
    for (const record of order) keep(record)
    // Events of one time are in one list, so that the order of the lists does not matter.
    for (let list = rungLists; list < this.bases[this.rungs]!; list++) eachRecord(old, list, keep)
    eachRecord(old, topList, keep)
    eachRecord(old, frontList, keep)
    this.rungs = 0
    this.nearList = bottomList
    this.topStart = Number.NEGATIVE_INFINITY
    this.lengthMax = this.length
  }

  /** Opens the top. True where it became the bottom, false where it was spread over a rung. */
  private openTop(): boolean {
    const { chunks } = this
    const count = chunks.count(topList)
    this.survey(topList, count)
    if (count <= sortMax || this.earliest === this.latest) {
      this.topStart = count <= sortMax ? Number.POSITIVE_INFINITY : this.latest + 1
      chunks.move(topList, bottomList)
      this.bottom.load(count)
      return true
    }
    const span = this.latest - this.earliest + 1
    this.startRung(count, this.isMisled ? span : Math.min(span, this.typicalSpan()))
    this.topStart = this.starts[0]! + this.sizes[0]! / this.inverses[0]!
    this.spreadList(topList, count)
    this.isMisled = chunks.count(topList) * 2 > count
    return false
  }

  /** Opens the next bucket of the lowest rung. True where it became the bottom. */
  private openBucket(): boolean {
    const { chunks } = this
    const rung = this.rungs - 1
    if (this.counts[rung] === 0) {
      this.rungs--
      return false
    }
    let list = this.bases[rung]! + this.currents[rung]!
    while (chunks.count(list) === 0) list++
    const count = chunks.count(list)
    this.currents[rung] = list - this.bases[rung]! + 1
    this.counts[rung] = this.counts[rung]! - count
    // A rung that is used up makes way, or sentinels of the far future would pile up rungs.
    if (this.counts[rung] === 0) this.rungs--
    return this.open(list)
  }

  /** Makes a list the bottom where it is short or of one time; spreads it over a rung otherwise. */
  private open(list: number): boolean {
    const { chunks } = this
    const count = chunks.count(list)
    // The lists of a rung that makes way are used again, and this may be one of them.
    chunks.move(list, bottomList)
    if (count > sortMax && this.rungs < rungsMax) {
      this.survey(bottomList, count)
      if (this.earliest < this.latest) {
        this.startRung(count, this.latest - this.earliest + 1)
        this.spreadList(bottomList, count)
        return false
      }
    }
    this.bottom.load(count)
    return true
  }

  /** Looks through a list: earliest and latest time, and some times of its whole length. */
  private survey(list: number, count: number): void {
    const { chunks, samples } = this
    const { times, after } = chunks
    const stride = Math.max(1, Math.ceil(count / chunkRecords / samplesMax))
    let earliest = Number.POSITIVE_INFINITY
    let latest = Number.NEGATIVE_INFINITY
    let chunk = chunks.head(list)
    let sampled = 0
    let seen = 0
    for (let left = count; left > 0; left -= chunkRecords) {
      const from = chunk * chunkRecords
      const until = from + (left < chunkRecords ? left : chunkRecords)
      for (let record = from; record < until; record++) {
        const time = times[record * 4]!
        if (time < earliest) earliest = time
        if (time > latest) latest = time
      }
      if (seen++ % stride === 0) samples[sampled++] = times[from * 4]!
      chunk = after[chunk]!
    }
    this.sampled = sampled
    this.earliest = earliest
    this.latest = latest
  }

  /** The span of most of a list: outliers would make the buckets of all others too wide. */
  private typicalSpan(): number {
    const sorted = this.samples.subarray(0, this.sampled).sort()
    const late = sorted[(this.sampled * 7) >> 3]!
    return late > this.earliest ? (late - this.earliest) * 1.5 + 1 : Number.POSITIVE_INFINITY
  }

  /** Begins a rung below the others for so many events, from the earliest that was seen. */
  private startRung(count: number, span: number): void {
    const rung = this.rungs++
    let size = bucketsMin
    while (size < bucketsMax && size * bucketEvents < count) size *= 2
    let width = 1
    while (width * size < span) width *= 2
    this.starts[rung] = this.earliest
    this.inverses[rung] = 1 / width
    this.sizes[rung] = size
    this.currents[rung] = 0
    this.counts[rung] = 0
    this.bases[rung + 1] = this.bases[rung]! + size
    this.chunks.reserveLists(this.bases[rung + 1]!)
  }

  /** Spreads the records of a list over the lowest rung; what is later stays in the top. */
  private spreadList(list: number, count: number): void {
    const { chunks, topStart } = this
    const rung = this.rungs - 1
    const base = this.bases[rung]!
    const start = this.starts[rung]!
    const inverse = this.inverses[rung]!
    const final = this.sizes[rung]! - 1
    // A chunk is given back when it was read: what is missing is one per bucket.
    chunks.reserve(final + 3)
    let chunk = chunks.head(list)
    chunks.detach(list)
    const { times } = chunks
    let taken = 0
    for (let left = count; left > 0; left -= chunkRecords) {
      const from = chunk * chunkRecords
      const until = from + (left < chunkRecords ? left : chunkRecords)
      for (let record = from; record < until; record++) {
        const time = times[record * 4]!
        let to = topList
        if (time < topStart) {
          const place = (time - start) * inverse
          to = base + (place >= final ? final : place | 0)
          taken++
        }
        copyRecord(chunks, record, chunks, chunks.append(to))
      }
      const next = chunks.after[chunk]!
      chunks.give(chunk)
      chunk = next
    }
    this.counts[rung] = taken
  }

  /** Takes a bottom apart that has grown long, unless all of it is at one time. */
  private foldBottom(): void {
    const { bottom, chunks } = this
    const { first, last, keys, order } = bottom
    if (keys[first] === keys[last - 1] || this.rungs === rungsMax) return
    let list = frontList
    if (this.rungs === 0 && this.topStart === Number.POSITIVE_INFINITY) {
      list = topList
      this.topStart = Number.NEGATIVE_INFINITY
    } else this.nearList = frontList
    for (let index = first; index < last; index++) {
      copyRecord(chunks, order[index]!, chunks, chunks.append(list))
    }
    bottom.clear()
  }
}
