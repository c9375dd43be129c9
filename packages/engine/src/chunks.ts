import { BaseError } from './errors.ts'

const chunkShift = 4
/** Records in a chunk. */
export const chunkRecords = 1 << chunkShift
/** Words of 32 bits in a record. */
export const recordWords = 8
/** Where in a record what stands; its first two words are the time. */
export const word = { head: 2, target: 3, a: 4, b: 5, c: 6, sequence: 7 } as const
/** Integers per list: its first chunk, the place of its next record, its count, and one unused. */
export const listWords = 4
const listsMin = 64
const chunksMin = 64
const samplesMax = 16
/** The places of words, 128 in a chunk, are integers of 31 bits. */
const chunksMax = 16_777_216
const none = -1

/** The columns of a store, when it lets go of them. */
export type ReleasedChunks = Pick<Chunks, 'times' | 'words' | 'lists' | 'after'>

/**
 * Records of 32 bytes in lists that grow at their end only. A list is a chain of chunks of 16
 * records: what is appended to a thousand lists stays in the cache, what is read from one is read
 * in a row. A chunk that is given back is the next to be used, while it is still in the cache.
 */
export class Chunks {
  /** The time of record r is at 4 r, the other words of it at 8 r + 2 … 8 r + 7. */
  times!: Float64Array
  words!: Int32Array
  /** Half of two words at a time, to copy: bits that are no number survive it. */
  protected pairs!: BigInt64Array
  lists!: Int32Array
  /** The chunk that follows a chunk in its list. */
  after!: Int32Array
  /** What was seen when a list was looked through last. */
  protected earliest = 0
  protected latest = 0
  private samples = new Float64Array(samplesMax)
  private sampled = 0
  private freeHead = none
  private freeCount = 0
  private used = 0

  constructor() {
    this.allocate(chunksMin)
  }

  /** The memory that the columns take. */
  protected get storeBytes(): number {
    return this.words.byteLength + this.after.byteLength + this.lists.byteLength
  }

  count(list: number): number {
    return this.lists[list * listWords + 2]!
  }

  /** The first chunk of a list that is not empty. */
  head(list: number): number {
    return this.lists[list * listWords]!
  }

  /** Makes room for a record at the end of a list and returns its place. */
  append(list: number): number {
    const { lists } = this
    const at = list * listWords
    let record = lists[at + 1]!
    if ((record & (chunkRecords - 1)) === 0) record = this.extend(at, record)
    lists[at + 1] = record + 1
    lists[at + 2] = lists[at + 2]! + 1
    return record
  }

  /** Appends a record of which only the time is written. */
  protected appendTime(list: number, time: number): number {
    const record = this.append(list)
    this.times[record * 4] = time
    return record
  }

  /** Copies a record to another place. */
  moveRecord(from: number, to: number): void {
    const { pairs } = this
    const here = from * 4
    const there = to * 4
    pairs[there] = pairs[here]!
    pairs[there + 1] = pairs[here + 1]!
    pairs[there + 2] = pairs[here + 2]!
    pairs[there + 3] = pairs[here + 3]!
  }

  /** Empties a list; the chunks that it had are the caller's. */
  detach(list: number): void {
    this.lists[list * listWords + 1] = 0
    this.lists[list * listWords + 2] = 0
  }

  /** Makes the records of one list those of another, which is empty. */
  move(from: number, to: number): void {
    const { lists } = this
    const source = from * listWords
    const target = to * listWords
    lists[target] = lists[source]!
    lists[target + 1] = lists[source + 1]!
    lists[target + 2] = lists[source + 2]!
    this.detach(from)
  }

  /** Looks through a list: earliest and latest time, and some times of its whole length. */
  protected survey(list: number, count: number): void {
    const { samples, times, after } = this
    const stride = Math.max(1, Math.ceil(count / chunkRecords / samplesMax))
    let earliest = Number.POSITIVE_INFINITY
    let latest = Number.NEGATIVE_INFINITY
    let chunk = this.head(list)
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
  protected typicalSpan(): number {
    const sorted = this.samples.subarray(0, this.sampled).sort()
    const late = sorted[(this.sampled * 7) >> 3]!
    return late > this.earliest ? (late - this.earliest) * 1.5 + 1 : Number.POSITIVE_INFINITY
  }

  /** Takes a chunk back. */
  give(chunk: number): void {
    this.after[chunk] = this.freeHead
    this.freeHead = chunk
    this.freeCount++
  }

  /** Empties a list and takes its chunks back. */
  clear(list: number): void {
    const at = list * listWords
    const count = this.lists[at + 2]!
    if (count === 0) return
    const last = (this.lists[at + 1]! - 1) >> chunkShift
    this.after[last] = this.freeHead
    this.freeHead = this.lists[at]!
    this.freeCount += (count + chunkRecords - 1) >> chunkShift
    this.detach(list)
  }

  /** Makes sure that so many chunks can be taken before the columns must grow. */
  reserve(chunks: number): void {
    const room = this.freeCount + this.after.length - this.used
    if (room < chunks) this.grow(this.after.length + chunks - room)
  }

  reserveLists(count: number): void {
    if (count * listWords <= this.lists.length) return
    const wider = new Int32Array(count * listWords)
    wider.set(this.lists)
    this.lists = wider
  }

  /** Starts anew with room for so many records, and hands out what there was. */
  release(records: number): ReleasedChunks {
    const { times, words, lists, after } = this
    this.freeHead = none
    this.freeCount = 0
    this.used = 0
    this.allocate(Math.max(chunksMin, (records >> chunkShift) + 2))
    return { times, words, lists, after }
  }

  protected extend(at: number, record: number): number {
    const chunk = this.takeChunk()
    if (this.lists[at + 2] === 0) this.lists[at] = chunk
    else this.after[(record >> chunkShift) - 1] = chunk
    return chunk << chunkShift
  }

  private takeChunk(): number {
    const chunk = this.freeHead
    if (chunk !== none) {
      this.freeHead = this.after[chunk]!
      this.freeCount--
      return chunk
    }
    if (this.used === this.after.length) this.grow(this.used + 1)
    return this.used++
  }

  /** Doubles the columns, or adds an eighth where they are large: memory counts then. */
  private grow(least: number): void {
    const { words, after } = this
    const now = after.length
    this.widen(Math.max(least, now + (now >> (now > 4_096 ? 3 : 0))))
    this.words.set(words)
    this.after.set(after)
  }

  private allocate(chunks: number): void {
    this.lists = new Int32Array(listsMin * listWords)
    this.widen(chunks)
  }

  private widen(chunks: number): void {
    if (chunks > chunksMax) {
      throw new BaseError(`More than ${chunksMax * chunkRecords} events would be pending.`)
    }
    const buffer = new ArrayBuffer(chunks * chunkRecords * recordWords * 4)
    this.times = new Float64Array(buffer)
    this.words = new Int32Array(buffer)
    this.pairs = new BigInt64Array(buffer)
    this.after = new Int32Array(chunks)
  }
}

/** Visits the records of a list in their order. */
export function eachRecord(
  { lists, after }: ReleasedChunks,
  list: number,
  visit: (record: number) => void,
): void {
  let chunk = lists[list * listWords]!
  for (let left = lists[list * listWords + 2]!; left > 0; left -= chunkRecords) {
    const from = chunk * chunkRecords
    const until = from + Math.min(left, chunkRecords)
    for (let record = from; record < until; record++) visit(record)
    chunk = after[chunk]!
  }
}

type Columns = Pick<Chunks, 'times' | 'words'>

/** Word by word: bits that are no number would not survive a Float64Array. */
export function copyRecord(source: Columns, from: number, target: Columns, to: number): void {
  target.times[to * 4] = source.times[from * 4]!
  const old = source.words
  const { words } = target
  const here = from * recordWords
  const there = to * recordWords
  words[there + word.head] = old[here + word.head]!
  words[there + word.target] = old[here + word.target]!
  words[there + word.a] = old[here + word.a]!
  words[there + word.b] = old[here + word.b]!
  words[there + word.c] = old[here + word.c]!
  words[there + word.sequence] = old[here + word.sequence]!
}
