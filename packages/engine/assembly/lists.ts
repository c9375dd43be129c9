import {
  allocate,
  chunkBytes,
  Event,
  eventBytes,
  giveChunk,
  List,
  release,
  samplesAt,
  state,
  takeChunk,
} from './memory'

/** The list of the far future. */
export const topList: i32 = 0
/** The list that the events of the bottom are in. */
export const bottomList: i32 = 1
/** What is due before all rungs, unsorted, after the bottom has become too long. */
export const frontList: i32 = 2
/** What is kept while lists are gone through. */
export const keptList: i32 = 3
/** The first list of the first rung. */
export const rungLists: i32 = 4
const listBytes: usize = 16
const samplesMax: i32 = 16
export const eventsPerChunk: i32 = <i32>(chunkBytes / eventBytes) - 1

export function list(number: i32): List {
  return changetype<List>(state.lists + ((<usize>number) << 4))
}

export function beginLists(): void {
  state.listsMax = 64
  state.lists = allocate(64 * listBytes)
}

export function reserveLists(count: i32): void {
  if (count <= state.listsMax) return
  let most = state.listsMax
  while (most < count) most *= 2
  const old = state.lists
  const oldBytes = <usize>state.listsMax * listBytes
  const lists = allocate(<usize>most * listBytes)
  memory.copy(lists, old, oldBytes)
  state.lists = lists
  state.listsMax = most
  release(old, oldBytes)
}

/** Makes room for an event at the end of a list and returns its place. */
@inline
export function append(to: List): usize {
  let place = to.next
  if ((place & (chunkBytes - 1)) === 0) place = extend(to, place)
  to.next = place + eventBytes
  to.count += 1
  return place
}

function extend(to: List, place: usize): usize {
  const chunk = takeChunk()
  if (to.count === 0) to.head = chunk
  else store<usize>(place - chunkBytes, chunk)
  return chunk + eventBytes
}

/** The chunk after one. */
export function chunkAfter(chunk: usize): usize {
  return load<usize>(chunk)
}

/** The end of the events in a chunk, of a list with so many left. */
export function endOf(chunk: usize, left: i32): usize {
  return chunk + eventBytes + (<usize>min(left, eventsPerChunk) << 5)
}

@inline
export function copyEvent(from: usize, to: usize): void {
  const one = v128.load(from)
  const two = v128.load(from, 16)
  v128.store(to, one)
  v128.store(to, two, 16)
}

/** Empties a list; the chunks that it had are the caller's. */
export function detach(from: List): void {
  from.next = 0
  from.count = 0
}

/** Makes the events of one list those of another, which is empty. */
export function move(from: List, to: List): void {
  to.head = from.head
  to.next = from.next
  to.count = from.count
  detach(from)
}

/** Empties a list and takes its chunks back. */
export function clear(from: List): void {
  if (from.count === 0) return
  // The last event is in the last chunk.
  const last = (from.next - eventBytes) & ~(chunkBytes - 1)
  store<usize>(last, state.freeChunk)
  state.freeChunk = from.head
  detach(from)
}

/** Looks through a list: earliest and latest time, and some times of its whole length. */
export function survey(from: List): void {
  let left = from.count
  const stride = max(1, (left + eventsPerChunk * samplesMax - 1) / (eventsPerChunk * samplesMax))
  let earliest = f64.MAX_VALUE
  let latest = -f64.MAX_VALUE
  let chunk = from.head
  let sampled = 0
  let seen = 0
  for (; left > 0; left -= eventsPerChunk) {
    const end = endOf(chunk, left)
    for (let at = chunk + eventBytes; at < end; at += eventBytes) {
      const time = changetype<Event>(at).time
      if (time < earliest) earliest = time
      if (time > latest) latest = time
    }
    if (seen++ % stride === 0 && sampled < samplesMax) {
      addSample(changetype<Event>(chunk + eventBytes).time, sampled++)
    }
    chunk = chunkAfter(chunk)
  }
  state.sampled = sampled
  state.earliest = earliest
  state.latest = latest
}

/** Puts a time among those sampled before, which are in order. */
function addSample(time: f64, sampled: i32): void {
  let at = samplesAt + (<usize>sampled << 3)
  while (at > samplesAt && load<f64>(at - 8) > time) {
    store<f64>(at, load<f64>(at - 8))
    at -= 8
  }
  store<f64>(at, time)
}

/** The span of most of a list: outliers would make the buckets of all others too wide. */
export function typicalSpan(): f64 {
  const late = load<f64>(samplesAt + (<usize>((state.sampled * 7) >> 3) << 3))
  return late > state.earliest ? (late - state.earliest) * 1.5 + 1 : Infinity
}
