/** Bytes of a chunk, of which the first 32 tell which chunk follows. */
export const chunkBytes: usize = 2_048
export const eventBytes: usize = 32
const pageBytes: usize = 65_536
/** Where the memory begins that is handed out. */
const heapStart: usize = 32_768

/** An event that is pending, or the one that was taken last. */
@unmanaged
export class Event {
  time: f64
  /** Priority in the upper 8 bits, then 8 upper bits of the sequence, then the kind. */
  head: i32
  target: i32
  a: i32
  b: i32
  c: i32
  /** The lower 32 bits of the sequence. */
  low: i32
}

/** A chain of chunks that grows at its end. */
@unmanaged
export class List {
  /** The first chunk. */
  head: usize
  /** Where the next event goes; a multiple of the size of a chunk where there is no room. */
  next: usize
  count: i32
  unused: i32
}

/** Buckets of equal widths. */
@unmanaged
export class Rung {
  start: f64
  /** 1 / width of a bucket. */
  inverse: f64
  /** The first time of what was not opened; Infinity where all was. */
  floor: f64
  /** The number of its first list. */
  base: i32
  /** The last bucket. */
  final: i32
  /** The first bucket that was not opened. */
  current: i32
  /** How many events the rung was begun for. */
  count: i32
}
export const rungBytes: usize = 40
/** Every rung is at least eight times finer than the one above, and times have 53 bits. */
export const rungsMax: i32 = 20

/** All that is not a column. The caller looks at the first 64 bytes: see `src/wasmQueue.ts`. */
@unmanaged
export class State {
  /** The event taken last: the same columns as those of `Event`. */
  time: f64
  head: i32
  target: i32
  a: i32
  b: i32
  c: i32
  low: i32
  digestFirst: i32
  digestSecond: i32
  /** How many events there are, and how many of them are cancelled. */
  length: i32
  cancelled: i32
  /** The end of what is in use of the memory. */
  used: usize
  /** The next sequence is block · 65,536 + bit. */
  block: i32
  bit: i32
  unused: i32

  /** The first time of the top. */
  topStart: f64
  /** What was seen when a list was looked through last. */
  earliest: f64
  latest: f64
  /** Where events before all rungs go: the bottom or the front. */
  nearList: i32
  rungs: i32
  /** The last rung took less than half of the top: do not trust the samples again. */
  isMisled: i32
  sampled: i32

  lists: usize
  listsMax: i32
  freeChunk: usize

  /** The bottom: times in order, the places of their events, and how many fit. */
  times: usize
  events: usize
  capacity: i32
  first: i32
  last: i32
  /** From here to before `first`, places of events that are free. */
  spare: i32
  /** How many insertions a long bottom still bears. */
  patience: i32

  /** By block: where its bits are, 0 where all of its sequences are done, and how many are not. */
  blocks: usize
  blocksMax: i32
  freeBits: usize
}

export const stateAt: usize = 64
export const state = changetype<State>(stateAt)
/** Rungs, samples, cells and the cells of events: of fixed size. */
export const rungsAt: usize = 512
export const samplesAt: usize = 1_536
export const talliesAt: usize = 2_048
export const cellsAt: usize = 20_480

/** Tells the caller that the memory has grown, so that what it looks at has moved. */
@external('caller', 'grown')
declare function grown(): void
/** Throws: there is no more memory. */
@external('caller', 'exhausted')
declare function exhausted(): void

export function beginMemory(): void {
  state.used = heapStart
}

/** New memory of whole chunks, which is zero. */
export function allocate(bytes: usize): usize {
  const start = state.used
  const end = start + ((bytes + chunkBytes - 1) & ~(chunkBytes - 1))
  const size = <usize>memory.size() * pageBytes
  if (end > size || end < start) widen(end - size, size)
  state.used = end
  return start
}

/** By an eighth at least, or growing would be most of the work. */
function widen(missing: usize, size: usize): void {
  const least = <i32>((missing + pageBytes - 1) / pageBytes)
  const wanted = <i32>(size / pageBytes / 8)
  if (memory.grow(max(least, wanted)) < 0 && memory.grow(least) < 0) exhausted()
  grown()
}

/** Takes memory back, to be used as chunks. */
export function release(start: usize, bytes: usize): void {
  for (let at = start; at + chunkBytes <= start + bytes; at += chunkBytes) giveChunk(at)
}

export function giveChunk(chunk: usize): void {
  store<usize>(chunk, state.freeChunk)
  state.freeChunk = chunk
}

export function takeChunk(): usize {
  const chunk = state.freeChunk
  if (chunk === 0) return allocate(chunkBytes)
  state.freeChunk = load<usize>(chunk)
  return chunk
}
