import { Bottom, bottomList } from './bottom.ts'
import { chunkRecords, copyRecord, eachRecord, listWords, recordWords } from './chunks.ts'
import type { Time } from './time.ts'

/** As many lists as the cache holds the ends of. */
const bucketsMax = 1_024
const bucketsMin = 16
/** Every rung is at least eight times finer than the one above, and times have 53 bits. */
const rungsMax = 20
/** How many events a bucket should hold. */
const bucketEvents = 4
/** A bucket of at most so many events is sorted as it is. */
const sortMax = 48
/** A bottom of more events than this is taken apart again. */
const bottomMax = 96
/** A ladder that was never longer than this keeps its memory. */
const shrinkMin = 4_096

/** The list of the far future; the buckets of the rungs come after the three. */
const topList = 0
/** What is due before all rungs, unsorted, after the bottom has become too long. */
const frontList = 2
const rungLists = 3
const none = -1

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
export class Ladder extends Bottom {
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
  /** The first time of what was not opened of a rung; Infinity where all was. */
  private floors = new Float64Array(rungsMax)
  /** The first bucket of a rung that was not opened. */
  private currents = new Int32Array(rungsMax)
  /** How many events a rung was begun for. */
  private counts = new Int32Array(rungsMax)
  /** The list of the first bucket of a rung. */
  private bases = new Int32Array(rungsMax + 1).fill(rungLists)

  /** The last rung took less than half of the top: do not trust the samples again. */
  private isMisled = false
  private lengthMax = 0

  /** Makes room for an event, with its time written, and returns its place. */
  place(time: Time, priority: number): number {
    this.length++
    if (time >= this.topStart) return this.appendTime(topList, time)
    const { floors, rungs } = this
    for (let rung = 0; rung < rungs; rung++) {
      if (time >= floors[rung]!) {
        const place = (time - this.starts[rung]!) * this.inverses[rung]!
        const final = this.sizes[rung]! - 1
        // Compared before it is made an integer of 32 bits, which far times would overflow.
        return this.appendTime(this.bases[rung]! + (place >= final ? final : place | 0), time)
      }
    }
    return this.placeNear(time, priority)
  }

  private placeNear(time: Time, priority: number): number {
    if (this.last - this.first > bottomMax) this.foldBottom(time)
    const { nearList } = this
    if (nearList !== bottomList || time >= this.topStart) {
      return this.appendTime(nearList === bottomList ? topList : nearList, time)
    }
    const record = this.insert(time, priority)
    this.times[record * 4] = time
    return record
  }

  /** Fills the empty bottom with what is due next. False where nothing is pending. */
  refill(): boolean {
    this.clearBottom()
    for (;;) {
      if (this.length > this.lengthMax) this.lengthMax = this.length
      if (this.nearList === frontList) {
        this.nearList = bottomList
        if (this.open(frontList, 0, 0)) return true
      } else if (this.rungs > 0) {
        if (this.openBucket()) return true
      } else if (this.count(topList) > 0) {
        if (this.openTop()) return true
      } else {
        this.topStart = Number.POSITIVE_INFINITY
        return false
      }
    }
  }

  /** Adds a record behind all that were added so; no others were. */
  adopt(record: Int32Array): void {
    this.length++
    // Before the words are looked up: they may be others then.
    const at = this.append(topList) * recordWords
    this.words.set(record, at)
    this.topStart = Number.NEGATIVE_INFINITY
  }

  /** Whether the memory is that of a peak of long ago. */
  isSparse(): boolean {
    return this.lengthMax > shrinkMin && this.length * 8 < this.lengthMax
  }

  /** Moves what is to be kept into memory of the right size. */
  rebuild(isKept: (words: Int32Array, record: number) => boolean): void {
    const order = this.order.slice(this.first, this.last)
    const old = this.release(this.length)
    this.length = 0
    const keep = (record: number): void => {
      if (!isKept(old.words, record)) return
      this.length++
      copyRecord(old, record, this, this.append(topList))
    }
    this.clearBottom()
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
    const count = this.count(topList)
    this.survey(topList, count)
    if (count <= sortMax || this.earliest === this.latest) {
      this.topStart = count <= sortMax ? Number.POSITIVE_INFINITY : this.latest + 1
      this.move(topList, bottomList)
      this.loadBottom(count)
      return true
    }
    const span = this.latest - this.earliest + 1
    this.startRung(count, this.isMisled ? span : Math.min(span, this.typicalSpan()))
    this.topStart = this.starts[0]! + this.sizes[0]! / this.inverses[0]!
    this.spreadList(topList, count)
    this.isMisled = this.count(topList) * 2 > count
    return false
  }

  /** Opens the next bucket of the lowest rung. True where it became the bottom. */
  private openBucket(): boolean {
    const rung = this.rungs - 1
    const list = this.nextBucket(rung)
    if (list < 0) {
      this.rungs--
      return false
    }
    const bucket = list - this.bases[rung]!
    const width = 1 / this.inverses[rung]!
    const start = this.starts[rung]! + bucket * width
    const isFinal = bucket + 1 === this.sizes[rung]!
    this.currents[rung] = bucket + 1
    this.floors[rung] = isFinal ? Number.POSITIVE_INFINITY : start + width
    // The final bucket may reach further than its width; a crowded one may hold a single instant.
    const isUsual = !isFinal && this.count(list) * 4 < this.counts[rung]!
    return this.open(list, start, isUsual ? width : 0)
  }

  /** The first list of a rung, of those not opened, that is not empty; −1 where all are. */
  private nextBucket(rung: number): number {
    const { lists } = this
    const end = this.bases[rung + 1]!
    let list = this.bases[rung]! + this.currents[rung]!
    while (list < end && lists[list * listWords + 2] === 0) list++
    return list < end ? list : none
  }

  /**
   * Makes a list the bottom where it is short or of one time; spreads it over a rung otherwise.
   * Its times are from `start` on, within the span; where that is 0, they are looked through.
   */
  private open(list: number, start: Time, span: Time): boolean {
    const count = this.count(list)
    // The lists of a rung that makes way are used again, and this may be one of them.
    this.move(list, bottomList)
    if (count > sortMax && this.rungs < rungsMax) {
      // A rung that is used up makes way, or sentinels of the far future would pile up rungs.
      while (this.rungs > 0 && this.nextBucket(this.rungs - 1) < 0) this.rungs--
      if (span === 0) this.survey(bottomList, count)
      else {
        this.earliest = start
        this.latest = start + span - 1
      }
      if (this.earliest < this.latest) {
        this.startRung(count, this.latest - this.earliest + 1)
        this.spreadList(bottomList, count)
        return false
      }
    }
    this.loadBottom(count)
    return true
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
    this.counts[rung] = count
    this.floors[rung] = this.earliest
    this.bases[rung + 1] = this.bases[rung]! + size
    this.reserveLists(this.bases[rung + 1]!)
  }

  /** Spreads the records of a list over the lowest rung; what is later stays in the top. */
  private spreadList(list: number, count: number): void {
    const { topStart } = this
    const rung = this.rungs - 1
    const base = this.bases[rung]!
    const start = this.starts[rung]!
    const inverse = this.inverses[rung]!
    const final = this.sizes[rung]! - 1
    // A chunk is given back when it was read: what is missing is one per bucket.
    this.reserve(final + 3)
    let chunk = this.head(list)
    this.detach(list)
    // Locals, and the append written out: this loop moves every event.
    const { times, pairs, lists } = this
    for (let left = count; left > 0; left -= chunkRecords) {
      const from = chunk * chunkRecords
      const until = from + (left < chunkRecords ? left : chunkRecords)
      for (let record = from; record < until; record++) {
        const time = times[record * 4]!
        let to = topList
        if (time < topStart) {
          const place = (time - start) * inverse
          to = base + (place >= final ? final : place | 0)
        }
        const at = to * listWords
        let moved = lists[at + 1]!
        if ((moved & (chunkRecords - 1)) === 0) moved = this.extend(at, moved)
        lists[at + 1] = moved + 1
        lists[at + 2] = lists[at + 2]! + 1
        const here = record * 4
        const there = moved * 4
        pairs[there] = pairs[here]!
        pairs[there + 1] = pairs[here + 1]!
        pairs[there + 2] = pairs[here + 2]!
        pairs[there + 3] = pairs[here + 3]!
      }
      const next = this.after[chunk]!
      this.give(chunk)
      chunk = next
    }
  }

  /** Takes a bottom apart that has grown long, unless all of it is at one time. */
  private foldBottom(time: Time): void {
    const { first, last, keys, order } = this
    if ((keys[first] === time && keys[last - 1] === time) || this.rungs === rungsMax) return
    let list = frontList
    if (this.rungs === 0 && this.topStart === Number.POSITIVE_INFINITY) {
      list = topList
      this.topStart = Number.NEGATIVE_INFINITY
    } else this.nearList = frontList
    for (let index = first; index < last; index++) {
      this.moveRecord(order[index]!, this.append(list))
    }
    this.clearBottom()
  }
}
